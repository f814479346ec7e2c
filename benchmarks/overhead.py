"""What a step and a unit cost beyond their measuring: our runner and journal, beside OpenHTF and plain pytest doing the same."""

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.peers.timing import STEPS, UNIT_STEPS, Taken
from benchmarks.peers.venvs import NotInstalledError, cache, python_with
from benchmarks.report import say, skip

_ROOT = Path(__file__).parents[1]
_PATIENCE = 600.0  # s for one peer
_OPENHTF = "1.6.3"
_STEP, _UNIT, _LATE = 100e-6, 5e-3, 50e-3  # s: what a step, a unit and a record on its way to the disk may take
_LIGHTER = 1.0 / 5.0  # of OpenHTF's processor time
_WORK = (("steps", f"a step of {STEPS}", STEPS), ("unit", f"a warm unit of {UNIT_STEPS} steps", 1))

Figures = Mapping[str, Taken]


def run() -> None:
    """Print the figures."""
    told = _told(Path(sys.executable), "benchmarks.peers.ours")
    ours = _figures(told)
    say("overhead", f"a step of {STEPS}, by the wall, durable at the end", ours["steps"].wall / STEPS, "s", _STEP, 1.0)
    say("overhead", f"a step of {STEPS}, processor time", ours["steps"].cpu / STEPS, "s", _STEP, 1.0)
    say("overhead", f"a warm unit of {UNIT_STEPS} steps, by the wall, durable at its end", ours["unit"].wall, "s", _UNIT, 1.0)
    say("overhead", f"a warm unit of {UNIT_STEPS} steps, processor time", ours["unit"].cpu, "s", _UNIT, 1.0)
    for name, what, per in _WORK:
        bare = ours[f"bare {name}"].wall / per
        say(
            "overhead",
            f"{what}, by the wall, beside its processor time in one idle thread and one sync",
            ours[name].wall / per,
            "s",
            bare,
            None,
        )
    say("overhead", "from an event to its commit, median", _number(told, "late_median"), "s", _LATE, 1.0)
    say("overhead", "from an event to its commit, worst", _number(told, "late_worst"), "s", _LATE, 1.0)
    _beside(ours, "OpenHTF", "benchmarks.peers.openhtf", _LIGHTER, f"openhtf=={_OPENHTF}")
    _beside(ours, "pytest", "benchmarks.peers.plain_pytest", None, f"pytest=={version('pytest')}")


def _beside(ours: Figures, peer: str, module: str, target: float | None, *requirements: str) -> None:
    try:
        theirs = _figures(_told(python_with(cache(), peer.lower(), *requirements), module))
    except NotInstalledError as error:
        skip("overhead", f"beside {peer}", str(error))
        return
    for name, what, per in _WORK:
        mine, other = ours[name], theirs[name]
        say("overhead", f"{what}, processor time, beside {' '.join(requirements)}", mine.cpu / per, "s", other.cpu / per, target)
        say("overhead", f"{what}, by the wall, beside {' '.join(requirements)}", mine.wall / per, "s", other.wall / per, None)


def _told(python: Path, module: str) -> dict[str, object]:
    """Return what a peer prints, run by `python` in a process and a folder of its own."""
    with TemporaryDirectory() as folder:
        command = [str(python), "-m", module, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE, cwd=_ROOT)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def _figures(told: Mapping[str, object]) -> Figures:
    """Return the durations among what a peer told."""
    return {name: Taken(one["wall"], one["cpu"]) for name, one in told.items() if isinstance(one, dict)}


def _number(told: Mapping[str, object], name: str) -> float:
    """Return a number among what a peer told."""
    found = told[name]
    if not isinstance(found, float):
        raise TypeError(f"{name} is {found!r}, not a number")
    return found
