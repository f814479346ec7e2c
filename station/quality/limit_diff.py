"""Compare two limit files in words and numbers: what was added, removed and changed, tightened or loosened, and by how much."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from station.core.limit import Limit, Rule
from station.core.limit_set import LimitSet

_WIDENS = {"low": -1, "accepted low": -1, "high": 1, "accepted high": 1}  # which way a bound moves when it lets more through
_TEXTS = ("title", "kind", "unit", "method", "condition")


class Effect(StrEnum):
    """What a change does to the units that are tested: stricter, more lenient, or neither that can be said."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One key of a row (of the head where `row` is empty) that reads differently: `old` and `new` as people read them.

    `percent` is of the old tolerance and `in_u` in old standard uncertainties (u_max), both None where there is nothing to
    compare with; `safety` marks what touches the protection of the user.
    """

    row: str
    key: str
    old: str
    new: str
    effect: Effect = Effect.CHANGED
    percent: float | None = None
    in_u: float | None = None
    safety: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two limit sets; `same` when both have one digest, whatever their layout and approvals."""

    same: bool
    head: tuple[Change, ...]
    added: tuple[Limit, ...]
    removed: tuple[Limit, ...]
    changed: tuple[Change, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what must not be overlooked: every change of what protects the user."""
        lost = [f"{limit.id} ({limit.title}) WAS A SAFETY ROW AND IS REMOVED" for limit in self.removed if limit.is_safety]
        marked = {(change.row, change.key): change for change in self.changed if change.safety}
        first = [change for (row, key), change in marked.items() if not _told(row, key, marked)]
        return (*lost, *map(_shouted, first))


def compare(old: LimitSet, new: LimitSet) -> Difference:
    """Return what differs between `old` and `new`; the head's status and approvals do not make contents differ."""
    both = [(limit, new.limits[row_id]) for row_id, limit in old.limits.items() if row_id in new.limits]
    return Difference(
        same=old.digest == new.digest,
        head=tuple(_head(old, new)),
        added=tuple(limit for row_id, limit in new.limits.items() if row_id not in old.limits),
        removed=tuple(limit for row_id, limit in old.limits.items() if row_id not in new.limits),
        changed=tuple(change for before, after in both for change in _row(before, after)),
    )


def _head(old: LimitSet, new: LimitSet) -> Iterator[Change]:
    for key in ("product", "revision", "effective", "author", "status"):
        before, after = str(getattr(old, key)) or "nobody", str(getattr(new, key)) or "nobody"
        if before != after:
            yield Change("", key, before, after)


def _row(old: Limit, new: Limit) -> Iterator[Change]:
    for key in _TEXTS:
        before, after = _text(old, key), _text(new, key)
        if before != after:
            yield Change(old.id, key, before, after, safety=old.is_safety and key == "kind")
    if (old.expect, type(old.expect)) != (new.expect, type(new.expect)):
        yield Change(old.id, "expect", _exact(old), _exact(new), safety=old.is_safety)
    if set(old.recipes) != set(new.recipes):
        yield Change(old.id, "recipes", _measured_by(old), _measured_by(new), safety=old.is_safety)
    if old.safety is not new.safety:
        yield _safety(old, new)
    if old.rule != new.rule:
        yield Change(old.id, "rule", _ruled(old.rule), _ruled(new.rule))
    for key in ("nominal", "low", "high", "u_max", "range"):
        yield from _number(old, new, key, getattr(old, key), getattr(new, key))
    (least, most), (new_least, new_most) = old.acceptance, new.acceptance
    if (least, most) != (old.low, old.high) or (new_least, new_most) != (new.low, new.high):
        yield from _number(old, new, "accepted low", least, new_least)
        yield from _number(old, new, "accepted high", most, new_most)


def _number(old: Limit, new: Limit, key: str, before: float | None, after: float | None) -> Iterator[Change]:
    if before == after and (old.unit.si == new.unit.si or before is None):
        return
    said = _amount(old, before), _amount(new, after)
    if old.unit.si != new.unit.si or old.kind is not new.kind:
        yield Change(old.id, key, *said)
        return
    effect = _effect(key, before, after)
    step = None if before is None or after is None else abs(after - before)
    percent = None if step is None else _percent(old, key, before, step)
    in_u = None if step is None or old.u_max is None or key == "u_max" else step / old.u_max
    guarded = old.safety.low if key.endswith("low") else key.endswith("high") and old.safety.high
    yield Change(old.id, key, *said, effect, percent, in_u, safety=guarded and effect is Effect.LOOSENED)


def _effect(key: str, before: float | None, after: float | None) -> Effect:
    way = _WIDENS.get(key)
    if way is not None and (before is None or after is None):
        return Effect.TIGHTENED if before is None else Effect.LOOSENED
    if way is None or before is None or after is None:
        return Effect.CHANGED
    return Effect.LOOSENED if (after - before) * way > 0 else Effect.TIGHTENED


def _percent(old: Limit, key: str, before: float | None, step: float) -> float | None:
    """Return a step in percent of the old tolerance; of the bound itself where the tolerance has one side, or for u_max."""
    whole = abs(before or 0.0)
    if key not in ("u_max", "range") and old.low is not None and old.high is not None:
        whole = old.high - old.low
    return 100 * step / whole if whole > 0 else None


def _safety(old: Limit, new: Limit) -> Change:
    lost = (old.safety.low and not new.safety.low) or (old.safety.high and not new.safety.high)
    return Change(old.id, "safety", old.safety, new.safety, Effect.LOOSENED if lost else Effect.TIGHTENED, safety=True)


def _told(row: str, key: str, marked: Collection[tuple[str, str]]) -> bool:
    """Return whether an acceptance limit only follows its bound, which is told already."""
    return key.startswith("accepted ") and (row, key.removeprefix("accepted ")) in marked


def _shouted(change: Change) -> str:
    if change.key == "safety":
        means = "A WRONG PASS IS NO LONGER GUARDED AGAINST THERE" if change.effect is Effect.LOOSENED else "MORE IS GUARDED"
        return f"{change.row} SAFETY WAS {change.old.upper()} AND IS {change.new.upper()}: {means}"
    return f"{change.row} IS A SAFETY ROW AND ITS {change.key.upper()} WAS {change.old} AND IS {change.new}"


def _text(limit: Limit, key: str) -> str:
    return limit.unit.symbol if key == "unit" else str(getattr(limit, key)) or "nothing"


def _measured_by(limit: Limit) -> str:
    return ", ".join(limit.recipes) or "all"


def _exact(limit: Limit) -> str:
    return "nothing" if limit.expect is None else repr(limit.expect)


def _ruled(rule: Rule) -> str:
    return rule.name if rule.name == "simple" else f"{rule.name} r = {rule.r:g} on {rule.sides}"


def _amount(limit: Limit, value: float | None) -> str:
    return "none" if value is None else f"{limit.unit.from_si(value):.12g} {limit.unit.printed}"
