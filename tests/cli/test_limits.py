"""The commands about limit files as a quality engineer and a program meet them."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from station.cli.app import app
from station.cli.home import make, read
from station.core.errors import StationError, UsageError
from station.core.events import Event, Measured, RunStarted, as_row
from station.core.limit_file import parse
from station.core.problems import DocumentError
from tests.corpus.making import RELEASED
from tests.store.stories import at_work, ids, keep, story

DIGEST = parse(RELEASED, "f").digest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path)
    (tmp_path / "limits" / "mc100-b.toml").write_bytes(RELEASED)
    return tmp_path


@pytest.fixture
def file(home: Path) -> Path:
    return home / "limits" / "mc100-b.toml"


def invoke(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def edited(file: Path, old: str, new: str, name: str = "b.toml") -> Path:
    text = file.read_text(encoding="utf-8")
    assert old in text
    target = file.with_name(name)
    target.write_text(text.replace(old, new), encoding="utf-8")
    return target


def told(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_check_says_of_a_file_of_tomorrow_when_it_takes_effect(file: Path) -> None:
    tomorrow = (datetime.now(UTC).astimezone() + timedelta(days=1)).date()
    text = file.read_text(encoding="utf-8").replace("effective = 2026-11-22", f"effective = {tomorrow}")
    file.write_text(text.replace(DIGEST, parse(text, "f").digest), encoding="utf-8")

    result = invoke("limits", "check", file)

    assert 0 == result.exit_code
    assert f"NOT RELEASED: it takes effect on {tomorrow}, and it is" in result.stdout


def test_diff_of_two_layouts_is_the_same_content_and_exits_0(file: Path) -> None:
    other = edited(file, "low = 90, high = 110", "low = 90.0, high = 110.0")

    result = invoke("limits", "diff", file, other)

    assert 0 == result.exit_code
    assert f"same content: {DIGEST}\n" == result.stdout


def test_diff_says_what_changed_by_how_much_and_exits_1(file: Path) -> None:
    other = edited(file, "low = 368, high = 432", "low = 368, high = 440")

    result = invoke("limits", "diff", file, other, "-o", "plain")

    assert 1 == result.exit_code
    assert "!!! CUR.310 IS A SAFETY ROW AND ITS HIGH WAS 432 µA AND IS 440 µA" in result.stdout
    assert "    high: 432 µA → 440 µA  (loosened by 12.5 % of the tolerance, 20 u_max)" in result.stdout
    assert "    accepted high: 431.2 µA → 439.2 µA  (loosened by 12.5 % of the tolerance, 20 u_max)" in result.stdout


def test_diff_names_rows_that_came_and_went_and_what_was_said_of_the_head(file: Path) -> None:
    other = edited(file, '"BAT.010"', '"BAT.015"')
    other.write_text(other.read_text(encoding="utf-8").replace('revision = "A"', 'revision = "B"'), encoding="utf-8")

    lines = invoke("limits", "diff", file, other).stdout.splitlines()

    assert "revision: A → B" in lines
    assert "+ BAT.015 Battery open-circuit voltage (off): 3.65 … 4 V, accepted 3.65 … 4" in lines
    assert "- BAT.010 Battery open-circuit voltage (off): 3.65 … 4 V, accepted 3.65 … 4" in lines


def test_diff_for_programs_is_one_object_a_line(file: Path) -> None:
    other = edited(file, 'safety = "both", method = "fixture timer"', 'safety = "high", method = "fixture timer"')

    result = invoke("limits", "diff", file, other, "-o", "json")

    assert 1 == result.exit_code
    *changes, summary = told(result)
    assert {"TIM.010"} == {one["row"] for one in changes}
    assert ["safety", "rule", "accepted low"] == [one["key"] for one in changes]
    assert [False, "Compared"] == [summary["same"], summary["kind"]]
    assert "TIM.010 SAFETY WAS BOTH AND IS HIGH" in str(summary["warnings"])


def test_diff_of_a_bad_file_exits_2_with_its_faults(file: Path) -> None:
    other = edited(file, "low = 90, high = 110", "high = 110")

    result = invoke("limits", "diff", file, other)

    assert isinstance(result.exception, DocumentError)
    assert "is left out" in str(result.exception)


def test_approve_releases_a_file_in_review(file: Path) -> None:
    other = edited(edited(file, "low = 90, high = 110", "low = 91, high = 110"), '"released"', '"review"')

    result = invoke("limits", "approve", other, "--by", "Eva", "--role", "quality")

    assert 0 == result.exit_code
    assert "MC-100 revision A is approved by Eva (quality), sha256:" in result.stdout
    assert "  released\n" in result.stdout
    assert parse(other.read_bytes(), "f").unreleased is None
    assert invoke("limits", "check", other).stdout.endswith("  released\n")


def test_approve_by_another_role_says_that_it_releases_nothing(file: Path) -> None:
    other = edited(file, '"released"', '"review"')

    result = invoke("limits", "approve", other, "--by", "Tom", "--role", "technician")

    assert "NOT RELEASED: its status is review; only the approval of quality releases it" in result.stdout


def test_approve_of_other_content_than_was_looked_at_changes_nothing(file: Path) -> None:
    other = edited(edited(file, "low = 90, high = 110", "low = 91, high = 110"), '"released"', '"review"')
    before = other.read_bytes()

    result = invoke("limits", "approve", other, "--by", "Eva", "--role", "quality", "--digest", DIGEST)

    assert isinstance(result.exception, UsageError)
    assert "is no longer what you looked at" in str(result.exception)
    assert before == other.read_bytes()


def test_approve_where_nothing_can_be_written_is_a_station_error(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("station.cli.limits_approve.write_whole", full)

    result = invoke("limits", "approve", file, "--by", "Eva", "--role", "quality")

    assert isinstance(result.exception, StationError)
    assert "cannot be written: No space left on device. Nothing was approved" in str(result.exception)


def test_risk_of_a_row_and_a_process_given_is_a_line_in_the_rows_unit(file: Path) -> None:
    result = invoke("limits", "risk", file, "CUR.310", "--mean", "400", "--sd", "16", "-o", "plain")

    assert 0 == result.exit_code
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("CUR.310")]
    for said in ("368 … 431.2", "given", "40", "2.28 %", "50 %"):
        assert said in line


def test_risk_for_programs_is_in_the_rows_unit(file: Path) -> None:
    (risk,) = told(invoke("limits", "risk", file, "CUR.310", "--mean", "400", "--sd", "16", "--u", "0.2", "-o", "json"))

    assert (368.0, 431.2, 0.2, 400.0, 16.0) == (risk["low"], risk["accept_high"], risk["u"], risk["mean"], risk["sd"])
    assert 80.0 == pytest.approx(risk["tur"])
    assert 3.167124183312e-05 == pytest.approx(risk["at_high"])  # four standard uncertainties away
    assert 0.9545 == pytest.approx(risk["conforming"], abs=1e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("CUR.310", "--mean", "400"), "give --mean and --sd together"),
        (("--mean", "400", "--sd", "1"), "--mean, --sd and --u are those of one row"),
        (("--u", "1"), "those of one row"),
        (("CUR.999",), "CUR.999 is no row of"),
        (("TIM.040",), "TIM.040 is a count: it has no uncertainty"),
        (("CUR.310", "--mean", "400", "--sd", "0"), "--sd 0 is no spread"),
        (("CUR.310", "--mean", "400", "--sd", "nan"), "--sd nan is no spread"),
        (("CUR.310", "--mean", "400", "--sd", "inf"), "--sd inf is no spread"),
        (("CUR.310", "--mean", "nan", "--sd", "1"), "--mean nan is no mean. Give a number, in the unit of the row"),
        (("CUR.310", "--mean", "400", "--sd", "1", "--u", "-1"), "an uncertainty of at least 0"),
        (("CUR.310", "--mean", "400", "--sd", "1", "--u", "0.5"), "worse than the u_max of CUR.310 is INCONCLUSIVE"),
    ],
)
def test_a_wrong_question_about_risk_says_how_to_ask(file: Path, words: tuple[str, ...], said: str) -> None:
    result = invoke("limits", "risk", file, *words)

    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_risk_of_all_rows_without_records_says_what_is_missing(home: Path, file: Path) -> None:
    result = invoke("limits", "risk", file, "--home", home, "-o", "json")

    assert 30 == len(told(result))  # of 34: a flag, a text and two counts have no risk of this kind
    assert "no real production run of MC-100 is on record" in result.stderr


def kept(home: Path, *stories: list[Event]) -> None:
    """Keep runs whose rows are those of the released file that the stories know: CUR.310, CUR.311 and WAV.010."""
    path = read(home).config.store
    path.parent.mkdir(parents=True, exist_ok=True)
    with at_work(path) as journal:
        for one in stories:
            keep(journal, one)


def measured(number: int, serial: str, amps: float, fails: str = "", **changed: object) -> list[Event]:
    limits = parse(RELEASED, "f").limits
    rows = [as_row(limits[row_id]) for row_id in ("CUR.310", "CUR.311")]
    events = story(ids(number).new(), serial, fails=fails, struck="", **changed)

    def edit(event: Event) -> Event:
        if isinstance(event, RunStarted):
            return replace(event, rows=(*rows, *event.rows[2:]))
        if isinstance(event, Measured) and event.id.startswith("CUR"):
            return replace(event, value=amps, u=3e-7)
        return event

    return [edit(event) for event in events]


def test_risk_takes_the_process_from_the_records_real_and_simulated_apart(home: Path, file: Path) -> None:
    kept(home, *(measured(n, f"SN{n}", amps) for n, amps in enumerate((390e-6, 400e-6, 410e-6))),
         measured(9, "SN9", 420e-6, simulated=True))  # fmt: skip

    real = {one["row"]: one for one in told(invoke("limits", "risk", file, "--home", home, "-o", "json"))}
    plain = invoke("limits", "risk", file, "CUR.310", "--home", home, "--simulated", "-o", "plain").stdout

    assert [3, pytest.approx(400.0), pytest.approx(10.0)] == [real["CUR.310"][key] for key in ("units", "mean", "sd")]
    assert 0 < float(str(real["CUR.310"]["producer"])) < 1
    assert "producer" not in real["CUR.320"]
    assert "1 of a row's units are few" in plain


def test_rejudge_names_rows_units_and_yields_and_writes_nothing(home: Path, file: Path) -> None:
    kept(home, *(measured(n, f"SN{n}", amps) for n, amps in enumerate((390e-6, 400e-6, 410e-6))))
    store = read(home).config.store
    before = store.read_bytes()
    other = edited(file, "nominal = 399.8, low = 368, high = 432", "nominal = 399.8, low = 368, high = 409")

    result = invoke("limits", "rejudge", other, "--since", "2026-11-01", "--home", home)

    assert 0 == result.exit_code
    for said in (
        "3 production runs since 2026-11-01, judged again", "CUR.311 Peak current L3: of 3 judged 3 passed, 2 pass",
        "PASS → FAIL  1: SN2", "SN2  2026-11-02T08:00:00Z  PASS → FAIL  by CUR.311", "before  100.0%  (3 of 3 units)",
        "after    66.7%  (2 of 3 units)", "WAV.010: never; its unit was A and is Hz (3 runs)",
        "rows that are judged no longer: UID.010, LED.010",
    ):  # fmt: skip
        assert said in result.stdout, result.stdout
    assert before == store.read_bytes()


def test_rejudge_for_programs_is_one_object_a_line(home: Path, file: Path) -> None:
    kept(home, measured(1, "SN1", 431.5e-6, fails="CUR.310", lot="L8"), measured(2, "SN2", 400e-6))
    other = edited(file, "nominal = 400, low = 368, high = 432", "nominal = 400, low = 368, high = 440")

    words = ("--since", "2026-11-01", "--until", "2026-11-03", "--lot", "L8", "--home", home, "-o", "json")
    *lines, summary = told(invoke("limits", "rejudge", other, *words))

    (unit,) = [line for line in lines if line["kind"] == "UnitRejudged"]
    assert ("SN1", "FAIL", None, ["CUR.310"]) == (unit["serial"], unit["before"], unit["after"], unit["rows"])
    assert (1, {"good": 0, "of": 1}, {"good": 1, "of": 1}) == (summary["runs"], summary["lowest"], summary["highest"])


def test_rejudge_says_what_cannot_be_told(home: Path, file: Path) -> None:
    kept(home, measured(1, "SN1", 431.5e-6, fails="CUR.310"))
    other = edited(file, "nominal = 400, low = 368, high = 432", "nominal = 400, low = 368, high = 440")

    result = invoke("limits", "rejudge", other, "--since", "2026-11-01", "--home", home)

    assert "FAIL → CANNOT BE TOLD  by CUR.310" in result.stdout
    assert "rows that some runs ended before, and in how many: CUR.311 1" in result.stdout
    assert "if all that cannot be told should pass" in result.stdout


def test_rejudge_of_days_without_runs_says_so(home: Path, file: Path) -> None:
    kept(home, measured(1, "SN1", 400e-6))

    result = invoke("limits", "rejudge", file, "--since", "2027-01-01", "--home", home)

    assert "0 production runs since 2027-01-01" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-11-03", "--until", "2026-11-03"), "no day lies between"),
        (("--since", "2026-11-03"), "no run is on record yet"),
    ],
)
def test_rejudge_without_days_or_records_says_how_to_ask(home: Path, file: Path, words: tuple[str, ...], said: str) -> None:
    result = invoke("limits", "rejudge", file, *words, "--home", home)

    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


@pytest.mark.parametrize("comma", [(), ("--decimal-comma",)])
def test_a_limit_file_goes_to_a_spreadsheet_and_comes_back_as_a_draft(home: Path, comma: tuple[str, ...]) -> None:
    sheet, back = home / "sheet.csv", home / "back.toml"

    exported = invoke("limits", "export", sheet, "--home", home, *comma)
    imported = invoke("limits", "import", sheet, back, *comma)

    assert [0, 0] == [exported.exit_code, imported.exit_code]
    assert DIGEST in exported.stdout
    assert DIGEST in imported.stdout
    assert "a draft: nobody has approved it" in imported.stdout
    assert 0 == invoke("limits", "diff", home / "limits" / "mc100-b.toml", back).exit_code


def test_an_edited_cell_is_a_change_of_the_file(home: Path, file: Path) -> None:
    sheet = home / "sheet.csv"
    invoke("limits", "export", sheet, "--limits", file)
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))
    row = next(line for line in cells if line[0] == "CUR.110")
    row[cells[3].index("high")] = "109"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(cells)

    assert 0 == invoke("limits", "import", sheet).exit_code
    assert "    high: 110 µA → 109 µA  (tightened by 5 % of the tolerance, 5 u_max)" in invoke(
        "limits", "diff", file, sheet.with_suffix(".toml")).stdout  # fmt: skip


def test_export_and_import_never_overwrite(home: Path, file: Path) -> None:
    sheet = home / "sheet.csv"
    invoke("limits", "export", sheet, "--limits", file)

    for words in (("export", sheet, "--limits", file), ("import", sheet, file)):
        result = invoke("limits", *words)

        assert isinstance(result.exception, UsageError)
        assert "is there already, and is left alone" in str(result.exception)


def test_an_export_into_no_folder_says_so(home: Path, file: Path) -> None:
    result = invoke("limits", "export", home / "nowhere" / "sheet.csv", "--limits", file)

    assert isinstance(result.exception, StationError)
    assert "cannot be written: No such file or directory. Name a folder that exists" in str(result.exception)


def test_a_sheet_that_is_wrong_is_told_by_line_and_column(home: Path, file: Path) -> None:
    sheet = home / "sheet.csv"
    invoke("limits", "export", sheet, "--limits", file)
    sheet.write_bytes(sheet.read_bytes().replace(b"uA,100,90,110,", b'uA,100,"90,5",110,'))

    result = invoke("limits", "import", sheet)

    assert isinstance(result.exception, DocumentError)
    assert f"{sheet}:9: column F, low of CUR.110: is '90,5', with a decimal comma" in str(result.exception)
    assert not sheet.with_suffix(".toml").exists()


def test_a_day_is_asked_for_as_a_date_and_shown_with_an_example(home: Path, file: Path) -> None:
    shown = invoke("limits", "rejudge", "--help").output
    wrong = invoke("limits", "rejudge", file, "--since", "1.11.2026", "--home", home)

    assert "DATE" in shown
    assert "%Y" not in shown
    assert 2 == wrong.exit_code
    assert "is not a day: write it like 2026-11-01" in " ".join(wrong.output.replace("│", " ").split())
