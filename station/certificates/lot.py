"""Hold what a lot report says, in base types: it travels inside the report, and is drawn and added up again from there."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from station.core.canonical import canonical

OUTCOMES = ("PASS", "FAIL", "ABORTED", "ERROR", "INCONCLUSIVE", "OPEN")
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class LotUnit:
    """A unit: how many of its runs have ended, what it came to (a verdict's name or OPEN), which row failed, its document.

    `state` is released, superseded or revoked, empty where the document is as it was issued; `ended` is a moment in UTC.
    """

    serial: str
    runs: int
    outcome: str
    failed: str = ""
    document: str = ""
    state: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class LotShare:
    """A yield: `good` out of `of`, and the interval, from 0 to 1, in which it lies with 95 % confidence."""

    name: str
    good: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LotBar:
    """A row of the limits that failed first at the first attempts of `count` units."""

    row: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Lot:
    """All that a lot report says; moments are UTC. `others` are runs that count nowhere: golden, known-bad, study, debug."""

    name: str
    maker: str
    site: str
    stations: tuple[str, ...]
    products: tuple[str, ...]
    recipes: tuple[str, ...]
    limits: tuple[str, ...]
    began: str
    ended: str
    simulated: bool
    others: int
    runs: tuple[tuple[str, int], ...]
    shares: tuple[LotShare, ...]
    bars: tuple[LotBar, ...]
    units: tuple[LotUnit, ...]

    def came_to(self, outcome: str) -> int:
        """Return how many units came to `outcome`."""
        return Counter(unit.outcome for unit in self.units)[outcome]

    @property
    def adds_up(self) -> bool:
        """Return whether in = pass + fail + aborted + error + inconclusive + under test, each unit counted once, its runs too."""
        each = len({unit.serial for unit in self.units}) == len(self.units) or len(self.products) > 1
        known = sum(self.came_to(outcome) for outcome in OUTCOMES) == len(self.units)
        return each and known and sum(count for _, count in self.runs) == sum(unit.runs for unit in self.units)

    def dump(self) -> bytes:
        """Return the lot as canonical JSON."""
        return canonical({"schema": _SCHEMA, **asdict(self)})


def read_lot(content: bytes) -> Lot:
    """Return the lot whose canonical form is `content`, byte for byte; raises ValueError when there is none."""
    try:
        told = json.loads(content)
        if told["schema"] != _SCHEMA:
            raise ValueError(f"it is of schema {told['schema']}, and this version reads {_SCHEMA}")
        lot = Lot(
            name=str(told["name"]), maker=str(told["maker"]), site=str(told["site"]),
            stations=_texts(told["stations"]), products=_texts(told["products"]), recipes=_texts(told["recipes"]),
            limits=_texts(told["limits"]), began=str(told["began"]), ended=str(told["ended"]),
            simulated=told["simulated"] is True, others=int(told["others"]),
            runs=tuple((str(outcome), int(count)) for outcome, count in told["runs"]),
            shares=tuple(_share(**one) for one in told["shares"]),
            bars=tuple(LotBar(str(one["row"]), str(one["title"]), int(one["count"])) for one in told["bars"]),
            units=tuple(_unit(**one) for one in told["units"]),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeError, OverflowError) as error:
        raise ValueError(f"it is no lot of ours: {error}") from error
    if lot.dump() != content:  # so every part is of its kind, too: what is no text here has become one, and differs
        raise ValueError("it is not in the canonical form of a lot")
    return lot


def _texts(told: Iterable[object]) -> tuple[str, ...]:
    return tuple(map(str, told))


def _share(name: str, good: int, of: int, low: float, high: float) -> LotShare:
    return LotShare(str(name), int(good), int(of), float(low), float(high))


def _unit(runs: int, **texts: str) -> LotUnit:
    return LotUnit(runs=int(runs), **{key: str(text) for key, text in texts.items()})
