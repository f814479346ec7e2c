"""Hold what is left of a disturbed shift against the law: which verdicts may stand, what must be on record, what must be safe."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from station.core.record import RowResult, RunRecord
from station.core.verdict import Verdict
from station.line.line import Outcome
from station.simulator.tolerances import TOLERANCES
from tests.seeds.plan import Guest
from tests.seeds.shift import AT_END, Remains
from tests.seeds.story import Effect

_FAR = 8.0  # standard uncertainties: noise keeps within, a foreign value does not
_CLIMATE = 0.03  # of the tolerance: the truth is told for 23 °C and a typical contact
_SLACK = {"TIM.010": 2.5, "TIM.050": 2.5, "TIM.030": 25.0, "TIM.020": 0.6, "CUR.313": 8.0}
"""What some rows may be off, in their unit: they end with a whole pulse, and a comparator may drop the first or the last ones."""
_NEAR = 5.0  # standard uncertainties around an acceptance limit, within which either verdict is sound


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a shift came to: the verdict of each unit, and every breach of the law."""

    seed: int
    units: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    breaches: tuple[str, ...]


def judged(left: Remains) -> Verdicts:
    """Return what is to be said of a shift."""
    effect = Effect()
    for one in left.plan.disturbances:
        effect |= one.effect(left.course)
    breaches = [*left.broken, *_line(left, effect), *_loans(left)]
    units = []
    for guest in left.plan.guests:
        found = left.outcomes.get(guest.slot, [])
        units.append((str(left.truths.get(guest.slot, {}).get("deserves")), found[0].verdict.name if found else "none"))
        breaches += [f"slot {guest.slot} ({guest.defect}): {what}" for what in _unit(left, guest, effect)]
    return Verdicts(left.plan.seed, tuple(units), tuple(one.name for one in left.plan.disturbances), tuple(breaches))


def _line(left: Remains, effect: Effect) -> Iterator[str]:
    if left.line_trouble and not effect.line:
        yield f"the line broke: {left.line_trouble}"
    if left.routed:
        yield f"routed in the end: {', '.join(left.routed)}"


def _loans(left: Remains) -> Iterator[str]:
    for name in left.plan.pools.links:
        mine = sorted(
            (loan.got, loan.gave_back, loan.slot)
            for loan in left.course.loans
            if loan.got is not None and name in loan.instruments
        )
        for (_, before, one), (begin, _, other) in pairwise(mine):
            if before > begin:
                yield f"slots {one} and {other} had the {name} at once, at {begin:.3f} s"


def _unit(left: Remains, guest: Guest, effect: Effect) -> Iterator[str]:
    outcomes, slot = left.outcomes.get(guest.slot, []), guest.slot
    if len(outcomes) != 1:
        yield f"{len(outcomes)} outcomes"
        return
    outcome = outcomes[0]
    if effect.line and _never_begun(outcome, left.records.get(slot, [])):
        return
    yield from _recorded(outcome, left.records.get(slot, []), kept=slot not in effect.unkept)
    if slot in left.unsafe and not _may_be(left.unsafe[slot], slot, effect):
        yield f"not left safe: {left.unsafe[slot]}"
    if slot in left.unsafe and outcome.verdict is Verdict.PASS:
        yield "passed, and nobody noticed that its slot was not safe"
    yield from _sound(outcome, left.truths[slot], slot, effect)


def _never_begun(outcome: Outcome, records: list[RunRecord]) -> bool:
    """Tell whether the fixture's line was lost between a unit's start and its first step: no run began, and no PASS is said."""
    return outcome.verdict is Verdict.ERROR and outcome.record is None and not records


def _may_be(unsafe: str, slot: int, effect: Effect) -> bool:
    """Tell whether nobody could do better: relays that stick, and a line to the fixture that is lost until its watchdog trips."""
    return (slot in effect.stuck and unsafe in ("load", AT_END)) or (effect.line and unsafe == AT_END)


