"""The same work by plain pytest with its XML report: `python -m benchmarks.peers.plain_pytest FOLDER`, in a venv that has it."""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path

from benchmarks.peers.timing import HIGH, LOW, RUNS, STEPS, UNIT_STEPS, UNITS, VALUE, quiet, tell, timed

_TEST = f"""import pytest

@pytest.mark.parametrize("number", range({{steps}}))
def test_step(number, record_property):
    value = {VALUE!r}
    record_property("value", value)
    assert {LOW!r} <= value <= {HIGH!r}
"""


def work(steps: int, folder: Path) -> Callable[[], object]:
    """Return what runs a file of `steps` tests, each with one measurement, and writes their report."""
    pytest, numbers = import_module("pytest"), count(1)
    file, settings = folder / f"test_{steps}_steps.py", folder / "empty.ini"
    file.write_text(_TEST.format(steps=steps), encoding="utf-8")
    settings.write_text("[pytest]\n", encoding="utf-8")

    def execute() -> None:
        report = f"--junitxml={folder / f'{steps}-{next(numbers)}.xml'}"
        if pytest.main(["-q", "-p", "no:cacheprovider", "-c", str(settings), report, str(file)]) != 0:
            raise RuntimeError("the benchmark's unit did not pass")

    return execute


def main(folder: Path) -> None:
    """Do the work and print what it took."""
    with quiet():
        figures = {"steps": timed(work(STEPS, folder), RUNS), "unit": timed(work(UNIT_STEPS, folder), UNITS)}
    tell(figures)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
