"""A station that writes as fast as it can until it is killed; it prints every event that it showed: `run_id seq`."""

import secrets
import sys
from pathlib import Path
from secrets import choice

from station.clocks.steady import SteadyClock
from station.core.events import Event
from station.store.ids import Ids
from tests.store.stories import at_work, keep, story


def show(event: Event) -> None:
    sys.stdout.write(f"{event.run_id} {event.seq}\n")
    sys.stdout.flush()


def main() -> None:
    mint = Ids(SteadyClock(), secrets.randbits)
    with at_work(Path(sys.argv[1]), show, seed=secrets.randbits(32)) as journal:
        while True:
            slow, quick = (story(run_id, run_id[-12:], fails=choice(["", "WAV.010"])) for run_id in (mint.new(), mint.new()))
            cut = secrets.randbelow(len(slow))
            for event in slow[:cut]:
                journal.write(event)
            keep(journal, quick)  # the slow one is on disk, and open
            keep(journal, slow[cut:])


if __name__ == "__main__":
    main()
