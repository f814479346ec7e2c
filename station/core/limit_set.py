"""Hold all limits of one product revision: who approved them, whether that holds, and on which days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from station.core.canonical import Json, canonical, digest
from station.core.limit import Limit

EXAMPLE = "Q. Example"
"""Who approves the starter documents: nobody, for simulated units."""


class Status(StrEnum):
    """Where a limit file stands in its life, in this order; only a released one can earn certificates."""

    DRAFT = "draft"
    REVIEW = "review"
    RELEASED = "released"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval: it names the digest it was given for, and holds for nothing else."""

    name: str
    role: str
    day: date
    digest: str


@dataclass(frozen=True, slots=True)
class LimitSet:
    """All limits of one product revision; `digest` covers every value a verdict can depend on, and no layout.

    `author` is who wrote it, empty where the file does not say; the author's own approval releases nothing.
    """

    product: str
    revision: str
    effective: date
    status: str
    approvals: tuple[Approval, ...]
    digest: str
    limits: Mapping[str, Limit]
    file: str
    author: str = ""

    @property
    def unreleased(self) -> str | None:
        """Return why this set earns no certificate on any day, or None when quality released exactly this content."""
        if self.status != Status.RELEASED:
            return f"its status is {self.status}"
        by_quality = [approval for approval in self.approvals if approval.role == "quality"]
        if not by_quality:
            return "nobody of quality has approved it"
        if all(self._is_own(approval) for approval in by_quality):
            return f"of quality only its author, {self.author}, has approved it"
        if not self.releasing:
            return f"it was changed after its approval: the content now is {self.digest}"
        return None

    @property
    def releasing(self) -> tuple[Approval, ...]:
        """Return the approvals that release this very content: of quality, of this digest, and not the author's own."""
        by_quality = (approval for approval in self.approvals if approval.role == "quality" and not self._is_own(approval))
        return tuple(approval for approval in by_quality if approval.digest == self.digest)

    def unreleased_on(self, day: date) -> str | None:
        """Return why this set earns no certificate on `day` (the station's own), or None when it does."""
        if self.unreleased is not None:
            return self.unreleased
        if self.effective > day:
            return f"it takes effect on {self.effective}, and it is {day}"
        first = min(approval.day for approval in self.releasing)
        return None if first <= day else f"its approval is dated {first}, and it is {day}"

    def unreleased_for(self, day: date, *, simulated: bool) -> str | None:
        """Return why this set earns no certificate on `day`; for real units the starter's example approval is none."""
        if simulated or self.unreleased is not None:
            return self.unreleased_on(day)
        real = replace(self, approvals=tuple(one for one in self.approvals if not same_person(one.name, EXAMPLE)))
        if not real.releasing:
            return f"only {EXAMPLE}, the example of the starter documents, has approved it"
        return real.unreleased_on(day)

    def _is_own(self, approval: Approval) -> bool:
        return bool(self.author) and same_person(approval.name, self.author)


def same_person(one: str, other: str) -> bool:
    """Return whether two names mean one person: capitals and blanks make no difference."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def content_digest(product: str, revision: str, effective: date, author: str, limits: Mapping[str, Limit]) -> str:
    """Return the canonical digest that approvals name: of every value, whatever the order, layout or spelling of a file."""
    rows: dict[str, Json] = {limit.id: _row_content(limit) for limit in limits.values()}
    head: dict[str, Json] = {"format": 1, "product": product, "revision": revision, "effective": effective.isoformat()}
    if author:  # a file that names none keeps the digest it was approved by
        head["author"] = author
    return digest(canonical({**head, "rows": rows}))


def _row_content(limit: Limit) -> Json:
    recipes: dict[str, Json] = {"recipes": [*sorted(limit.recipes)]} if limit.recipes else {}  # a row of all recipes says nothing
    return {
        "title": limit.title, "kind": limit.kind.value, "unit": limit.unit.symbol,
        "nominal": limit.nominal, "low": limit.low, "high": limit.high, "expect": limit.expect,
        "rule": [limit.rule.name, limit.rule.r, limit.rule.sides.value], "u_max": limit.u_max,
        "safety": limit.safety.value, "range": limit.range, "method": limit.method, "condition": limit.condition,
        **recipes,
    }  # fmt: skip
