"""Run disturbed shifts: `python -m tests.seeds [--seeds N] [--first K] [--replay SEED] [--jobs N]`.

Prints how many shifts, units, disturbances and verdicts there were, and every breach with the command that replays it; exits 1
when there is one.
"""

import argparse
import sys
from collections import Counter
from multiprocessing import Pool
from multiprocessing import TimeoutError as NothingCame
from typing import NamedTuple

from tests.seeds.judge import Verdicts, judged
from tests.seeds.plan import plan
from tests.seeds.shift import quiet, remains

_SILENCE = 900.0  # s of the host without a single shift that ends: something hangs

_PROGRESS = 100  # shifts


class Tally(NamedTuple):
    """The shifts that ended, and the seeds of those that did not."""

    ended: list[Verdicts]
    hung: list[int]


def shift(seed: int) -> Verdicts:
    """Run one shift and judge it."""
    return judged(remains(plan(seed)))


def main() -> int:
    """Run the shifts that the command line asks for."""
    options = _options()
    if options.replay is not None:
        return _replay(options.replay)
    tally = _run(range(options.first, options.first + options.seeds), options.jobs)
    _tell(tally)
    return int(bool(tally.hung) or any(one.breaches for one in tally.ended))


def _replay(seed: int) -> int:
    quiet()
    left = remains(plan(seed))
    found = judged(left)
    print(left.plan)
    for slot, outcomes in left.outcomes.items():
        for one in outcomes:
            print(f"slot {slot}: deserves {left.truths[slot]['deserves']}, {one.verdict.name}: {one.reason}")
    for breach in found.breaches:
        print(f"VIOLATION {breach}")
    return int(bool(found.breaches))


def _run(seeds: range, jobs: int) -> Tally:
    tally = Tally([], list(seeds))
    with Pool(jobs, initializer=quiet) as pool:
        results = pool.imap_unordered(shift, seeds)
        while tally.hung:
            try:
                found = results.next(_SILENCE)
            except NothingCame:
                return tally
            tally.hung.remove(found.seed)
            tally.ended.append(found)
            if len(tally.ended) % _PROGRESS == 0:
                print(f"{len(tally.ended)} of {len(seeds)} shifts", file=sys.stderr, flush=True)
            if found.breaches:
                print(f"VIOLATION seed {found.seed}: {'; '.join(found.breaches)}", flush=True)
    return tally


def _tell(tally: Tally) -> None:
    kinds = Counter(kind for one in tally.ended for kind in one.kinds)
    verdicts = Counter(unit for one in tally.ended for unit in one.units)
    for kind, count in sorted(kinds.items()):
        print(f"{count:8}  {kind}")
    for (deserves, verdict), count in sorted(verdicts.items()):
        print(f"{count:8}  deserves {deserves:12} came to {verdict}")
    broken = sorted(one.seed for one in tally.ended if one.breaches) + tally.hung
    for seed in broken:
        print(f"replay with: python -m tests.seeds --replay {seed}{' (it did not end)' if seed in tally.hung else ''}")
    shifts, units, disturbances = len(tally.ended), sum(verdicts.values()), sum(kinds.values())
    print(f"seeds: {shifts} shifts, {units} units, {disturbances} disturbances, {len(broken)} violations")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.seeds", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=10_000, metavar="N", help="how many shifts (default 10,000)")
    parser.add_argument("--first", type=int, default=1, metavar="K", help="the first seed (default 1)")
    parser.add_argument(
        "--seed", type=int, default=1, dest="first", metavar="K", help="the same, as every part of the soak takes it"
    )
    parser.add_argument("--replay", type=int, metavar="SEED", help="run one shift and tell what came of it")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default 2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
