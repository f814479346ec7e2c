"""Faults on the wire of a whole station: what the protocol heals costs nothing, the rest costs one unit its verdict."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.cli.home import make
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.store.archive import Archive

pytestmark = pytest.mark.process

STATION = (sys.executable, "-c", "from station.cli import main; main()")
HEALED = ("silence", "duplicate", "truncate", "garble", "extra_line", "one_byte", "wrong_idn")
"""What the fixture's protocol answers by repeating: kinds of faults after which nothing may be missing."""
LASTING = (
    ("dmm", 30, "silence"), ("dmm", 130, "garble"), ("dmm", 230, "duplicate"), ("dmm", 330, "half_then_stall"),
    ("scope", 20, "extra_line"), ("scope", 70, "truncate"), ("scope", 120, "reset"),
)  # fmt: skip
"""Faults that no instrument's language can heal: whoever measures with it then has no verdict."""


@contextmanager
def bench(folder: Path, speed: str, faults: list[dict[str, object]]) -> Iterator[Path]:
    """Run a simulator with these faults; its addresses are in the file."""
    script, addresses = folder / "faults.json", folder / "bench.json"
    script.write_text(json.dumps({"fault": faults}), encoding="utf-8")
    command = [sys.executable, "-m", "station.simulator", "--until-eof", "--speed", speed, "--faults", str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        addresses.write_text(child.stdout.readline(), encoding="utf-8")
        yield addresses
        child.stdin.close()
        assert 0 == child.wait(60)


def tray(home: Path, speed: str, addresses: Path, *serials: str) -> tuple[list[RunRecord], str]:
    """Test a tray, and return its records and what was said on stderr."""
    words = ("run", "--home", str(home), "--bench", str(addresses), "--speed", speed, "-o", "plain", *serials)
    done = subprocess.run([*STATION, *words], capture_output=True, text=True, check=False, timeout=100)
    archive = Archive(home / "records" / "station.sqlite")
    records = [record for serial in serials for record in archive.records(serial)]
    assert len(serials) == len(records), done.stderr
    return records, done.stderr


@pytest.mark.hazard("TR-16")
def test_faults_on_the_fixtures_line_that_its_protocol_heals_cost_no_unit_its_pass(tmp_path: Path) -> None:
    make(tmp_path)
    faults: list[dict[str, object]] = [
        {"link": "fixture", "exchange": 20 + 61 * number, "kind": kind} for number, kind in enumerate(HEALED)
    ]

    with bench(tmp_path, "120", faults) as addresses:
        records, said = tray(tmp_path, "120", addresses, "SN26-1", "SN26-2")

    assert [Verdict.PASS] * 2 == [record.verdict for record in records], said


@pytest.mark.hazard("TR-15")
def test_faults_of_instruments_cost_the_unit_they_hit_its_verdict_and_nobody_else(tmp_path: Path) -> None:
    make(tmp_path)
    faults: list[dict[str, object]] = [{"link": link, "exchange": number, "kind": kind} for link, number, kind in LASTING]

    with bench(tmp_path, "80", faults) as addresses:
        records, said = tray(tmp_path, "80", addresses, *(f"SN26-{number}" for number in range(1, 9)))

    errors = [record for record in records if record.verdict is Verdict.ERROR]
    assert not [record for record in records if record.verdict is Verdict.FAIL], said
    assert 1 <= len(errors) <= len(LASTING)
    undecided = [record for record in records if record.verdict not in (Verdict.ERROR, Verdict.PASS)]
    assert {Verdict.INCONCLUSIVE} >= {record.verdict for record in undecided}, said
    assert len(undecided) <= 2, said  # a busy host may cost a reading of a clock that is hurried
    for record in errors:
        assert re.search(r"(dmm 34461A|scope DSOX1204G).*(last asked '| to :).*test the unit again", record.reason), record.reason
    assert "Traceback" not in said
