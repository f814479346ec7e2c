"""A station and its simulator, idle and busy, in a process of their own: `python -m benchmarks.scale.probe SLOTS SPEED`.

The station's process is this one. Prints one line of JSON: shares of one core, and resident memory in bytes, of both.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.eye import Eye
from benchmarks.plant import Plant, plant

_SETTLE, _WINDOW = 3.0, 8.0  # s before the processor's time is looked at, and for how long
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def worked(pid: int) -> float:
    """Return the processor time in s that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def resident(pid: int) -> int:
    """Return the memory of a process that is in RAM, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def main(slots: int, speed: float) -> None:
    """Look at the idle station, start a unit in every slot, and look again."""
    logging.disable(logging.CRITICAL)  # every unit is stopped at the end, as is meant
    with TemporaryDirectory() as folder, plant(Path(folder), slots=slots, speed=speed) as made:
        told = {"idle": _look(made), "busy": _busy(made)}
    sys.stdout.write(json.dumps(told) + "\n")


def _busy(made: Plant) -> dict[str, float]:
    units = {slot: f"SN{slot}" for slot in range(1, made.slots + 1)}
    with Eye(made.operator) as eye:
        eye.say(*(f"PLACE {slot} {serial} good" for slot, serial in units.items()))
    station = made.station()
    with station.at_work():
        for slot, serial in units.items():
            station.ready(slot, serial)
            station.start(slot)
        return _look(made)


def _look(made: Plant) -> dict[str, float]:
    """Return what both processes need in a window of time that begins soon."""
    time.sleep(_SETTLE)
    pids = {"station": os.getpid(), "simulator": made.simulator}
    began, before = time.perf_counter(), {name: worked(pid) for name, pid in pids.items()}
    time.sleep(_WINDOW)
    lasted = time.perf_counter() - began
    cpu = {f"{name}_cpu": (worked(pid) - before[name]) / lasted for name, pid in pids.items()}
    return {**cpu, **{f"{name}_memory": float(resident(pid)) for name, pid in pids.items()}}


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
