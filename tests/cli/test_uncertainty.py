"""`station uncertainty`: the budget of a row, from the record or on paper, for people and for programs."""

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from station.cli.app import app
from station.cli.home import make, read
from station.core.errors import UsageError
from station.store.archive import Archive
from station.store.shelves import Wanted
from tests.world.world import world


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose store holds one simulated run."""
    folder = tmp_path_factory.mktemp("tested")
    with world(folder, seed=3, documents=False) as made:
        made.test({1: "SN1"})
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


def ask(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["uncertainty", *words, "--home", str(home)])


def budget(home: Path, *words: str) -> dict[str, object]:
    result = ask(home, *words, "-o", "json")
    assert 0 == result.exit_code, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_the_budget_of_the_newest_record_is_that_of_the_value_on_record(tested: Path) -> None:
    found = budget(tested, "CUR.310")

    archive = Archive(read(tested).config.store)
    (line,) = archive.runs(Wanted(serial="SN1"))
    record = archive.record(line.run_id)
    measured = next(one.measured for one in record.rows if one.row.id == "CUR.310")
    assert measured is not None
    assert ("record", line.run_id, "SN1", True) == (found["whence"], found["run_id"], found["serial"], found["simulated"])
    assert (measured.value, measured.u, measured.budget) == (found["value"], found["u"], found["budget"])
    assert len(measured.parts) == len(found["parts"])  # type: ignore[arg-type]  # a list, as JSON says


@pytest.mark.parametrize("row", ["CUR.310", "CUR.340", "WAV.010", "WAV.050", "TIM.010", "LEK.010", "CUR.320", "BAT.010"])
def test_the_components_of_a_record_give_its_u(tested: Path, row: str) -> None:
    found = budget(tested, row, "--serial", "SN1")

    parts = found["parts"]
    assert isinstance(parts, list)
    assert found["u"] == pytest.approx(math.sqrt(math.fsum(part["u"] ** 2 for part in parts)))
    assert 1.0 == pytest.approx(math.fsum(part["share"] for part in parts))
    assert found["adds_up"] is True
    assert all(part.get("source") for part in parts), parts


def test_a_run_is_named_by_its_id(tested: Path) -> None:
    newest = budget(tested, "CUR.310")

    named = budget(tested, "CUR.310", "--run", str(newest["run_id"]))

    assert newest == named


def test_without_a_record_the_budget_is_that_of_a_nominal_unit_on_paper(fresh: Path) -> None:
    found = budget(fresh, "CUR.310")

    assert ("paper", "") == (found["whence"], found["run_id"])
    assert 4e-4 == pytest.approx(found["value"])
    sources = {part["name"]: part["source"] for part in found["parts"]}  # type: ignore[attr-defined]  # a list, as JSON says
    assert "SIM-SR-1000500" in sources["sense resistor"]
    assert sources["scatter"].startswith("expected, not measured")


def test_people_see_head_components_and_what_it_comes_to(fresh: Path) -> None:
    result = ask(fresh, "CUR.310", "-o", "plain")

    assert 0 == result.exit_code
    lines = result.stdout.splitlines()
    assert lines[0] == "CUR.310 Peak current L3 (L3, 500 Ω): 400 µA"
    assert lines[1].startswith("on paper: no run on record measured it")
    assert lines[3].split() == [
        "component",
        "value",
        "±",
        "distribution",
        "divisor",
        "sensitivity",
        "u_i",
        "share",
        "dof",
        "source",
    ]
    assert any(line.startswith("sense resistor") and "20 mΩ" in line and "normal" in line for line in lines)
    assert any(line.startswith("U = ") and "(k = 2)" in line for line in lines)
    assert any(line.startswith("u_max = 0.2 µA, of which ") for line in lines)
    assert "decision rule guarded r=1 both: guard band 0.4 µA, from u_max and not from this u" in lines


def test_a_table_shows_the_same(fresh: Path) -> None:
    result = ask(fresh, "TIM.010", "-o", "rich")

    assert 0 == result.exit_code
    assert "fixture timer" in result.stdout
    assert "┃ component" in result.stdout
    assert "guard band 0.3 s" in result.stdout


def test_one_sided_rows_say_how_far_the_limit_is_and_simple_ones_that_there_is_no_guard_band(fresh: Path) -> None:
    file = fresh / "limits" / "mc100-b.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('u_max = 0.1, rule = "guarded", method', "u_max = 0.1, method"), "utf-8"
    )

    assert "distance to the limit / U = " in ask(fresh, "CON.020", "-o", "plain").stdout
    assert "decision rule simple: no guard band" in ask(fresh, "CUR.330", "-o", "plain").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("CUR.31",), "CUR.31 is not a row of MC-100 revision B; did you mean"),
        (("nothing like it",), "`station limits show` lists the rows"),
        (("ID.010",), "ID.010 takes a flag"),
        (("TIM.040",), "TIM.040 takes a count"),
        (("CUR.310", "--serial", "SN9"), "no run of SN9 on record measured CUR.310"),
        (("CUR.310", "--run", "019aab3c-1f00-7000-8000-000000000001"), "no run is on record yet"),
        (("CUR.310", "--run", "x", "--serial", "y"), "leave one out"),
    ],
)
def test_what_cannot_be_shown_is_said_and_nothing_is_made_up(fresh: Path, words: tuple[str, ...], said: str) -> None:
    result = ask(fresh, *words)

    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)
    assert "" == result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("CUR.310", "--run", "rubbish"), "--run rubbish"),
        (("CUR.310", "--run", "019aab3c-1f00-7000-8000-000000000001"), "--run 019aab3c"),
    ],
)
def test_a_run_that_is_not_on_record_is_said(tested: Path, words: tuple[str, ...], said: str) -> None:
    result = ask(tested, *words)

    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_a_row_of_a_run_that_has_no_uncertainty_is_said(tested: Path) -> None:
    run_id = str(budget(tested, "CUR.310")["run_id"])

    result = ask(tested, "ID.010", "--run", run_id)

    assert isinstance(result.exception, UsageError)
    assert "gave ID.010 no value with an uncertainty" in str(result.exception)
