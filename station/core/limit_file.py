"""Read a limit file: what is allowed for one product revision, and who approved it."""

import re
from functools import lru_cache
from types import MappingProxyType

from station.core.document import SMALL, Document
from station.core.finite import finite
from station.core.limit import SHUT_OFF_CEILING, Kind, Limit, Rule, Sides
from station.core.limit_set import Approval, LimitSet, Status, content_digest
from station.core.problems import LimitsError, shown, strange
from station.core.recipe import Recipe
from station.core.table import Source, Table
from station.core.units import UNITS, Unit

__all__ = ["Approval", "LimitSet", "Status", "parse", "read"]

_ID = re.compile(r"[A-Z][A-Z0-9]{1,7}\.[0-9]{3}")
_ONE = UNITS["1"]


def parse(text: str | bytes, file: str) -> LimitSet:
    """Read the limit file `text` (its name, for messages, is `file`); raises LimitsError with all that is wrong."""
    return (_remembered if len(text) <= SMALL else _parsed)(text, file)


def _parsed(text: str | bytes, file: str) -> LimitSet:
    return read(Document(text, file, LimitsError), file)


_remembered = lru_cache(maxsize=8)(_parsed)  # who verifies a thousand certificates reads the same limits out of each


def read(document: Source, file: str) -> LimitSet:
    """Read a limit set from any source of tables (its name is `file`); raises the source's error with all that is wrong."""
    root = document.root
    head = root.table("limits")
    product, revision = head.text("product"), head.text("revision")
    effective, status = head.day("effective"), head.text("status", choices=tuple(Status))
    author = head.text("author", default="")
    head.done()
    approvals = tuple(_approval(table) for table in root.tables("approval"))
    rows = root.table("rows")
    if root.raw("rows") == {}:
        rows.problem("", "holds no row", 'Add a row like "CUR.310" = { … }')
    limits = {row_id: _row(row_id, row) for row_id, row in rows.children().items()}
    root.done()
    document.finish()
    content = content_digest(product, revision, effective, author, limits)
    return LimitSet(product, revision, effective, status, approvals, content, MappingProxyType(limits), file, author)


def _approval(table: Table) -> Approval:
    approval = Approval(table.text("name"), table.text("role"), table.day("date"), table.text("digest"))
    table.done()
    return approval


def _row(row_id: str, row: Table) -> Limit:
    if not _ID.fullmatch(row_id):
        what = f"{shown(row_id)} is not a row id{strange(row_id)}"
        row.problem("", what, "Write it in quotes: capitals, a point and three digits, like CUR.310")
        row.hush()
    kind = Kind(row.text("kind", default="number", choices=tuple(Kind)))
    if row.raw("kind") not in (None, *Kind):
        row.hush()
    unit = _unit(row, kind)
    expect = _expect(row, kind)
    nominal, low, high = _bounds(row, kind, unit)
    u_max, span = _amount(row, "u_max", kind, unit), _optional(row, "range", unit)
    safety = Sides(row.text("safety", default="none", choices=tuple(Sides)))
    if row.raw("safety") not in (None, *Sides):
        row.hush()
    rule = _rule(row, kind, safety)
    limit = Limit(
        row_id, row.text("title"), kind, unit, nominal, low, high, expect, rule, u_max, safety, span,
        row.text("method"), row.text("condition", default=""), _recipes(row),
    )  # fmt: skip
    if not row.faulty:  # else the bounds are not what was meant, and what they look like would mislead
        _check(row, limit)
    row.done()
    return limit


def _recipes(row: Table) -> tuple[str, ...]:
    """Return the recipes that measure the row, in their order; a name that is none would leave a row unmeasured for ever."""
    if "recipes" not in row:
        return ()
    named = row.texts("recipes")
    if not named or not set(named) <= set(Recipe):
        known = ", ".join(Recipe)
        row.problem("recipes", "does not name recipes", f"Name some of: {known}; or leave it out: all recipes measure the row")
    return tuple(recipe.value for recipe in Recipe if recipe in named)


def _unit(row: Table, kind: Kind) -> Unit:
    if kind in (Kind.TEXT, Kind.FLAG):
        return _ONE
    symbol = row.text("unit")
    if symbol and symbol not in UNITS:
        row.problem("unit", f"{shown(symbol)} is not a unit we know{strange(symbol)}", f"Use one of: {', '.join(UNITS)}")
    return UNITS.get(symbol, _ONE)


def _expect(row: Table, kind: Kind) -> str | bool | None:
    if kind is Kind.TEXT:
        return row.text("expect")
    return row.flag("expect") if kind is Kind.FLAG else None


def _bounds(row: Table, kind: Kind, unit: Unit) -> tuple[float | None, float | None, float | None]:
    if kind in (Kind.TEXT, Kind.FLAG):
        return None, None, None
    nominal = _optional(row, "nominal", unit)
    return nominal, _bound(row, "low", unit), _bound(row, "high", unit)


def _bound(row: Table, key: str, unit: Unit) -> float | None:
    if row.raw(key) == "none":
        return None
    if key not in row:
        row.problem(key, "is left out", f'Give a number, or {key} = "none" when there is no such bound')
        return None
    if isinstance(row.raw(key), str):
        row.problem(key, f"is {shown(row.raw(key))}", f'Give a number, or {key} = "none" when there is no such bound')
        return None
    return _si(row, key, unit)


