"""Time a piece of work again and again, by wall and processor; standard library only, so that every peer can use it."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

STEPS, UNIT_STEPS = 1000, 10
"""Steps of the long test, and of a unit's short one; each step judges one measurement by two limits."""
RUNS, UNITS = 7, 60
"""How often the long test and the short one are repeated, after one that does not count."""
LOW, HIGH, VALUE = 368e-6, 432e-6, 400e-6
"""The limits of each measurement and what is measured, in A."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Median durations in s of one piece of work: `wall`, and `cpu` of all threads of the process."""

    wall: float
    cpu: float


def timed(act: Callable[[], object], times: int) -> Taken:
    """Do `act` once without counting, then `times` times, and return the medians."""
    act()
    wall, cpu = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    return Taken(statistics.median(wall), statistics.median(cpu))


def tell(figures: Mapping[str, Taken | float]) -> None:
    """Print a peer's figures as one line of JSON."""
    plain = {name: asdict(one) if isinstance(one, Taken) else one for name, one in figures.items()}
    sys.stdout.write(json.dumps(plain) + "\n")


@contextmanager
def quiet() -> Iterator[None]:
    """Let whatever is printed meanwhile go nowhere: a terminal's speed is not what is compared."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
