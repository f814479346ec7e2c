"""The date and the time of day of an instrument: set and read back, but standing still, since nothing here depends on them."""

from collections.abc import Callable

from station.simulator.scpi.numbers import number, whole
from station.simulator.scpi.table import Call, Table


def install_calendar(table: Table) -> None:
    """Put SYSTem:DATE (year, month, day) and SYSTem:TIME (hour, minute, second) into `table`."""
    for word, usual in (("DATE", (2026.0, 1.0, 1.0)), ("TIME", (0.0, 0.0, 0.0))):
        _install(table, f"SYSTem:{word}", list(usual))


def _install(table: Table, header: str, parts: list[float]) -> None:
    def order(call: Call) -> None:
        parts[:] = [number(text) for text in call.exactly(3)]

    table.add(header, order=order)
    table.ask(header, _said(parts))


def _said(parts: list[float]) -> Callable[[], str]:
    return lambda: ",".join(map(whole, parts))
