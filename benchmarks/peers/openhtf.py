"""The same work, done by OpenHTF with its JSON output: `python -m benchmarks.peers.openhtf FOLDER`, in a venv that has it."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.peers.timing import HIGH, LOW, RUNS, STEPS, UNIT_STEPS, UNITS, VALUE, quiet, tell, timed


def work(steps: int, folder: Path) -> Callable[[], object]:
    """Return what tests one unit by `steps` phases, each with one measurement, and writes its record as JSON."""
    htf, json_factory = import_module("openhtf"), import_module("openhtf.output.callbacks.json_factory")

    def phase(name: str) -> object:
        def body(test) -> None:  # type: ignore[no-untyped-def]  # what OpenHTF hands in has no type that we could name here
            test.measurements[name] = VALUE

        body.__name__ = f"step_{name}"
        return htf.measures(htf.Measurement(name).in_range(LOW, HIGH))(body)

    test = htf.Test(*(phase(f"cur_{number}") for number in range(steps)), test_name=f"{steps} steps")
    test.add_output_callbacks(json_factory.OutputToJSON(str(folder / "{dut_id}.{start_time_millis}.json")))

    def execute() -> None:
        if not test.execute(test_start=lambda: "SN1"):
            raise RuntimeError("the benchmark's unit did not pass")

    return execute


def main(folder: Path) -> None:
    """Do the work and print what it took."""
    with quiet():
        figures = {"steps": timed(work(STEPS, folder), RUNS), "unit": timed(work(UNIT_STEPS, folder), UNITS)}
    tell(figures)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
