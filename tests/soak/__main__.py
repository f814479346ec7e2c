"""`python -m tests.soak [--seed N]`: run every part of the soak, one after the other; exit 1 when any invariant was violated.

A part is a program of its own: it takes `--seed`, prints what it counted, and exits 1 when it found a violation. A new part is
one more name in PARTS.
"""

import argparse
import subprocess
import sys

PARTS = ("tests.soak.crashes", "tests.matrix", "tests.stops", "tests.seeds")


def main() -> int:
    """Run all parts, and say in the end which of them found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Run every part of the soak.")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn by chance (default 1)")
    seed = parser.parse_args().seed
    codes = {part: subprocess.run([sys.executable, "-m", part, "--seed", str(seed)], check=False).returncode for part in PARTS}
    for part, code in codes.items():
        sys.stdout.write(f"{part}: {'clean' if code == 0 else f'NOT CLEAN (exit code {code})'}\n")
    return int(any(codes.values()))


if __name__ == "__main__":
    sys.exit(main())
