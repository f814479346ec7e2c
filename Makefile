# Each target sets up what it needs. The station's own command afterwards: .venv/bin/station
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The tests start hundreds of processes. Where a host forbids to keep compiled code, each of them compiles the station, and each
# worker all tests, anew: a quarter of the processor's time.
unexport PYTHONDONTWRITEBYTECODE
# Who runs processes need not import the files without one; tests/test_house.py says that no mark is overlooked. The longest is first.
PROCESSES = tests/test_wheel.py $(shell grep -rlE --include='test_*.py' 'mark\.(process|wheel)' tests)

.PHONY: demo test test-memory test-processes check bench study soak clean
demo: $(READY)
	$(BIN)/station demo

# Two parts side by side, each shown when it ends: what runs processes on hurried clocks waits far more than it computes, and
# comes first when it wants a core; fakes, transcripts and the line in memory take what is left of all cores.
test: $(READY)
	@echo "Two parts side by side, in all four to five minutes on two cores; each is shown when it ends."
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-memory test-processes

test-memory: $(READY)
	nice -n 19 $(BIN)/python -m pytest -q -n auto --dist worksteal -m "not process and not wheel and not hungry"

test-processes: $(READY)
	$(BIN)/python -m pytest -q -n 3 --dist worksteal -m "(process or wheel) and not hungry" $(PROCESSES)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/core tests/clocks tests/sequencer --cov=station.core --cov=station.sequencer --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

bench: $(READY)
	$(BIN)/python -m benchmarks $(BENCH)

# Some hours on both cores; it goes on where it was broken off. A small one: make study STUDY="--units-per-defect 2 --good 40"
study: $(READY)
	$(BIN)/python -m benchmarks.study $(STUDY)

# What is too long for every change: every cell of the fault matrix, every stop, 10,000 disturbed shifts, 200 crashes.
soak: $(READY)
	$(BIN)/python -m pytest -q -m hungry
	$(BIN)/python -m tests.soak

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage demo dist build

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "CPython 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Say make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)
