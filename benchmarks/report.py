"""Say a benchmark's result in the one form that programs read: a JSON object a line."""

import json
import statistics
import time
from collections.abc import Callable


def say(bench: str, name: str, value: float, unit: str, reference: float, target: float) -> None:
    """Print a figure beside its reference, which was measured in the same run; `target` bounds their ratio from above."""
    ratio = value / reference
    print(
        json.dumps(
            {
                "bench": bench, "name": name, "value": round(value, 6), "unit": unit, "reference": round(reference, 6),
                "ratio": round(ratio, 3), "target": target, "met": ratio <= target,
            }
        )
    )  # fmt: skip


def median_pair(ours: Callable[[], object], peer: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median durations in s of `ours` and `peer`, run in turn `times` times, so that a busy machine hits both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for act, into in zip((ours, peer), taken, strict=True):
            began = time.perf_counter()
            act()
            into.append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])
