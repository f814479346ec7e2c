"""One cell of the fault matrix: a whole run with one fault in one exchange, and the law that must hold for it.

A reference run tells how many exchanges there are on each link and what each of them asks; a cell replays it with one fault.
"""

import logging
import math
import random
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from station.core.errors import StationError
from station.core.record import RunRecord
from station.core.verdict import Verdict
from station.line.line import Outcome
from station.simulator.faults import Fault
from tests.world.switchboard import Exchange
from tests.world.world import World, world

KINDS = (
    "silence", "late", "duplicate", "truncate", "garble", "extra_line", "half_then_stall", "close", "reset", "one_byte",
)  # fmt: skip
SECONDS = {"late": 3.0, "one_byte": 1.0}  # of the wire; the rest wait for ever
SPEED = 100.0
SEED = 3
_FOREVER = 1e9
_WATCHDOG = 3.0  # s of the wire, after which the fixture has made everything safe without a word from us
_FAR = 8.0  # standard uncertainties: two runs of one unit differ by noise, a foreign value by more
_LOOKS_FOR_SKIN = {
    "CON.030": 0.1,
    "CON.040": 0.1,
}  # s: between two looks of the unit, so the value depends on when the load is switched
_INSTRUMENT = re.compile(r"(dmm 34461A|scope DSOX1204G)")
_COMMAND = re.compile(r"(last asked '|answered |refused '| to :)")
_REMEDY = re.compile(r"(test the unit again|service|start again|is it switched on|Connect that one|close the lid)")

Values = dict[str, tuple[float, float]]
"""Each row's number and standard uncertainty, by id."""


@dataclass(frozen=True, slots=True)
class Course:
    """The exchanges of a run without faults, and what it measured; each exchange with the part of the story it belongs
    to, and whether it was the last of the test on its link.
    """

    exchanges: tuple[tuple[str, Exchange, bool], ...]
    values: Values
    dmms: int = 1

    def cells(self) -> list["Cell"]:
        """Return every cell of the matrix: each exchange with each kind of fault."""
        return [
            Cell(one.link, one.number, kind, part, _asked(one), last, self.dmms)
            for part, one, last in self.exchanges
            for kind in KINDS
        ]


@dataclass(frozen=True, slots=True)
class Cell:
    """A fault: the how-manieth answer of which link goes wrong in which way; `part` is opening, test or closing."""

    link: str
    number: int
    kind: str
    part: str
    asked: str
    last: bool
    dmms: int = 1

    @property
    def fault(self) -> Fault:
        """Return the fault as the simulator takes it."""
        return Fault(self.link, self.number, self.kind, SECONDS.get(self.kind, _FOREVER))

    def __str__(self) -> str:
        """Return the cell as a person reads it."""
        return f"{self.link} {self.number} {self.kind} ({self.part}: {self.asked})"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a cell: the verdict's name, or `refused` when the station did not open; and every breach of the law."""

    cell: Cell
    verdict: str
    breaches: tuple[str, ...]


def _asked(one: Exchange) -> str:
    return one.asked.decode("ascii", "replace").strip()[:40]


def values_of(record: RunRecord) -> Values:
    """Return the numbers of a record, in SI."""
    found = ((row.row.id, row.measured) for row in record.rows)
    return {
        name: (float(one.value), one.u)
        for name, one in found
        if one is not None and isinstance(one.value, float) and one.u is not None
    }


def course(dmms: int = 1) -> Course:
    """Run one good unit without a fault on a bench of so many DMMs, and return what was exchanged."""
    with TemporaryDirectory() as folder:
        with world(Path(folder), seed=SEED, speed=SPEED, dmms=dmms, documents=False, logging=True) as made:
            outcome = made.test({1: "SN1"})[0]
        assert outcome.verdict is Verdict.PASS, outcome.reason
        assert outcome.record is not None
        log, begun, ended = made.board.log, made.heard.marks[0], made.heard.marks[-1]
        parts = ["opening"] * begun + ["test"] * (ended - begun) + ["closing"] * (len(log) - ended)
        lasts = {one.link: at for at, one in enumerate(log[:ended])}
        told = zip(parts, log, (at == lasts[one.link] for at, one in enumerate(log)), strict=True)
        return Course(tuple(told), values_of(outcome.record), dmms)


