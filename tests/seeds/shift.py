"""Run a drawn shift in a world of its own, do to it what the plan says, and hand everything that is left to the judge."""

import logging
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from station.cli.home import Home
from station.core.clock import Stop
from station.core.errors import StationError
from station.core.record import RunRecord
from station.line.crew import Crew
from station.line.line import Outcome
from tests.seeds.people import trouble
from tests.seeds.plan import Plan
from tests.seeds.story import Course, spans
from tests.world.line import Line
from tests.world.world import World, world

SPEED = 100.0
_WATCHDOG = 3.0  # s of the wire, after which the fixture has made everything safe without a word from us
_TOO_LATE = 9000.0  # s of the line: every run is over by then, or something waits for nothing
AT_END = "not safe when its run ended"
_LET_GO = ("LID closed", "ESTOP release")

Truth = dict[str, object]


@dataclass(slots=True)
class Remains:
    """What is left of a shift; everything by slot."""

    plan: Plan
    truths: dict[int, Truth]
    outcomes: dict[int, list[Outcome]]
    records: dict[int, list[RunRecord]]
    course: Course
    unsafe: dict[int, str]
    routed: list[str]
    line_trouble: str
    broken: list[str]


def remains(plan: Plan) -> Remains:
    """Run the shift of `plan` and return what is left of it."""
    before = threading.active_count()
    with TemporaryDirectory() as folder:
        left = _run(plan, Path(folder))
    if (more := threading.active_count() - before) > 0:
        left.broken.append(f"{more} threads are left")
    return left


def quiet() -> None:
    """Keep the logs of runs that are meant to break out of the way."""
    logging.disable(logging.CRITICAL)


def _run(plan: Plan, folder: Path) -> Remains:
    def chosen(home: Home) -> Home:
        return replace(home, config=replace(home.config, recipe=plan.recipe))

    faults = [fault for one in plan.disturbances for fault in one.faults()]
    left = Remains(plan, {}, {}, {}, Course((), (), ()), {}, [], "", [])
    made: World | None = None
    try:
        with world(
            folder, seed=plan.seed, speed=SPEED, documents=False, faults=faults, change=chosen, logging=True, floor=False,
            dmms=plan.pools.dmms, scopes=plan.pools.scopes,
        ) as made:  # fmt: skip
            _test(plan, made, left)
    except StationError as error:  # the bench could not be made safe by us: then the fixture does it
        left.line_trouble = left.line_trouble or str(error)
    except Exception as error:
        left.broken.append(f"{type(error).__name__}: {error}")
    if made is not None:
        _look(made, left)
    return left


def _test(plan: Plan, made: World, left: Remains) -> None:
    left.truths = {guest.slot: made.place(guest.slot, guest.serial, guest.defect) for guest in plan.guests}
    journal = trouble(made)
    tray = {guest.slot: guest.serial for guest in plan.guests}
    line = Line(made.rooms, made.papers, tray, slots=len(made.rig.bench.slots), log=made.loans.append)
    try:
        with Crew(made.clock) as crew:
            crew.start("troublemaker", partial(_disturb, plan, made, line))
            crew.start("patience", partial(_lose_patience, made, line, left))
            line.test()
    except StationError as error:
        left.line_trouble = str(error)
    finally:
        left.unsafe = dict.fromkeys(journal.left_unsafe, AT_END)
        for guest in plan.guests:
            left.outcomes[guest.slot] = [one for one in line.outcomes if one.slot == guest.slot]
            left.records[guest.slot] = [one for one in made.kept.archive.records(guest.serial) if one.ended is not None]
        for words in _LET_GO:
            made.operate(words)


def _disturb(plan: Plan, made: World, line: Line, stop: Stop) -> None:
    """Do each deed at its moment."""
    for deed in sorted((deed for one in plan.disturbances for deed in one.deeds()), key=lambda deed: deed.at):
        made.clock.wait(max(0.0, deed.at - made.clock.now()), stop)
        deed.act(made, line)


def _lose_patience(made: World, line: Line, left: Remains, stop: Stop) -> None:
    made.clock.wait(_TOO_LATE, stop)
    left.broken.append(f"the line still runs after {_TOO_LATE:g} s")
    line.stop_all("nobody waits any longer")


def _look(made: World, left: Remains) -> None:
    """Look at the bench once the fixture's own watchdog has had its time."""
    made.clock.transport.wait(_WATCHDOG, made.clock.stop())
    now = made.clock.now()
    made.rig.fixture.poll(now)
    left.course = Course(spans(made.heard.events), tuple(made.loans), tuple(made.board.log))
    left.routed = [bus.name for bus in made.rig.bench.buses.values() if bus.slot is not None]
    for guest in left.plan.guests:
        slot = made.rig.bench.slot(guest.slot, now)
        works = slot.unit is not None and slot.unit.engine.on
        said = [name for name, holds in (("load", slot.load != "open"), ("charger", slot.charging), ("output", works)) if holds]
        if said:
            left.unsafe[guest.slot] = ", ".join(said)
