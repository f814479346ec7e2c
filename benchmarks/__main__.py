"""Run the benchmarks named on the command line, or all: python -m benchmarks [NAME...]."""

import sys

from benchmarks import certificates, startup

BENCHMARKS = {"startup": startup.run, "certificates": certificates.run}


def main(names: list[str]) -> int:
    """Run the benchmarks `names`; return the exit code."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