def fate(cell: Cell, values: Values) -> Fate:
    """Replay the run with the fault of `cell` and tell what became of it."""
    before = threading.active_count()
    with TemporaryDirectory() as folder:
        found = _replayed(cell, Path(folder), values)
    left = threading.active_count() - before
    return Fate(cell, found.verdict, (*found.breaches, f"{left} threads are left")) if left else found


def _replayed(cell: Cell, folder: Path, values: Values) -> Fate:
    made: World | None = None
    outcomes: list[Outcome] = []
    breaches: list[str] = []
    try:
        with world(folder, seed=SEED, speed=SPEED, dmms=cell.dmms, documents=False, faults=[cell.fault]) as made:
            line = made.line({1: "SN1"}, (), {"SN1": "good"})
            try:
                line.test()
            finally:
                outcomes = line.outcomes
    except StationError as trouble:  # the bench did not open, or could not be made safe by us: then the fixture does it
        breaches += [] if _REMEDY.search(str(trouble)) else [f"no remedy in: {trouble}"]
    except Exception as error:
        breaches.append(f"{type(error).__name__}: {error}")
    if not outcomes:
        return Fate(cell, "refused", (*breaches, *([] if cell.part == "opening" else ["nothing was tested"])))
    assert made is not None
    return Fate(cell, outcomes[0].verdict.name, (*breaches, *_breaches(cell, made, outcomes[0], values)))


def _breaches(cell: Cell, made: World, outcome: Outcome, values: Values) -> list[str]:
    breaches = [] if _is_safe(made) else ["the slot was not left safe"]
    if outcome.record is None:
        begun = [] if not made.heard.events else [f"begun and not on record: {outcome.reason}"]
        return [*breaches, *begun, *_unclear(cell, outcome.reason)]
    if outcome.verdict is Verdict.FAIL:
        breaches.append(f"a good unit failed: {outcome.reason}")
    if outcome.verdict is Verdict.PASS:
        breaches += _false_values(outcome.record, values)
        if cell.part == "test" and not _may_pass(cell):
            breaches.append("a pass with a fault in its evidence")
    if outcome.verdict in (Verdict.ERROR, Verdict.ABORTED):
        breaches += _unclear(cell, outcome.reason)
    return breaches


def _may_pass(cell: Cell) -> bool:
    """Say which faults are healed by rule, or spoil nothing.

    Bytes may come one by one; the fixture's protocol repeats; what comes behind the last answer of a test spoils none. A look
    whether all readings are there is no evidence: one that tells too few is followed by the next, and one that tells too many by
    readings that are missing.
    """
    healed = cell.link == "fixture" and cell.kind not in ("close", "reset")
    cut_look = cell.asked == ":DATA:POIN?" and cell.kind == "truncate"
    return cell.kind == "one_byte" or healed or cut_look or (cell.last and cell.kind == "duplicate")


def _false_values(record: RunRecord, values: Values) -> list[str]:
    found = values_of(record)
    missing = [f"{name} is missing from a pass" for name in values.keys() - found.keys()]
    far = [
        f"{name} is {found[name][0]:.6g}, was {value:.6g} without the fault"
        for name, (value, u) in values.items()
        if name in found and abs(found[name][0] - value) > _FAR * math.hypot(u, found[name][1]) + _LOOKS_FOR_SKIN.get(name, 1e-12)
    ]
    return missing + far


def _unclear(cell: Cell, reason: str) -> list[str]:
    if cell.link == "fixture":
        return [] if _REMEDY.search(reason) else [f"no remedy in: {reason}"]
    wanted = (("instrument", _INSTRUMENT), ("command", _COMMAND), ("remedy", _REMEDY))
    return [f"no {what} in: {reason}" for what, pattern in wanted if not pattern.search(reason)]


def _is_safe(made: World) -> bool:
    """Tell whether the bench is safe, by our hand or, where the line is lost, by the fixture's own watchdog."""
    made.clock.transport.wait(_WATCHDOG, made.clock.stop())
    made.rig.fixture.poll(made.clock.now())
    return made.is_safe


def sample(cells: Sequence[Cell], count: int, seed: int) -> list[Cell]:
    """Return `count` of the cells: as many of each kind on each link, drawn from `seed`."""
    chance = random.Random(seed)
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.link, cell.kind), []).append(cell)
    rounds = math.ceil(count / len(groups))
    drawn = [chance.sample(group, min(rounds, len(group))) for group in groups.values()]
    return [cell for group in drawn for cell in group][:count]


def quiet() -> None:
    """Keep the logs of runs that are meant to break out of the way."""
    logging.disable(logging.CRITICAL)
