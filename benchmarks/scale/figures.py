"""Print what many slots cost, at the line's own speed and hurried, and whether memory grows with the units."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.report import say
from benchmarks.scale import growth

_ROOT = Path(__file__).parents[2]
_SLOTS = (8, 32, 64)
_SPEEDS = (1.0, 20.0)
_PATIENCE = 300.0  # s for one probe
_BARE = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"


def run() -> None:
    """Print the figures."""
    bare = float(subprocess.run([sys.executable, "-c", _BARE], capture_output=True, text=True, check=True).stdout)
    for speed in _SPEEDS:
        for slots in _SLOTS:
            _scale(slots, speed, bare)
    growth.run()


def _scale(slots: int, speed: float, bare: float) -> None:
    command = [sys.executable, "-m", "benchmarks.scale.probe", str(slots), f"{speed:g}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE, cwd=_ROOT)
    if done.returncode:
        raise RuntimeError(f"the probe of {slots} slots ended with {done.returncode}: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    where = f"{slots} slots, speed {speed:g}"
    for state, seen in told.items():
        for process in ("station", "simulator"):
            say("scale", f"{where}, {state}: {process}'s share of a core", seen[f"{process}_cpu"], "cores", 1.0, None)
    for process in ("station", "simulator"):
        memory = told["busy"][f"{process}_memory"] / 1e6
        say("scale", f"{where}, busy: {process}'s memory, beside a bare interpreter", memory, "MB", bare / 1e6, None)
