"""Kill station or simulator (-9) at many moments, and check each time that nothing was lost and nothing made up.

`python -m tests.soak.crashes --moments 200 --seed 1`: half of the moments kill the station, half the simulator. Exits 1 when an
invariant was violated. A moment is drawn from seed and number alone; when exactly it strikes is up to the host.
"""

import argparse
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.soak.plan import Moment, moment
from tests.soak.shift import Shift
from tests.soak.tally import Tally

SPEED = 150.0
LINE_SECONDS = 1350.0  # s of the line that a whole run takes


def crashes(moments: int, seed: int, workers: int, speed: float = SPEED) -> Tally:
    """Live through `moments` crashes in `workers` homes at once, and return what was found."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, ThreadPoolExecutor(workers) as pool:
        shifts = [Path(folder) / f"home-{number}" for number in range(workers)]
        enough = threading.Event()
        try:
            found = list(pool.map(partial(_shift, enough, moments, seed, workers, speed), range(workers), shifts))
        finally:
            enough.set()  # a Ctrl-C, or a shift that broke, ends the others after their next moment
    whole = Tally(f"crashes: {moments} moments, seed {seed}, {workers} homes, speed {speed:g}")
    for one in found:
        whole.add(one)
    return whole


def _shift(enough: threading.Event, moments: int, seed: int, workers: int, speed: float, worker: int, folder: Path) -> Tally:
    """Live through every so-manieth moment in one home."""
    folder.mkdir()
    shift = Shift(folder, speed, seed + worker)
    try:
        for number in range(2 * worker, moments, 2 * workers):
            for each in range(number, min(number + 2, moments)):
                if not enough.is_set():
                    shift.live_through(moment(seed, each, LINE_SECONDS / speed))
        shift.end(Moment(moments + worker, "nobody", "", 0, 0.0, ("", "dc_imbalance")))
    finally:
        shift.close()
    return shift.tally


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line of a soak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=200, help="how many crashes (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="which moments are drawn (default 1)")
    parser.add_argument("--workers", type=int, default=4, help="homes at once (default 4)")
    return parser.parse_args(arguments)


def main() -> int:
    """Run the soak of crashes, print what was counted, and return 1 when an invariant was violated."""
    wanted = options()
    tally = crashes(wanted.moments, wanted.seed, wanted.workers)
    sys.stdout.write(tally.said())
    return 1 if tally.violations else 0


if __name__ == "__main__":
    sys.exit(main())
