from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from station.core.equipment import Certificate, Sense, Witness
from station.core.fixture_file import parse_fixture
from station.core.problems import DocumentError

HOME = Path(__file__).parents[2]
TEXT = """[fixture]
model = "EOL2"
serial = "FX-1"
slots = 2
comparator_uA = 15
loads_ohm = [500, 2000.0]
[timer]
U_ppm = 20.0
certificate = "T-1"
calibrated = 2026-11-01
due = 2027-11-01
[sync]
dmm = "D1"
scope = "S1"
[slot.1]
load_500 = { sense_ohm = 100, U_ohm = 0.02, certificate = "R-1", calibrated = 2026-11-01, due = 2027-11-01 }
load_2000 = { sense_ohm = 1000, U_ohm = 0.2, certificate = "R-2", calibrated = 2026-11-01, due = 2027-11-01 }
shunt1 = { ohm = 1, U_ohm = 0.0002, certificate = "R-5", calibrated = 2026-11-01, due = 2027-11-01 }
shunt1k = { ohm = 1000, U_ohm = 0.2, certificate = "R-6", calibrated = 2026-11-01, due = 2027-11-01 }
[slot.2]
load_500 = { sense_ohm = 100.01, U_ohm = 0.02, certificate = "R-3", calibrated = 2026-11-01, due = 2027-11-01 }
load_2000 = { sense_ohm = 1000, U_ohm = 0.2, certificate = "R-4", calibrated = 2026-11-01, due = 2027-11-01 }
shunt1 = { ohm = 1.001, U_ohm = 0.0002, certificate = "R-7", calibrated = 2026-11-01, due = 2027-11-01 }
shunt1k = { ohm = 1000, U_ohm = 0.2, certificate = "R-8", calibrated = 2026-11-01, due = 2027-11-01 }
[resistors]
drift_ppm = 20
temperature_ppm_per_K = 5
"""


def test_a_fixture_is_read_in_si_and_expanded_uncertainties_are_halved() -> None:
    fixture = parse_fixture(TEXT, "eol2.toml")

    assert ("EOL2", "FX-1", 2, (500.0, 2000.0)) == (fixture.model, fixture.serial, fixture.slots, fixture.loads)
    assert 15e-6 == pytest.approx(fixture.comparator)
    assert 1e-5 == pytest.approx(fixture.timer.accuracy)
    assert {"dmm": ("D1",), "scope": ("S1",)} == fixture.buses
    assert 4 == len(fixture.sense)
    certificate = Certificate("R-3", date(2026, 11, 1), date(2027, 11, 1))
    assert Sense(100.01, 0.01, certificate, 20 * 1e-6, 5 * 1e-6) == fixture.sense[2, 500.0]
    shunt = fixture.shunts[2, "shunt1"]
    assert (4, 1.001, 1e-4, "R-7") == (len(fixture.shunts), shunt.ohm, shunt.u, shunt.certificate.number)
    assert not fixture.simulated


def test_a_fixture_whose_serial_says_so_is_simulated() -> None:
    assert parse_fixture(TEXT.replace("FX-1", "SIMFX-1"), "f").simulated


def test_several_buses_are_those_of_the_stations_instruments_in_order() -> None:
    assert ("D1", "D3") == parse_fixture(TEXT.replace('dmm = "D1"', 'dmm = ["D1", "D3"]'), "f").buses["dmm"]


