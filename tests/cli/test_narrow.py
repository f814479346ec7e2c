"""Tables on terminals that are too narrow for them: no word is broken, and nothing is left out."""

import io
import re
import sys
from pathlib import Path

import pytest

from station.cli.budget_table import print_budget
from station.cli.home import read
from station.cli.limits import said, table
from station.cli.modes import Mode
from station.cli.tables import print_rows
from station.cli.uncertainty import found

ROOT = Path(__file__).parents[2]
COLUMNS = ("id", "what", "wrong reject", "units")
ROWS = (("CUR.313", "Peak current L3 at compliance", "0.011 %", ""), ("CUR.310", "Peak current L3", "7.9 ppm", "given"))


class Terminal(io.StringIO):
    """Output that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> Terminal:
    """Let what is printed from now on in a test go to a terminal of `width` columns."""
    made = Terminal()
    monkeypatch.setattr(sys, "stdout", made)
    for name, value in {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(width)}.items():
        monkeypatch.setenv(name, value)
    return made


def shown(screen: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())


def test_a_wide_terminal_shows_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, 100)

    print_rows(COLUMNS, ROWS, drawn=True, title="Risks")

    assert "│ CUR.313 │" in shown(screen)


def test_a_narrow_one_shows_a_paragraph_for_each_row_without_its_empty_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, 40)

    print_rows(COLUMNS, ROWS, drawn=True, title="Risks")

    first, second, third = (part.splitlines() for part in shown(screen).strip().split("\n\n"))
    assert ["Risks"] == first
    assert ["CUR.313", "  what          Peak current L3 at", "compliance", "  wrong reject  0.011 %"] == [
        line.rstrip() for line in second
    ]
    assert "  units         given" == third[-1].rstrip()


@pytest.mark.parametrize(("width", "columns"), [(80, 5), (120, 8), (170, 9)])
def test_a_budget_shows_all_of_each_line_at_any_width(monkeypatch: pytest.MonkeyPatch, width: int, columns: int) -> None:
    screen = terminal(monkeypatch, width)

    print_budget(found(read(ROOT), "CUR.313"), Mode.AUTO)

    words = shown(screen)
    assert columns == next(line for line in words.splitlines() if "component" in line).count("┃") - 1
    assert all(len(line) <= width for line in words.splitlines())
    for word in ("sense resistor", "200 mΩ", "normal", "-3.9e-07", "0.039 µA", "89.3%", "certificate"):
        assert word in words


def test_on_the_narrowest_each_component_of_a_budget_is_a_paragraph_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch, 40)

    print_budget(found(read(ROOT), "CUR.313"), Mode.AUTO)

    lines = [line.rstrip() for line in shown(screen).splitlines()]
    assert all(len(line) <= 40 for line in lines)
    assert {"sense resistor", "  value ±       200 mΩ", "  u_i           0.039 µA", "  share         89.3%"} <= set(lines)


@pytest.mark.parametrize("width", [40, 80, 100, 160])
def test_no_limit_is_cut_off_at_any_width(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    screen = terminal(monkeypatch, width)

    table(None, ROOT)

    shown_words = set(re.split(r"[\s│┃]+", shown(screen)))
    limits = read(ROOT).limits.limits
    assert all(len(line) <= width for line in shown(screen).splitlines())
    assert set(limits) <= shown_words
    assert {
        said(limit, bound) for limit in limits.values() for bound in (limit.low, limit.high, *limit.acceptance)
    } <= shown_words
