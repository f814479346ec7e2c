"""Run the fault matrix: `python -m tests.matrix [--cells N] [--seed N] [--jobs N]`; every cell unless told how many.

Prints how many cells came to what, every breach, and exits 1 when there is one.
"""

import argparse
import sys
from collections import Counter
from functools import partial
from multiprocessing import Pool

from tests.matrix.cells import KINDS, Fate, course, fate, quiet, sample

LINKS = ("dmm", "scope", "fixture")


def main() -> int:
    """Run the cells that the command line asks for."""
    options = _options()
    quiet()
    reference = course()
    cells = reference.cells()
    chosen = sample(cells, options.cells, options.seed) if options.cells else cells
    print(
        f"fault matrix: {len(reference.exchanges)} exchanges x {len(KINDS)} kinds = {len(cells)} cells, {len(chosen)} of them run"
    )
    with Pool(options.jobs, initializer=quiet) as pool:
        fates = list(pool.imap_unordered(partial(fate, values=reference.values), chosen, chunksize=8))
    _tell(fates)
    return int(any(one.breaches for one in fates))


def _tell(fates: list[Fate]) -> None:
    counts = Counter((one.cell.kind, one.cell.link, one.verdict) for one in fates)
    verdicts = sorted({verdict for _, _, verdict in counts})
    print(f"{'fault':16} {'link':8} " + " ".join(f"{verdict:>12}" for verdict in verdicts))
    for kind in KINDS:
        for link in LINKS:
            row = " ".join(f"{counts[kind, link, verdict] or '-':>12}" for verdict in verdicts)
            print(f"{kind:16} {link:8} {row}")
    broken = [one for one in fates if one.breaches]
    for one in broken:
        print(f"VIOLATION {one.cell}: {one.verdict}: {'; '.join(one.breaches)}")
    print(f"fault matrix: {len(fates)} cells run, {len(broken)} violations")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cells", type=int, default=0, metavar="N", help="run N cells drawn from the seed (default: all)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which cells are drawn (default 1)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default 2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
