"""Stop a run in every step by every hand: `python -m tests.stops`. Prints how many stories, and exits 1 on a breach."""

import argparse
import logging
import sys
from collections import Counter
from multiprocessing import Pool

from tests.stops.stops import every_moment, steps, story


def main() -> int:
    """Run every story."""
    parser = argparse.ArgumentParser(prog="python -m tests.stops", description=__doc__)
    parser.add_argument("--seed", type=int, help="is taken as by every part of the soak; nothing is drawn here")
    parser.parse_args()
    logging.disable(logging.CRITICAL)
    moments = every_moment(steps())
    with Pool() as pool:
        stories = pool.map(story, moments, chunksize=2)
    counts = Counter((one.moment.hand.name, one.moment.defect, one.verdict) for one in stories)
    for (hand, defect, verdict), count in sorted(counts.items()):
        print(f"stop by {hand:6} of a unit that is {defect:8} {verdict:12} {count:>4}")
    broken = [one for one in stories if one.breaches]
    for one in broken:
        print(f"VIOLATION {one.moment}: {one.verdict}: {'; '.join(one.breaches)}")
    print(f"stops: {len(stories)} runs stopped, {len(broken)} violations")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
