"""Run the benchmarks named on the command line, or all: `python -m benchmarks [NAME...]`.

`python -m benchmarks --table LINES` runs none: it puts the figures in the file LINES, which a run has printed, into the page of
the docs.
"""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import certificates, links, overhead, shift, signals, startup, stop
from benchmarks.makespan import figures as makespan
from benchmarks.scale import figures as scale
from benchmarks.table import LINES, PAGE, Run, merged, page, remarks, stamped

BENCHMARKS = {
    "startup": startup.run, "certificates": certificates.run, "signals": signals.run, "overhead": overhead.run,
    "links": links.run, "stop": stop.run, "scale": scale.run, "makespan": makespan.run, "shift": shift.run,
}  # fmt: skip


def table(printed: Path) -> None:
    """Put the figures that a run has printed beside those kept before, and write the page."""
    busy = f"load average {os.getloadavg()[2]:.1f} in the quarter of an hour before"
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {busy}"
    run = Run(datetime.now(UTC).date().isoformat(), machine)
    before = LINES.read_text(encoding="utf-8").splitlines() if LINES.is_file() else []
    kept = merged(before, stamped(printed.read_text(encoding="utf-8").splitlines(), run))
    LINES.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    PAGE.write_text(page(kept, remarks()), encoding="utf-8")


def main(names: list[str]) -> int:
    """Run the benchmarks `names`, or write the page; return the exit code."""
    if {"-h", "--help"} & set(names):
        sys.stdout.write(f"{__doc__}\nThere are: {', '.join(BENCHMARKS)}\n")
        return 0
    if names[:1] == ["--table"] and len(names) == 2:
        table(Path(names[1]))
        return 0
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