def _optional(row: Table, key: str, unit: Unit) -> float | None:
    return None if row.raw(key) is None else _si(row, key, unit)


def _si(row: Table, key: str, unit: Unit) -> float:
    value = unit.to_si(row.number(key))
    if finite(value):
        return value + 0.0  # -0.0 is 0.0: one value has one digest
    row.problem(key, "is too large", "Give a number that can be computed with")
    return 1.0


def _amount(row: Table, key: str, kind: Kind, unit: Unit) -> float | None:
    if kind is not Kind.NUMBER:
        return None
    if key not in row:
        row.problem(key, "is missing", "Give the largest standard uncertainty this row accepts, in the row's unit")
        return None
    amount = _si(row, key, unit)
    if amount <= 0:
        row.problem(key, "is not above 0", "Give the largest standard uncertainty this row accepts, in the row's unit")
    return amount


def _rule(row: Table, kind: Kind, safety: Sides) -> Rule:
    guarded = kind is Kind.NUMBER and safety is not Sides.NONE
    name = row.text("rule", default="guarded" if guarded else "simple", choices=("simple", "guarded"))
    if name == "simple":
        if guarded:
            row.problem("rule", "is simple on a safety row", "Leave it out: safety rows are guarded with r = 1")
        for key in ("r", "sides"):
            if row.raw(key) is not None:
                row.problem(key, "belongs to a guarded rule", f'Remove {key}, or give rule = "guarded"')
        return Rule()
    if kind is not Kind.NUMBER:
        row.problem("rule", f"cannot be guarded on a {kind}", "Leave rule out: only numbers have an uncertainty")
    r = row.number("r", default=1.0, low=0.0, high=3.0)
    sides = Sides(row.text("sides", default=safety if guarded else Sides.BOTH, choices=tuple(Sides)))
    if sides is Sides.NONE:
        row.problem("sides", "guards nothing", "Name low, high or both, or leave rule, r and sides out")
    elif r == 0:
        row.problem("r", "is 0 and guards nothing", "Give a number above 0, or leave rule, r and sides out")
    elif guarded and (r < 1 or (safety.low and not sides.low) or (safety.high and not sides.high)):
        row.problem("rule", "guards less than the safety sides with r = 1", "Leave r and sides out, or guard more")
    return Rule("guarded", r, sides)


def _check(row: Table, limit: Limit) -> None:
    low, high, nominal = limit.low, limit.high, limit.nominal
    if limit.kind in (Kind.TEXT, Kind.FLAG):
        return
    if low is None and high is None:
        row.problem("high", "is none, and so is low", "Give at least one bound: a row without bounds judges nothing")
    if low is not None and high is not None and low > high:
        row.problem("low", "is above high", "Swap or correct the bounds")
    elif nominal is not None and ((low is not None and low > nominal) or (high is not None and nominal > high)):
        row.problem("nominal", "is outside low … high", "Correct the nominal value or the bounds")
    values = {"low": low, "nominal": nominal, "high": high}
    broken = [key for key, value in values.items() if value is not None and value != int(value)]
    if limit.kind is Kind.COUNT and broken:
        row.problem("low", f"belongs to a count, whose {' and '.join(broken)} is not a whole number", "Give whole numbers")
    _check_ceiling(row, values, limit)
    _check_guard(row, limit)
    if limit.range is not None and any(value is not None and limit.range < abs(value) for value in values.values()):
        row.problem("range", "cannot hold the bounds and the nominal value", "Give a range at least as large as any of them")


def _check_guard(row: Table, limit: Limit) -> None:
    low, high = limit.acceptance
    if limit.low is not None and limit.high is not None and limit.low <= limit.high:
        if low is not None and high is not None and low > high:
            row.problem("u_max", "makes the guard bands cross: nothing could pass", "Measure better, or widen the bounds")
        elif limit.u_max is not None and limit.u_max > limit.high - limit.low:
            row.problem("u_max", "is larger than low … high: no reading could tell", "Measure better, or widen the bounds")
    for side, bound in ((limit.rule.sides.low, limit.low), (limit.rule.sides.high, limit.high)):
        if side and bound is None and not row.faulty:
            row.problem("sides", "guards a bound that is none", "Name only sides that have a bound, in safety as in sides")
    for name, marked, bound in (("low", limit.safety.low, limit.low), ("high", limit.safety.high, limit.high)):
        if marked and bound is None and limit.kind is Kind.COUNT:
            row.problem(name, "is none on a safety side", "Give the bound that protects the user")


def _check_ceiling(row: Table, values: dict[str, float | None], limit: Limit) -> None:
    if limit.unit.si != "s":
        return
    for key, value in values.items():
        if value is not None and value > SHUT_OFF_CEILING:
            row.problem(key, "lets the output run for more than 1200 s", "Give at most 1200 s: the manual promises 20 minutes")
    if limit.high is None and limit.id.startswith("TIM."):
        row.problem("high", "is none for a shut-off time", "Give at most 1200 s: the manual promises 20 minutes")
