"""Print what many slots cost, at the line's own speed and hurried, and whether memory grows with the units."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.report import say
from benchmarks.scale import growth
from benchmarks.scale.probe import resident

_ROOT = Path(__file__).parents[2]
_SLOTS = (8, 32, 64)
_SPEEDS = (1.0, 20.0)
_PATIENCE = 300.0  # s for one probe
_BARE = "print(flush=True); input()"


def run() -> None:
    """Print the figures."""
    bare = _bare()
    for speed in _SPEEDS:
        for slots in _SLOTS:
            _scale(slots, speed, bare)
    growth.run()


def _bare() -> float:
    """Return the memory of an interpreter that does nothing, in bytes."""
    with subprocess.Popen([sys.executable, "-c", _BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("a process without pipes")
        child.stdout.readline()
        seen = resident(child.pid)
        child.communicate(b"\n")
    return float(seen)


def _scale(slots: int, speed: float, bare: float) -> None:
    command = [sys.executable, "-m", "benchmarks.scale.probe", str(slots), f"{speed:g}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE, cwd=_ROOT)
    if done.returncode:
        raise RuntimeError(f"the probe of {slots} slots ended with {done.returncode}: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    where = f"{slots} slots, speed {speed:g}"
    for state in ("idle", "busy") if speed == 1.0 else ("busy",):  # idle it is the same however the line is hurried
        for process in ("station", "simulator"):
            say("scale", f"{where}, {state}: {process}'s share of a core", told[state][f"{process}_cpu"], "cores", 1.0, None)
    for process in ("station", "simulator"):
        memory = told["busy"][f"{process}_memory"] / 1e6
        say("scale", f"{where}, busy: {process}'s memory, beside a bare interpreter", memory, "MB", bare / 1e6, None)
