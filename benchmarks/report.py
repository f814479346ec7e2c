"""Say a benchmark's result in the one form that programs read: a JSON object a line."""

import json
import statistics
import sys
import time
from collections.abc import Callable


def say(bench: str, name: str, value: float, unit: str, reference: float, target: float | None) -> None:
    """Print a figure beside its reference, which was measured in the same run; `target` bounds their ratio from above.

    A figure that is for information only has no target, and is neither met nor missed.
    """
    ratio = value / reference
    met = None if target is None else ratio <= target
    line = {
        "bench": bench, "name": name, "value": round(value, 9), "unit": unit, "reference": round(reference, 9),
        "ratio": round(ratio, 4), "target": target, "met": met,
    }  # fmt: skip
    print(json.dumps(line), flush=True)


def skip(bench: str, what: str, why: str) -> None:
    """Say loudly, on stderr, that a figure could not be measured, and why."""
    sys.stderr.write(f"SKIPPED {bench}, {what}: {why}\n")


def median_pair(ours: Callable[[], object], peer: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median durations in s of `ours` and `peer`, run in turn `times` times, so that a busy machine hits both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for act, into in zip((ours, peer), taken, strict=True):
            began = time.perf_counter()
            act()
            into.append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])
