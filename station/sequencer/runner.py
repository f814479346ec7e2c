"""Run a sequence on a unit: every step, every exit, one verdict."""

import logging
from dataclasses import dataclass, field

from station.core.errors import InterlockError, SequenceError, Stopped, UndecidedError, UnfitError
from station.core.events import Measured, RunStarted, Skip, as_rows
from station.core.measurement import Measurement
from station.core.record import unproven
from station.core.serial import serial_fault
from station.core.verdict import Verdict, worst
from station.sequencer.sequence import Sequence, Step
from station.sequencer.teller import Sink, Teller
from station.sequencer.unit import Unit

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Course:
    """How a run goes: the verdict of each part so far, and why it ends early."""

    verdicts: list[Verdict] = field(default_factory=list)
    reason: str = ""
    over: bool = False

    def end(self, verdict: Verdict, reason: str) -> None:
        self.verdicts.append(verdict)
        self.reason = self.reason or reason
        self.over = True


def run(sequence: Sequence, unit: Unit, started: RunStarted, sink: Sink) -> Verdict:
    """Test `unit` by `sequence`, tell everything to `sink`, and return the verdict it proposes.

    The verdict counts only when the record that ends with RunEnded is durably kept. Whatever happens in a step, the unit is
    left safe by the sequence's `finish`; an error there is an error of the run.
    """
    teller, course = Teller(started, unit.clock, sink), _Course()
    unit.tell_prompt = teller.prompted
    unit.tell_waiting = teller.waiting
    try:
        teller.started()
        _check(sequence, unit, started)
        for number, step in enumerate(sequence.steps, 1):
            if not course.over:
                _step(step, number, unit, teller, course)
    except Stopped as stopped:
        course.end(Verdict.ABORTED, f"stopped between two steps: {_said(stopped)}")
    except Exception as error:
        _log.exception("the run of %s broke", unit.serial)
        course.end(Verdict.ERROR, _said(error))
    finally:
        _finish(sequence, unit, course)
    return _end(sequence, unit, teller, course)


def _check(sequence: Sequence, unit: Unit, started: RunStarted) -> None:
    """Refuse a flow that does not fit its limits, and a head of the run that tells of another unit or of other limits."""
    sequence.check(unit.limits)
    if fault := serial_fault(unit.serial):
        raise SequenceError(fault)
    if (started.serial, started.slot, started.attempt) != (unit.serial, unit.slot, unit.attempt):
        raise SequenceError(f"the record is begun for {started.serial} in slot {started.slot}, not for {unit.serial}")
    if started.product != sequence.product:
        raise SequenceError(f"the sequence tests {sequence.product}, the limits are of {started.product}")
    if started.recipe != sequence.recipe:
        raise SequenceError(f"the sequence is that of the recipe {sequence.recipe}, the record is begun for {started.recipe}")
    rows = (as_rows(sequence.required(unit.limits)), as_rows(sequence.omitted(unit.limits)))
    if (started.rows, started.omitted) != rows:
        raise SequenceError("the rows on record are not the rows of the loaded limits")


def _step(step: Step, number: int, unit: Unit, teller: Teller, course: _Course) -> None:
    unit.declared = step.ids
    unit.tell = lambda measurement: teller.measured(step.title, measurement)
    teller.step_started(step.title, number, step.ids)
    verdict, error = _do(step, unit, course)
    unit.declared = ()
    course.verdicts.append(verdict)
    teller.step_ended(step.title, verdict, error, unit.taken())
    if unit.unsafe and not course.over:
        course.over = True


def _do(step: Step, unit: Unit, course: _Course) -> tuple[Verdict, str]:
    error = unfit = ""
    try:
        unit.stop.check()
        step.body(unit)
        unit.stop.check()  # a step that swallowed the stop does not get away with it
    except UndecidedError as undecided:
        for row_id in _open(step, unit):
            unit.undecided(row_id, str(undecided))
        unfit = str(undecided) if isinstance(undecided, UnfitError) else ""
    except (Stopped, InterlockError) as stopped:
        error = _said(stopped)
        course.end(Verdict.ABORTED, f"stopped in step {step.title!r}: {error}")
    except Exception as fault:
        _log.exception("step %r of %s broke", step.title, unit.serial)
        error = _said(fault)
        course.end(Verdict.ERROR, f"station error in step {step.title!r}: {error}")
    if not course.over and (rule := unit.broken or _left_open(step, unit)):
        error = rule
        course.end(Verdict.ERROR, f"step {step.title!r}: {error}")
    if unfit and not course.over:
        course.end(Verdict.INCONCLUSIVE, unfit)
    early = course.verdicts[-1:] if course.over else []
    return worst([*_verdicts(step.ids, unit), *early] or [Verdict.PASS]), error


