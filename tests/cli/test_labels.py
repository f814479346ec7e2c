"""A label that is scanned where a serial may stand: what it says is taken, or it is refused before anything is opened."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from station.cli.app import app
from station.cli.home import make, read
from station.cli.labels import LONGEST, tray_of
from station.core.config import StationConfig
from station.core.errors import StationError, UsageError
from station.core.gs1 import GS, check_digit
from station.store.archive import Archive

GTIN = "04012345678901"
OTHER = "0950110153000" + check_digit("0950110153000")
LABEL = f"]d201{GTIN}1126112210L-7{GS}21SN26-1"


def label(serial: str, lot: str = "L-7") -> str:
    return f"]d201{GTIN}1126112210{lot}{GS}21{serial}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


@pytest.fixture
def config(home: Path) -> StationConfig:
    return read(home).config


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["run", "--home", str(home), *words])


def test_a_label_gives_its_serial_and_its_lot(config: StationConfig) -> None:
    tray = tray_of({1: LABEL, 3: label("SN26-3")}, "", config)

    assert {1: "SN26-1", 3: "SN26-3"} == tray.serials
    assert ("L-7", ()) == (tray.lot, tray.refusals)


def test_the_line_under_the_code_may_be_typed(config: StationConfig) -> None:
    tray = tray_of({1: f"(01){GTIN}(11)261122(10)L-7(21)SN26-1"}, "L-7", config)

    assert ({1: "SN26-1"}, "L-7") == (tray.serials, tray.lot)


def test_a_bare_serial_has_the_lot_that_was_given(config: StationConfig) -> None:
    assert ({1: "SN26-1"}, "L-9") == ((tray := tray_of({1: "SN26-1"}, "L-9", config)).serials, tray.lot)
    assert "" == tray_of({1: "SN26-1"}, "", config).lot


REFUSED = {
    f"]d201{OTHER}1126112210L-7{GS}21SN26-1": "is another product; this station tests 04012345678901",
    LABEL.replace(GTIN, GTIN[:-1] + "2"): "the check digit of GTIN 04012345678902 is 2 and should be 1",
    LABEL.replace(GS, ""): "it has no (21) serial, or the GS before it was swallowed",
    f"]d201{GTIN}1126112221SN26-110L-7": "it has no (10) lot, or the GS before it was swallowed",
    LABEL.replace("261122", "261322"): "is no day",
    LABEL.replace("]d2", "]E0"): "is not the sign of a GS1 code",
    LABEL.replace("SN26-1", ""): "the serial is empty",
    "SN 1": "which GS1 serials may not",
    "": "nothing came",
}


@pytest.mark.parametrize("scanned", REFUSED, ids=ascii)
@pytest.mark.hazard("SN-01", "SN-07", "SN-08", "SN-09")
def test_what_cannot_be_believed_is_refused_and_the_others_stay(config: StationConfig, scanned: str) -> None:
    tray = tray_of({1: scanned, 2: label("SN26-2")}, "", config)

    assert {2: "SN26-2"} == tray.serials
    (refusal,) = tray.refusals
    assert 1 == refusal.slot
    assert REFUSED[scanned] in refusal.why
    assert refusal.why.isprintable()


def test_labels_of_a_plant_that_carry_less_are_taken_as_they_are(config: StationConfig) -> None:
    tray = tray_of({1: f"]d201{GTIN}21SN26-1"}, "", replace(config, label=("01", "21")))

    assert ({1: "SN26-1"}, "") == (tray.serials, tray.lot)


@pytest.mark.hazard("SN-07")
def test_a_label_is_refused_where_nobody_said_whose_labels_are_right(config: StationConfig) -> None:
    (refusal,) = tray_of({1: LABEL}, "", replace(config, gtin="")).refusals

    assert "station.toml names no GTIN" in refusal.why
    assert refusal.why.isprintable()


@pytest.mark.parametrize(
    ("scanned", "lot", "said"),
    [
        ({1: label("A", "L-7"), 2: label("B", "L-8")}, "", "two lots in one tray: no --lot, slot 1 L-7, slot 2 L-8"),
        ({1: label("A", "L-7")}, "L-8", "two lots in one tray: --lot L-8, slot 1 L-7"),
        ({1: label("A", "L-7"), 2: "B"}, "", "slot 2 was given without a lot, the labels say L-7"),
    ],
)
@pytest.mark.hazard("SN-10")
def test_units_of_two_lots_are_not_tested_as_one(config: StationConfig, scanned: dict[int, str], lot: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        tray_of(scanned, lot, config)


@pytest.mark.hazard("SN-07")
def test_a_tray_of_refused_labels_ends_with_2_before_anything_is_opened(home: Path) -> None:
    result = run(home, LABEL.replace(GTIN, OTHER))

    assert 2 == result.exit_code
    assert "slot 1 refused: scanned ']d201" in result.stderr
    assert "Take the unit to its own station" in result.stderr
    assert not (home / "records").exists()


def test_a_good_label_goes_on_to_the_bench(home: Path) -> None:
    text = (home / "station.toml").read_text(encoding="utf-8")
    (home / "station.toml").write_text(text.replace("5030", "1"), encoding="utf-8")

    result = run(home, LABEL)

    assert isinstance(result.exception, StationError)
    assert "127.0.0.1:1" in str(result.exception)


@pytest.mark.parametrize("said", ["L-7", "L-8"])
@pytest.mark.hazard("SN-10")
def test_two_lots_end_with_2_before_anything_is_opened(home: Path, said: str) -> None:
    result = run(home, LABEL, label("SN26-2", "L-8"), "--lot", said)

    assert isinstance(result.exception, UsageError)
    assert not (home / "records").exists()


@pytest.mark.process
@pytest.mark.hazard("SN-10", "SN-11")
def test_a_run_by_its_label_goes_on_record_with_serial_and_lot_of_the_label(home: Path) -> None:
    words = ("run", "--home", str(home), "--simulate", "--speed", "300", "-o", "plain", LABEL)
    command = [sys.executable, "-c", "from station.cli import main; main()", *words]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    (record,) = Archive(home / "records" / "station.sqlite").records("SN26-1")
    assert ("SN26-1", "L-7") == (record.started.serial, record.started.lot), done.stderr
    identity = next(result.measured for result in record.rows if result.row.id == "ID.010")
    assert identity is not None
    assert {"serial": "SN26-1"} == identity.detail


@pytest.mark.parametrize("typed", ["L-7 ", " L-7", "L-7\t", "L-7\n"])
@pytest.mark.hazard("SN-10")
def test_a_lot_is_one_lot_whatever_blanks_are_typed_around_it(config: StationConfig, typed: str) -> None:
    assert "L-7" == tray_of({1: "SN26-1"}, typed, config).lot
    assert "L-7" == tray_of({1: label("A", "L-7")}, typed, config).lot


def test_a_lot_is_one_lot_however_its_signs_are_put_together(config: StationConfig) -> None:
    assert "Los M\u00fcnchen 7" == tray_of({1: "SN26-1"}, "Los  Mu\u0308nchen 7", config).lot


def test_a_lot_that_no_report_has_room_for_is_wrong_usage(config: StationConfig) -> None:
    assert "L" * LONGEST == tray_of({1: "SN26-1"}, "L" * LONGEST, config).lot
    with pytest.raises(UsageError, match=r"--lot is 101 characters long. Give the lot's name, at most 100"):
        tray_of({1: "SN26-1"}, "L" * (LONGEST + 1), config)
