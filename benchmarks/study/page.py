"""Write the study down: docs/reference/study.md, from what was seen and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from benchmarks.study import prose
from benchmarks.study.forecast import Us, by_row, by_unit, shows, usual
from benchmarks.study.kinds import KINDS, UNSEEN
from benchmarks.study.plan import SHARD
from benchmarks.study.seen import NO_OUTPUT, Seen
from benchmarks.study.tally import Tally, escapes, hidden, tallies, unjudged, wrong_rejects
from station.core.limit import Limit
from station.core.limit_set import LimitSet
from station.core.recipe import Recipe
from station.simulator.physics.defects import DEFECTS

_RARE = 0.01
"""A row that fewer of the units fail by is counted among the others."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study that is done: its seed, and all units that it saw."""

    seed: int
    units: tuple[Seen, ...]

    @property
    def sound(self) -> list[Seen]:
        """Return the units that no defect was given to."""
        return [one for one in self.units if KINDS[one.kind].share]


def page(study: Study, limits: LimitSet) -> str:
    """Return the page as Markdown."""
    known = tallies(study.units)
    us = usual(study.units, limits.limits)
    parts = (
        _head(study, limits, known), _glance(study, limits.limits, us), _matrix(known), _accelerated(known),
        _marginal(known, limits.limits, us), _by_row(study, limits.limits), _unjudged(study.units), _list(study.units),
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(study: Study, limits: LimitSet, known: Sequence[Tally]) -> Iterator[str]:
    defective = [len(one.units) for one in known if not one.kind.share and one.kind.recipe is not Recipe.ACCELERATED]
    hurried = sum(len(one.units) for one in known if one.kind.recipe is Recipe.ACCELERATED)
    yield prose.HEAD.format(
        shard=SHARD, units=_count(len(study.units)), each=max(defective, default=0), defects=len(defective), hurried=hurried,
        sound=_count(len(study.sound)), seed=study.seed, product=limits.product, revision=limits.revision, digest=limits.digest,
    )  # fmt: skip


def _glance(study: Study, limits: Mapping[str, Limit], us: Us) -> Iterator[str]:
    wrong, lost = wrong_rejects(study.units), escapes(study.units)
    clean = [one for one in study.units if one.deserves == "PASS"]
    cost = by_unit(clean, limits, us)
    fixture = sum(one.kind == "contact_slot" for one in wrong)
    errors = sum(one.verdict == "ERROR" for one in study.units)
    open_ones = sum(one.verdict == "INCONCLUSIVE" for one in study.units)
    yield from ("## At a glance", "")
    yield from _table("", "found", "expected")
    yield _line("escapes: deserve FAIL and passed", len(lost), 0)
    yield _line("wrong rejects: deserve PASS and failed", len(wrong) - fixture, f"{cost.least:.1f} to {cost.most:.1f}")
    yield _line("failed although only the fixture lost contact", fixture, 0)
    yield _line("INCONCLUSIVE", open_ones, "those whose contact the fixture lost")
    yield _line("ERROR", errors, 0)
    yield _line("passed by the accelerated recipe, which cannot see them", len(hidden(study.units)), "those that it names below")
    yield ""


def _matrix(known: Sequence[Tally]) -> Iterator[str]:
    yield prose.DEFECTS.format(rare=_RARE)
    yield from _table("defect", "what it is", "units", "verdicts", "first row that fails", "all rows that fail")
    for one in known:
        if not one.kind.share and one.kind.recipe is not Recipe.ACCELERATED:
            yield _line(one.kind.name, DEFECTS[one.kind.defect].story, len(one.units), _verdicts(one), *_rows(one))
    yield ""


def _accelerated(known: Sequence[Tally]) -> Iterator[str]:
    yield prose.HURRIED
    yield from _table("defect", "units", "verdicts", "first row that fails", "named on the certificate as")
    for one in known:
        if one.kind.recipe is Recipe.ACCELERATED:
            yield _line(one.kind.defect, len(one.units), _verdicts(one), _rows(one)[0], UNSEEN.get(one.kind.defect, "–"))
    yield ""


def _marginal(known: Sequence[Tally], limits: Mapping[str, Limit], us: Us) -> Iterator[str]:
    yield prose.MARGINAL
    yield from _table(
        "production", "units", "deserve FAIL", "predicted rejects", "observed", "off", "1 % would show", "wrong rejects",
        "predicted", "escapes",
    )  # fmt: skip
    for one in known:
        if one.kind.share:
            cast, count = by_unit(one.units, limits, us), len(one.units)
            cost = by_unit([each for each in one.units if each.deserves == "PASS"], limits, us)
            bad = sum(each.deserves == "FAIL" for each in one.units)
            off = _signed(cast.off, 2) + ("" if cast.agrees else " **(does not agree)**")
            yield _line(
                one.kind.name, _count(count), f"{bad / count:.2%}", f"{cast.least / count:.2%} to {cast.most / count:.2%}",
                f"{cast.observed / count:.2%}", off, _error(shows(one.units, limits, us)), cost.observed,
                f"{cost.least:.1f} to {cost.most:.1f}", len(escapes(one.units)),
            )  # fmt: skip
    yield ""


def _error(share: float | None) -> str:
    return "nothing" if share is None else f"{share:.2%}".replace("0%", "%")


def _by_row(study: Study, limits: Mapping[str, Limit]) -> Iterator[str]:
    yield prose.ROWS
    yield from _table("row", "units", "predicted", "±", "observed", "off")
    for one in by_row(study.sound, limits):
        if one.observed or one.predicted >= 0.05:
            yield _line(one.row, _count(one.units), f"{one.predicted:.1f}", f"{one.sd:.1f}", one.observed, _signed(one.off, 3))
    yield ""


def _unjudged(units: Iterable[Seen]) -> Iterator[str]:
    yield from ("## Neither PASS nor FAIL", "")
    yield from _table("kind", "times", "because")
    for (kind, reason), times in sorted(unjudged(units).items(), key=lambda one: (-one[1], one[0])):
        yield _line(kind, times, reason)
    yield ""


def _list(units: Sequence[Seen]) -> Iterator[str]:
    """Yield every escape, with what plays it again."""
    yield from ("## Escapes, one by one", "")
    for one in escapes(units):
        yield f"- `--replay {one.seed} {one.serial} {quote(one.kind)}`: {one.because}"
    if not escapes(units):
        yield prose.NONE


def _verdicts(one: Tally) -> str:
    return ", ".join(f"{verdict} {one.share(times):.1%}" for verdict, times in one.verdicts.most_common())


def _rows(one: Tally) -> tuple[str, str]:
    return _shares(one, one.first), _shares(one, one.rows)


def _shares(one: Tally, rows: Counter[str]) -> str:
    often = [(row, one.share(times)) for row, times in rows.most_common() if one.share(times) >= _RARE]
    return ", ".join(f"{row} {share:.0%}" if row != NO_OUTPUT else f"*{row}* {share:.0%}" for row, share in often) or "–"


def _table(*heads: str) -> Iterator[str]:
    yield _line(*heads)
    yield _line(*("---" for _ in heads))


def _line(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def _signed(share: float, digits: int) -> str:
    said = f"{share:+.{digits}%}"
    return said.replace("-", "+") if not any(digit in said for digit in "123456789") else said


def _count(number: int) -> str:
    return f"{number:,}"
