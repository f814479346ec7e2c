"""Say at the end what each unit came to, in words, and where its document is."""

import sys
from collections.abc import Iterable
from dataclasses import astuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from station.certificates.results import number
from station.certificates.rounding import Bounds, Figures, figures
from station.cli.modes import Mode
from station.cli.signs import SIGNS, STYLES
from station.core.events import Row
from station.core.record import RowResult
from station.line.admission import Refusal
from station.line.line import Outcome
from station.quality.runs import ended_runs
from station.quality.shares import Share
from station.quality.yields import pareto, yields
from station.store.archive import Archive

_MOST_ROWS = 4
_OTHERS = {False: "simulated ones: station yield --simulated", True: "real ones: station yield"}
_WIDE = 110  # columns from which a table has room for what failed


def print_outcomes(outcomes: list[Outcome], mode: Mode) -> None:
    """Print a line for each unit on stdout: slot, serial, verdict, why, and its document; nothing in JSON mode."""
    match mode.chosen():
        case Mode.JSON:
            return
        case Mode.RICH:
            _table(outcomes)
        case _:
            for outcome in outcomes:
                issued = f"  {outcome.issued.number}" if outcome.issued else ""
                words = "; ".join(_words(outcome))
                sys.stdout.write(
                    f"slot {outcome.slot}  {outcome.serial}  {outcome.verdict.name}{issued}{'  ' if words else ''}{words}\n"
                )


def _table(outcomes: list[Outcome]) -> None:
    """Print a table; on a narrow terminal what failed stands below it, in lines of its own."""
    console = Console()
    wide = console.width >= _WIDE
    table = Table(pad_edge=False, box=None, header_style="dim")
    for column in ("slot", "serial", "verdict", "document", *(["what failed"] if wide else [])):
        table.add_column(column, no_wrap=column != "what failed", overflow="fold")
    for outcome in outcomes:
        name = outcome.verdict.name
        table.add_row(
            str(outcome.slot), Text(outcome.serial), Text(f"{SIGNS[name]} {name}", style=STYLES[name]),
            outcome.issued.number if outcome.issued else "–", *([Text("\n".join(_words(outcome)))] if wide else []),
        )  # fmt: skip
    console.print()
    console.print(table)
    if not wide:
        for outcome in outcomes:
            for words in _words(outcome):
                console.print(Text(f"slot {outcome.slot}: {words}"))


def _words(outcome: Outcome) -> list[str]:
    words = [outcome.trouble] if outcome.trouble else []
    if outcome.record is None:
        return words or [outcome.reason]
    if outcome.verdict.name == "PASS" and not outcome.record.certifiable:
        words.append("engineering mode, no certificate: the limits are not released")
    failing = outcome.record.failing
    words += [in_words(result) for result in failing[:_MOST_ROWS]]
    if len(failing) > _MOST_ROWS:
        words.append(f"and {len(failing) - _MOST_ROWS} rows more")
    return words if failing or outcome.verdict.name == "PASS" else [*words, outcome.reason]


def in_words(result: RowResult) -> str:
    """Return a failing row as a sentence: what it is, what was found, what is allowed."""
    row, measured = result.row, result.measured
    head = f"{row.id} {row.title}" + (f" ({row.condition})" if row.condition else "")
    if measured is None or measured.value is None or row.kind in ("text", "flag"):
        return f"{head}: {measured.reason if measured else result.word}"
    said = _figures(result)
    return f"{head}: {said.value} {_sign(row)}".rstrip() + f"; allowed {_allowed(said.accept_low, said.accept_high)}"


def _figures(result: RowResult) -> Figures:
    """Return the row's figures with the digits that they have on paper: rounded, a value never lies where it was not."""
    row, u = result.row, None if result.measured is None else result.measured.u
    bounds = Bounds(row.low, row.high, row.accept_low, row.accept_high)
    said = figures(number(result), None if u is None else 2 * u, bounds, row.scale)
    return Figures(*(one.replace("−", "-") for one in astuple(said)))


def _allowed(low: str, high: str) -> str:
    if not low or not high:
        return f"at least {low}" if low else f"at most {high}"
    return low if low == high else f"{low} to {high}"


def _sign(row: Row) -> str:
    return "" if row.unit in ("1", "pulses") else row.printed


def print_yields(archive: Archive, *, is_simulated: bool) -> None:
    """Print first-pass yield by product and by line, and what failed first, of real runs or of simulated ones."""
    with archive.reading() as connection:
        runs = ended_runs(connection, simulated=is_simulated)
        others = () if runs else ended_runs(connection, simulated=not is_simulated)
    found, kind = yields(runs), "simulated" if is_simulated else "production"
    out = sys.stdout
    out.write(f"\nYield of {kind} runs ({found.runs.of} that count)\n")
    if others:
        out.write(f"  none, but {len(others)} {_OTHERS[is_simulated]}\n")
    if trials := sum(run.run_type == "debug" for run in runs):
        out.write(f"  {trials} run{'' if trials == 1 else 's'} in engineering mode {'does' if trials == 1 else 'do'} not count\n")
    for name, share in (
        ("product first-pass yield", found.product.first), ("line first-pass yield (ERROR counts)", found.line.first),
        ("final yield", found.product.last), ("station errors", found.station_errors),
    ):  # fmt: skip
        out.write(f"  {name:<38} {_share(share)}\n")
    for bar in pareto(runs):
        out.write(f"  first to fail: {bar.row_id:<10} {bar.count} ({bar.share:.0%})\n")


def _share(share: Share) -> str:
    interval = share.interval()
    if share.value is None or interval is None:
        return "– (nothing that counts)"
    few = "" if share.enough else f"; n = {share.of} is few"
    return f"{share.value:6.1%}  ({share.good} of {share.of}; 95 % interval {interval[0]:.0%} to {interval[1]:.0%}{few})"


def print_refusals(refusals: Iterable[Refusal]) -> None:
    """Print who was not tested, and why, on stderr."""
    for refusal in refusals:
        sys.stderr.write(f"station: {refusal.where} refused: {refusal.why}\n")
