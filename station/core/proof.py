"""Prove a PASS from the record alone: what an event claims is checked against the row as it was applied."""

from collections.abc import Iterator

from station.core.events import Measured, Row, RunStarted
from station.core.finite import finite
from station.core.limit import Kind
from station.core.recipe import belongs


def doubt(row: Row, measured: Measured) -> str | None:
    """Return why `measured` does not prove that `row` passed, or None when it does."""
    if measured.verdict != "PASS":
        return f"is {measured.verdict}"
    match row.kind:
        case Kind.TEXT:
            proven = type(measured.value) is str and measured.value == row.expect
        case Kind.FLAG:
            proven = type(measured.value) is bool and measured.value is row.expect
        case Kind.COUNT:
            proven = type(measured.value) is int and _inside(row, measured.value)
        case _:
            proven = finite(measured.value) and _known(row, measured) and _inside(row, measured.value)
    return None if proven else f"claims PASS, which {measured.value!r} ± {measured.u!r} does not prove"


def _known(row: Row, measured: Measured) -> bool:
    """Return whether the value is in the row's unit and known as well as the row demands."""
    if not finite(measured.u) or row.u_max is None or measured.si != row.si:
        return False
    return 0 <= measured.u <= row.u_max


def _inside(row: Row, value: float) -> bool:
    """Return whether `value` is inside tolerance and acceptance limits; a bound that is NaN lets nothing in."""
    least = _above(row.low, value) and _above(row.accept_low, value)
    return _bounded(row) and least and _below(row.high, value) and _below(row.accept_high, value)


def _bounded(row: Row) -> bool:
    low = row.low is not None or row.accept_low is not None
    return low or row.high is not None or row.accept_high is not None


def _above(bound: float | None, value: float) -> bool:
    return bound is None or value >= bound


def _below(bound: float | None, value: float) -> bool:
    return bound is None or value <= bound


def misplaced(started: RunStarted) -> Iterator[str]:
    """Yield why the rows of a run are not those of its recipe: one that is not measured by it, or is and was left out."""
    recipe, required = started.recipe, {row.id for row in started.rows}
    yield from (f"{row.id} is no row of the recipe {recipe!r}" for row in started.rows if not belongs(row.recipes, recipe))
    for row in started.omitted:
        if belongs(row.recipes, recipe) or row.id in required:
            yield f"{row.id} was left out, and the recipe {recipe!r} measures it"