def _open(step: Step, unit: Unit) -> list[str]:
    measured = unit.measurements
    return [row_id for row_id in step.ids if row_id not in measured]


def _left_open(step: Step, unit: Unit) -> str:
    left = _open(step, unit)
    return f"declared and not measured: {', '.join(left)}" if left else ""


def _verdicts(ids: tuple[str, ...], unit: Unit) -> list[Verdict]:
    measured = unit.measurements
    return [measured[row_id].verdict for row_id in ids if row_id in measured]


def _finish(sequence: Sequence, unit: Unit, course: _Course) -> None:
    try:
        sequence.finish(unit)
    except InterlockError as interlock:  # the fixture itself has made the slot safe
        course.end(Verdict.ABORTED, _said(interlock))
    except (Exception, Stopped) as error:
        _log.exception("the slot of %s could not be made safe", unit.serial)
        course.end(Verdict.ERROR, f"the slot could not be made safe: {_said(error)}")


def _end(sequence: Sequence, unit: Unit, teller: Teller, course: _Course) -> Verdict:
    struck = _fault(unit, course)
    proposed = _proposed(unit, teller, course)
    first_fail = next((row_id for row_id, one in unit.measurements.items() if one.verdict is Verdict.FAIL), "")
    verdict = Verdict.ERROR if struck else proposed
    reason = f"all measurements are struck out: {struck}" if struck else _reason(verdict, unit, first_fail, course)
    because = unit.unsafe or course.reason or "the run ended"
    ids = [row_id for step in sequence.steps for row_id in step.ids]
    skipped = tuple(Skip(row_id, because) for row_id in ids if row_id not in unit.measurements)
    teller.ended(verdict, reason, "" if struck else first_fail, skipped, struck or "")
    return verdict


def _fault(unit: Unit, course: _Course) -> str | None:
    """Return what makes the run's evidence worthless; a bench that cannot be asked spoils a PASS, and strikes no FAIL."""
    try:
        return unit.bench.fault(unit.slot)
    except (Exception, Stopped) as error:
        _log.exception("the bench could not be checked after the run of %s", unit.serial)
        course.end(Verdict.ERROR, f"the bench could not be checked: {_said(error)}")
        return None


def _proposed(unit: Unit, teller: Teller, course: _Course) -> Verdict:
    """Return the worst of all parts and of all that was told; a PASS only when what was told proves it."""
    told = {event.verdict for event in teller.told if isinstance(event, Measured)}
    verdict = worst([*course.verdicts, *(Verdict[word] for word in told)])
    if verdict is Verdict.PASS and (fault := unit.broken or unproven(teller.told)):
        course.end(Verdict.ERROR, f"this is no pass: {fault}")
        return Verdict.ERROR
    return verdict


def _reason(verdict: Verdict, unit: Unit, first_fail: str, course: _Course) -> str:
    if verdict is Verdict.PASS:
        return "every row was measured once and passed"
    if verdict is Verdict.FAIL and first_fail:
        return in_words(unit.measurements[first_fail])
    open_rows = (one for one in unit.measurements.values() if one.verdict is not Verdict.PASS)
    return course.reason or next((in_words(one) for one in open_rows), "nothing was judged")


def in_words(one: Measurement) -> str:
    """Return a row that did not pass as a sentence for people: what it is, what was found, and why that is not a pass."""
    if isinstance(one.value, bool | str) or one.value is None:
        return f"{one.limit.id} {one.limit.title}: {one.reason}"
    return f"{one.limit.id} {one.limit.title}: {_shown(one, one.value)} {one.limit.unit.printed}, {one.reason}"


def _shown(one: Measurement, value: float) -> str:
    """Return `value` in the row's unit with five digits, or as many as it takes to be read as what `one` was judged to be."""
    limit, counted = one.limit, one.limit.unit.from_si(value)
    for shown in (f"{counted:.5g}", f"{counted:.9g}"):
        if limit.judge(type(value)(limit.unit.to_si(float(shown))), one.u)[1] == one.reason:
            return shown
    return repr(counted)


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
