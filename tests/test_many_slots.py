"""More units than slots, more slots than the file has, over real sockets: the tray rolls, loans are serialised, waits overlap."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from station.cli.home import make
from station.core.verdict import Verdict
from station.store.archive import Archive

pytestmark = [pytest.mark.process, pytest.mark.hungry]

STATION = (sys.executable, "-c", "from station.cli import main; main()")
SLOTS, UNITS = 32, 33
SPEED = "100"  # one simulator computes every pulse of 32 units: twice as fast keeps a core of today busy


@pytest.mark.timeout(300)
def test_32_slots_test_33_units_and_the_last_joins_when_the_first_is_done(tmp_path: Path) -> None:
    make(tmp_path)
    serials = [f"SN26-{number}" for number in range(1, UNITS + 1)]
    words = ("--home", str(tmp_path), "--simulate", "--slots", str(SLOTS), "--speed", SPEED, "--profile", "-o", "json")

    done = subprocess.run([*STATION, "run", *words, *serials], capture_output=True, text=True, check=False, timeout=280)

    assert 0 == done.returncode, done.stderr
    archive = Archive(tmp_path / "records" / "station.sqlite")
    records = [record for serial in serials for record in archive.records(serial)]
    assert [Verdict.PASS] * UNITS == [record.verdict for record in records]
    assert all("simulated with 32 slots" in record.started.documents.fixture_file for record in records)
    last, others = records[-1].started, [record for record in records[:-1] if record.started.slot != records[-1].started.slot]
    assert sum(record.ended is not None and record.ended.monotonic > last.monotonic for record in others) > SLOTS // 2
    said = json.loads(done.stdout.splitlines()[-1])
    things = {use["thing"]: use for use in said["things"]}
    assert {"dmm", "scope", "operator", "start"} == set(things)
    assert (UNITS, UNITS) == (things["operator"]["came"], things["start"]["came"])
    assert things["dmm"]["asked"] == things["dmm"]["came"] > 10 * UNITS
    assert 0.3 < things["dmm"]["utilisation"] <= 1.0
    assert sum(record.duration or 0.0 for record in records) > 10 * said["span"]
