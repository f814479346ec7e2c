"""How long `station --help` takes, beside 0.3 s, the most a person should wait for it."""

import subprocess
import sys

from benchmarks.report import median_pair, say

_MOST = 0.3  # s


def run() -> None:
    """Print the figure."""

    def ours() -> None:
        subprocess.run(
            [sys.executable, "-c", "from station.cli import main; main()", "--help"], check=True, stdout=subprocess.DEVNULL
        )

    def bare() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    took, python = median_pair(ours, bare, 9)
    say("startup", "station --help, beside the 0.3 s allowed", took, "s", _MOST, 1.0)
    say("startup", "station --help, beside a bare interpreter", took, "s", python, 30.0)