def _recorded(outcome: Outcome, records: list[RunRecord], *, kept: bool) -> Iterator[str]:
    if not kept:
        if records or outcome.verdict is not Verdict.ERROR:
            yield f"{outcome.verdict.name} though its end could not be kept, {len(records)} records"
        return
    if len(records) != 1 or outcome.record is None:
        yield f"{len(records)} records, outcome {outcome.verdict.name}: {outcome.reason}"
    elif records[0].verdict is not outcome.verdict:
        yield f"{outcome.verdict.name} was shown, {records[0].verdict.name} is on record"


def _sound(outcome: Outcome, truth: Mapping[str, object], slot: int, effect: Effect) -> Iterator[str]:
    deserves, verdict, why = truth["deserves"], outcome.verdict, f"{outcome.verdict.name}: {outcome.reason}"
    if verdict is Verdict.PASS:
        if deserves != "PASS" and not (deserves == "FAIL" and _only_just(outcome, truth)):
            yield f"a unit that deserves {deserves} passed"
        if slot in effect.spoilt:
            yield "passed with a fault in its evidence"
        yield from _false_values(outcome, truth)
    elif verdict is Verdict.FAIL and deserves != "FAIL":
        undecided = () if slot in effect.touched else ("INCONCLUSIVE",)  # what a disturbance left open did not make it fail
        stranger = slot in effect.strangers and _wrong(outcome, "FAIL") == {"ID.010"}
        if slot not in effect.failing and not stranger and not _near_a_limit(outcome, truth, "FAIL", *undecided):
            yield f"a unit that deserves {deserves} failed: {why}"
    elif slot not in effect.touched and verdict.name != deserves and not _near_a_limit(outcome, truth, "FAIL", "INCONCLUSIVE"):
        yield f"was disturbed by what is not its own: {why}"


def _values(outcome: Outcome, truth: Mapping[str, object]) -> Iterator[tuple[RowResult, float, float, float]]:
    """Yield each row that was measured as a number and has a true value: the row, its value, its u and the truth, in its unit."""
    true = truth["values"]
    assert isinstance(true, dict)
    for result in outcome.record.rows if outcome.record else ():
        one, value = result.measured, true.get(result.row.id)
        if one is not None and one.u is not None and isinstance(one.value, float) and value is not None:
            scale = float(result.row.scale)
            yield result, one.value / scale, one.u / scale, value


def _false_values(outcome: Outcome, truth: Mapping[str, object]) -> Iterator[str]:
    for result, value, u, true in _values(outcome, truth):
        low, high = TOLERANCES.get(result.row.id, (None, None))
        width = 0.0 if low is None or high is None else high - low
        if abs(value - true) > _FAR * u + _CLIMATE * width + _SLACK.get(result.row.id, 0.0):
            yield f"passed with {result.row.id} = {value:.6g}, which is {true:.6g} in truth (u = {u:.2g})"


def _wrong(outcome: Outcome, *words: str) -> set[str]:
    """Return the rows that ended in one of `words`."""
    return {row.row.id for row in (outcome.record.rows if outcome.record else ()) if row.word in words}


def _near_a_limit(outcome: Outcome, truth: Mapping[str, object], *words: str) -> bool:
    """Tell whether every row that ended in one of `words` is so near to a limit in truth that chance decides."""
    wrong = _wrong(outcome, *words)
    near = {result.row.id for result, _, u, true in _values(outcome, truth) if _is_near(result, u, true)}
    return bool(wrong) and wrong <= near


def _is_near(result: RowResult, u: float, true: float) -> bool:
    scale, low, high = float(result.row.scale), result.row.accept_low, result.row.accept_high
    reach = _NEAR * u + _CLIMATE * (abs(high - low) / scale if low is not None and high is not None else 0.0)
    sides = [(side, limit / scale) for side, limit in ((-1.0, low), (1.0, high)) if limit is not None]
    return any(side * (true - limit) >= -reach for side, limit in sides)


def _only_just(outcome: Outcome, truth: Mapping[str, object]) -> bool:
    """Tell whether a unit deserves FAIL for nothing but a value that lies outside its tolerance by less than can be measured."""
    if truth["defects"]:
        return False
    near = {result.row.id for result, _, u, true in _values(outcome, truth) if _is_near(result, u, true)}
    because = str(truth["because"])
    outside = {part.split()[0] for part in because.split("; ") if part.endswith("outside tolerance")}
    return bool(outside) and outside <= near
