"""The profile is printed for people, and as one line for programs."""

import json

import pytest

from station.cli.modes import Mode
from station.cli.profile import print_profile
from station.hardware.lending import START, LoanEntry
from station.line.profile import profile

LOG = [
    LoanEntry(1, ("dmm",), 0.0, 0.0, 20.0),
    LoanEntry(2, ("dmm",), 5.0, 20.0, 30.0),
    LoanEntry(3, ("dmm",), 6.0, None, 46.0),
    LoanEntry(2, (START,), 30.0, 35.0, 35.0),
]


def test_people_see_how_busy_things_were_and_who_waited_longest(capsys: pytest.CaptureFixture[str]) -> None:
    print_profile(profile(LOG, 0.0, 100.0), Mode.PLAIN)

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "dmm 30% 3 (1 never came) 30.0 55.0 40.0" in lines
    assert "start – 1 0.0 5.0 5.0" in lines
    assert "2 dmm 1 10.0 15.0 15.0" in lines
    assert "slot 3 waited 40.0 s for dmm, from 6 s on" in lines


def test_programs_get_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_profile(profile(LOG, 0.0, 100.0), Mode.JSON)

    said = json.loads(capsys.readouterr().out)
    assert ("Profile", 100.0) == (said["kind"], said["span"])
    assert {"dmm": pytest.approx(0.3), "start": None} == {use["thing"]: use["utilisation"] for use in said["things"]}
    assert {"slot": 3, "thing": "dmm", "since": 6.0, "waited": 40.0} == said["longest"][0]
