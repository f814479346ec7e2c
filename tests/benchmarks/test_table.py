"""The page of the figures is made from the lines alone, and is up to date."""

import json

import pytest

from benchmarks.report import say
from benchmarks.table import LINES, PAGE, Run, figures, merged, page, quantity, remarks, stamped

RUN = Run("2026-11-22", "2 cores")


def printed(capsys: pytest.CaptureFixture[str], bench: str, value: float, target: float | None = 1.0) -> str:
    say(bench, f"what {bench} takes", value, "s", 2.0, target)
    return capsys.readouterr().out.strip()


def test_a_figure_at_its_target_is_met_and_one_above_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [printed(capsys, "a", value) for value in (2.0, 2.1)]

    assert [True, False] == [one.met for one in figures(lines)]


def test_a_figure_without_a_target_is_neither_met_nor_missed(capsys: pytest.CaptureFixture[str]) -> None:
    line = printed(capsys, "a", 2.0, None)

    assert [None] == [one.met for one in figures([line])]
    assert "0 of 0 targets are met" in page(stamped([line], RUN), {})


def test_what_make_echoes_is_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [".venv/bin/python -m benchmarks", printed(capsys, "a", 1.0), ""]

    assert 1 == len(figures(lines))


def test_a_run_of_one_benchmark_replaces_its_own_lines_and_leaves_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    kept = stamped([printed(capsys, "a", 1.0), printed(capsys, "b", 1.0)], RUN)
    fresh = stamped([printed(capsys, "b", 3.0)], RUN)

    values = {one.bench: one.value for one in figures(merged(kept, fresh))}

    assert {"a": 1.0, "b": 3.0} == values


def test_the_page_says_what_is_met_what_is_missed_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    kept = stamped([printed(capsys, "a", 1e-3), printed(capsys, "a", 3.0)], RUN)

    text = page(kept, {"a": "The second one waits for the disk."})

    assert "Measured 2026-11-22, 2 cores. 1 of 2 targets are met." in text
    assert "| what a takes | 1 ms | 2 s | 0.0005 | ≤ 1 | ✔ yes |" in text
    assert "| what a takes | 3 s | 2 s | 1.5 | ≤ 1 | ✘ no |" in text
    assert "The second one waits for the disk." in text


def test_of_a_grid_the_worst_cell_is_told_and_how_many_met_the_target(capsys: pytest.CaptureFixture[str]) -> None:
    for cell, value in enumerate((1.0, 2.5, 1.5, 3.0, 1.0, 1.0, 1.0)):
        say("a", f"bias: cell {cell}", value, "s", 2.0, 1.0)
    kept = stamped(capsys.readouterr().out.splitlines(), RUN)

    text = page(kept, {})

    assert "| bias: worst of 7 cells, 5 of which met the target (cell 3) | 3 s | 2 s | 1.5 | ≤ 1 | ✘ no |" in text
    assert "cell 1" not in text
    assert "5 of 7 targets are met" in text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.0, "s", "0 s"), (1.5e-5, "s", "15 µs"), (0.0123, "s", "12.3 ms"), (63632.9, "s", "63633 s"), (78.9, "MB", "78.9 MB")],
)
def test_a_quantity_has_three_digits_and_short_times_a_prefix(value: float, unit: str, text: str) -> None:
    assert text == quantity(value, unit)


def test_the_page_in_the_docs_is_the_one_that_the_lines_make() -> None:
    kept = LINES.read_text(encoding="utf-8").splitlines()

    assert page(kept, remarks()) == PAGE.read_text(encoding="utf-8")


def test_every_benchmark_that_misses_a_target_says_why() -> None:
    kept = LINES.read_text(encoding="utf-8").splitlines()

    silent = {one.bench for one in figures(kept) if one.met is False and not remarks().get(one.bench)}

    assert set() == silent
    assert all({"date", "machine"} <= set(json.loads(line)) for line in kept)
