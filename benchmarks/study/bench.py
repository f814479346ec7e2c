"""Test a shard: its units, one bench of its own, the whole station in memory on a clock that is turned by hand."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.study.kinds import KINDS
from benchmarks.study.plan import Shard
from benchmarks.study.seen import Seen, seen
from station.cli.home import Home
from station.core.canonical import Json, digest
from station.core.measurement import Evidence
from station.core.recipe import Recipe
from station.core.waveform import Waveform
from station.line.line import Outcome
from tests.world.line import Line, MemoryHand
from tests.world.world import World, world

SLOTS = 16
"""Slots of the bench: enough that units wait for each other's instruments."""


class TellingHand(MemoryHand):
    """A hand that asks for the truth about each unit as it puts it in: later the cell is emptier."""

    def __init__(self, operate: Callable[[str], str], defects: Mapping[str, str]) -> None:
        super().__init__(operate, defects)
        self._ask = operate
        self.truths: dict[str, Mapping[str, Json]] = {}

    def change(self, slot: int, out: Outcome | None, into: str) -> None:
        """Change units, and remember what is true of the new one."""
        super().change(slot, out, into)
        self.truths[into] = json.loads(self._ask(f"TRUTH {slot}").removeprefix("OK "))


def seen_in(shard: Shard, change: Callable[[Home], Home] = lambda home: home) -> list[Seen]:
    """Test every unit of `shard`, once, and return what was seen; `change` alters the station's documents."""
    outcomes, truths = outcomes_of(shard, change)
    return [seen(shard.seed, shard.kind, one, truths[one.serial]) for one in outcomes]


def outcomes_of(
    shard: Shard, change: Callable[[Home], Home] = lambda home: home
) -> tuple[list[Outcome], dict[str, Mapping[str, Json]]]:
    """Test every unit of `shard`, once, and return what each came to, and the truth about each by serial."""
    kind, slots = KINDS[shard.kind], min(SLOTS, shard.count)
    with (
        tempfile.TemporaryDirectory(prefix="study-") as folder,
        world(
            Path(folder), seed=shard.seed, slots=slots, documents=False, floor=False, change=_by(kind.recipe, change)
        ) as made,
    ):  # fmt: skip
        made.operate(kind.lot)
        hand = TellingHand(made.operate, dict.fromkeys(shard.serials, kind.defect))
        return _line(made, shard.serials, slots, hand).test(), hand.truths


def _line(made: World, serials: tuple[str, ...], slots: int, hand: TellingHand) -> Line:
    placed = dict(enumerate(serials[:slots], 1))
    rooms = replace(made.rooms, keep=_looked_at)
    return Line(rooms, made.papers, placed, serials[slots:], slots=slots, hand=hand)


def _looked_at(waveform: Waveform, title: str) -> Evidence:
    """Keep nothing of a waveform: a study has some hundred thousand of them, and their rows are judged."""
    return Evidence(digest(waveform.volts.tobytes()), title, "application/x-npz", waveform.volts.nbytes)


def _by(recipe: Recipe, change: Callable[[Home], Home]) -> Callable[[Home], Home]:
    def changed(home: Home) -> Home:
        return change(replace(home, config=replace(home.config, recipe=recipe)))

    return changed