def test_the_digest_is_of_the_bytes() -> None:
    assert parse_fixture(TEXT, "f").digest == parse_fixture(TEXT.encode(), "g").digest
    assert parse_fixture(TEXT, "f").digest != parse_fixture(TEXT + "# x", "f").digest


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("slots = 2", "slots = 3", 15, "slot.3: is missing"),
        ("slots = 2", "slots = 1", 20, "slot.2: is not a key"),
        ("slots = 2", "slots = 0", 4, "fixture.slots: is 0"),
        ("slots = 2", "slots = 65", 4, "fixture.slots: is 65"),
        ("comparator_uA = 15", "comparator_uA = 0", 5, "fixture.comparator_uA: is 0"),
        ("[500, 2000.0]", "[]", 6, "fixture.loads_ohm: is not a list of resistances"),
        ("[500, 2000.0]", "[500, -1]", 6, "fixture.loads_ohm: is not a list of resistances"),
        ("[500, 2000.0]", "[500, inf]", 6, "fixture.loads_ohm: is not a list of resistances"),
        ("[500, 2000.0]", "[500, true]", 6, "fixture.loads_ohm: is not a list of resistances"),
        ("[500, 2000.0]", "500", 6, "fixture.loads_ohm: is not a list of resistances"),
        ("[500, 2000.0]", "[500, 2000, 10000]", 15, "slot.1.load_10000: is missing"),
        ("[500, 2000.0]", "[500]", 17, "slot.1.load_2000: is not a key"),
        ("U_ppm = 20.0", "U_ppm = 0", 8, "timer.U_ppm: is 0"),
        ("U_ppm = 20.0", "U = 20.0", 7, "timer.U_ppm: is missing"),
        ('scope = "S1"', "", 12, "sync.scope: is missing"),
        ('scope = "S1"', "scope = []", 14, "sync.scope: is an empty list"),
        ('dmm = "D1"', 'dmm = ["D1", 2]', 13, "sync.dmm: is ['D1', 2]. Give a list of texts"),
        ('dmm = "D1"', 'dmm = ["D1", "D1"]', 13, "sync.dmm: names one bus twice"),
        ('dmm = "D1"', 'dmm = ["D1", "S2"]', 13, "sync.dmm: names 'S2'. Give buses as the fixture calls them"),
        ("sense_ohm = 100.01", "sense_ohm = 0.5", 21, "slot.2.load_500.sense_ohm: is 0.5"),
        (
            "sense_ohm = 100.01",
            "sense_ohm = 1000.1",
            21,
            "slot.2.load_500.sense_ohm: is 1000.1. Give a number between 1 and 500.",
        ),
        ("100.01, U_ohm = 0.02", "100.01, U_ohm = nan", 21, "slot.2.load_500.U_ohm: is nan"),
        ('certificate = "R-3"', 'certificate = ""', 21, "slot.2.load_500.certificate: is empty"),
        ("shunt1 = { ohm = 1.001", "shunt2 = { ohm = 1.001", 20, "slot.2.shunt1: is missing"),
        ("ohm = 1.001", "ohm = 0.05", 23, "slot.2.shunt1.ohm: is 0.05"),
        ("[resistors]", "[resistor]", 1, "resistors: is missing"),
        ("drift_ppm = 20", "drift_ppm = -1", 26, "resistors.drift_ppm: is -1"),
        ("temperature_ppm_per_K = 5", "", 25, "resistors.temperature_ppm_per_K: is missing"),
        ('"T-1"\ncalibrated = 2026-11-01', '"T-1"\ncalibrated = 20261101', 10, "timer.calibrated: is 20261101"),
    ],
)
def test_a_fixture_file_that_is_wrong_is_refused(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse_fixture(TEXT.replace(old, new, 1), "f")

    assert any(str(problem).startswith(f"f:{line}: {said}") for problem in refusal.value.problems), str(refusal.value)


def test_every_fixture_file_of_the_repository_parses() -> None:
    files = sorted((HOME / "fixtures").glob("*.toml"))

    parsed = [parse_fixture(file.read_bytes(), file.name) for file in files]

    assert parsed
    assert all(len(fixture.sense) == fixture.slots * len(fixture.loads) for fixture in parsed)


def test_the_comparators_time_the_shut_off_unless_the_file_says_that_looks_do() -> None:
    by_looks = TEXT.replace("U_ppm = 20.0", 'U_ppm = 20.0\nwitness = "looks"')

    assert Witness.COMPARATOR == parse_fixture(TEXT, "eol2.toml").timer.witness
    assert Witness.LOOKS == parse_fixture(by_looks, "eol2.toml").timer.witness


def test_a_witness_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DocumentError, match="witness"):
        parse_fixture(TEXT.replace("U_ppm = 20.0", 'U_ppm = 20.0\nwitness = "operator"'), "eol2.toml")


def test_a_certificate_whose_number_begins_with_sim_is_an_example() -> None:
    one = parse_fixture(TEXT, "eol2.toml").timer.certificate

    assert [True, False] == [replace(one, number=number).example for number in ("SIM-TIM-0001", "TIM-SIM-1")]
