"""The report on a lot as quality asks for it: one command, a sealed PDF, and what adds up on stdout."""

import re
import shutil
from pathlib import Path

import pytest

from station.certificates.keys import KeyFolder, read_certificates
from station.certificates.verify import verify
from station.cli.home import make, read
from station.cli.lot import lot_of
from tests.cli.certified import certify, home_in
from tests.cli.test_documents import NUMBER, invoke

LOT = "L26-0930"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a unit of the lot has its certificate, from which each test is given one of its own."""
    home = home_in(tmp_path_factory.mktemp("ready"))
    made = invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))
    assert 0 == made.exit_code, made.output
    certify(home, simulated=False)
    return home


@pytest.fixture
def home(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path, dirs_exist_ok=True))


def test_a_lot_is_reported_in_a_sealed_file_and_in_words(home: Path) -> None:
    done = invoke(home, "lot", LOT)

    (file,) = (home / "reports" / "lots").iterdir()
    assert re.fullmatch(rf"LOT-{LOT}-[0-9A-F]{{8}}\.pdf", file.name)
    assert f"\n{file.stem}\n" in done.output
    assert 0 == done.exit_code, done.output
    assert f"lot {LOT}: 1 units in, 1 PASS" in done.output
    assert str(file) in done.output
    assert verify(file.read_bytes(), read_certificates(KeyFolder(home / "keys").authority)).holds
    verified = invoke(home, "verify", str(file))
    assert 0 == verified.exit_code
    assert f"   {file.stem}  1 units" in verified.output


def test_the_same_figures_have_the_same_number_and_others_another_beside_it(home: Path) -> None:
    invoke(home, "lot", LOT)
    (first,) = (home / "reports" / "lots").iterdir()

    invoke(home, "lot", LOT)
    again = list((home / "reports" / "lots").iterdir())
    certify(home, "SN26-100402", simulated=False, seed=2)
    invoke(home, "lot", LOT)
    later = set((home / "reports" / "lots").iterdir())

    assert [first] == again
    assert 2 == len(later)
    assert first in later


def test_a_report_goes_where_it_is_asked_for_and_in_place_of_an_earlier_one(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "shipped" / "lot.pdf"

    first = invoke(home, "lot", LOT, "--to", str(file))
    second = invoke(home, "lot", LOT, "--to", str(file))

    assert 0 == first.exit_code == second.exit_code
    assert file.read_bytes().startswith(b"%PDF")
    assert ["lot.pdf"] == [one.name for one in file.parent.iterdir()]


def test_a_unit_says_which_document_it_has_and_what_became_of_it(home: Path) -> None:
    (issued,) = lot_of(read(home).config, LOT, simulated=False).units
    invoke(home, "keys", "init", "--for", "quinn", "--passphrase-file", str(home / "secret"))
    done = invoke(home, "release", NUMBER, "--by", "quinn", "--passphrase-file", str(home / "secret"))
    (released,) = lot_of(read(home).config, LOT, simulated=False).units
    invoke(home, "reissue", NUMBER, "--revoke", "--by", "quinn", "--reason", "wrong label")
    (revoked,) = lot_of(read(home).config, LOT, simulated=False).units

    assert 0 == done.exit_code, done.output
    assert (NUMBER, "") == (issued.document, issued.state)
    assert (NUMBER, "released") == (released.document, released.state)
    assert (NUMBER, "revoked") == (revoked.document, revoked.state)


def test_a_superseded_document_gives_way_to_its_successor(home: Path) -> None:
    invoke(home, "reissue", NUMBER, "--supersede", "--by", "quinn", "--reason", "wrong logo")

    (unit,) = lot_of(read(home).config, LOT, simulated=False).units

    assert ("EOL-01-2026-000002", "") == (unit.document, unit.state)


def test_simulated_units_are_reported_apart(home: Path) -> None:
    certify(home, "SN26-100402", simulated=True, seed=2)

    real, simulated = invoke(home, "lot", LOT), invoke(home, "lot", LOT, "--simulated")

    assert "1 units in" in real.output
    assert "1 units in" in simulated.output
    assert "SIM-LOT-" in simulated.output


def test_a_lot_that_nobody_tested_exits_2(home: Path) -> None:
    done = invoke(home, "lot", "L-0")

    assert 2 == done.exit_code
    assert "no unit of lot 'L-0' has an ended run" in done.output
    assert not (home / "reports" / "lots").exists()


def test_a_lot_before_anything_is_on_record_exits_2_and_makes_no_store(tmp_path: Path) -> None:
    make(tmp_path)

    for words in (("lot", "L-0"), ("reissue", NUMBER), ("reissue", NUMBER, "--revoke", "--by", "quinn", "--reason", "why")):
        done = invoke(tmp_path, *words)
        assert (2, True) == (done.exit_code, "no run is on record yet" in done.output), words
    assert not (tmp_path / "records").exists()


def test_a_report_that_cannot_be_written_exits_2_and_says_where(home: Path) -> None:
    for place in (home, home / "station.toml" / "lot.pdf", home / ("x" * 300)):
        done = invoke(home, "lot", LOT, "--to", str(place))
        assert (2, True) == (done.exit_code, "cannot be written" in done.output), place


def test_a_lot_that_is_no_text_is_looked_for_as_it_is_on_record(home: Path) -> None:
    done = invoke(home, "lot", "L\udcff")

    assert 2 == done.exit_code
    assert "no unit of lot" in done.output


def test_a_home_of_an_older_version_is_told_how_to_get_the_words_of_a_lot_before_anything_is_tested(home: Path) -> None:
    shutil.rmtree(home / "reports" / "languages" / "lot")

    asked, shown = invoke(home, "lot", LOT), invoke(home, "demo")
    make(home)

    for done in (asked, shown):
        assert (2, True) == (done.exit_code, "`station init` adds what an older home lacks" in done.output)
    assert not (home / "demo").exists()
    assert 0 == invoke(home, "lot", LOT).exit_code
