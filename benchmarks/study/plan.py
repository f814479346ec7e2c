"""Plan a study: which units are tested together on which bench, and under which serials."""

from dataclasses import dataclass

from benchmarks.study.kinds import KINDS, Kind

SHARD = 64
"""Units that meet one bench: then instruments, resistors and relays are drawn anew."""
_BENCHES = 100_000
"""Seeds of benches that one seed of a study has."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Units of one kind on one bench: `number` counts all shards of a study, `count` the units in this one."""

    study: int
    number: int
    kind: str
    count: int

    @property
    def seed(self) -> int:
        """Return the seed of its bench and of its units."""
        return self.study * _BENCHES + self.number

    @property
    def serials(self) -> tuple[str, ...]:
        """Return its serials, each of which says all that is needed to make the shard again."""
        return tuple(f"S{self.number}-{one}-{self.count}" for one in range(1, self.count + 1))


def plan(study: int, units_per_defect: int, good: int) -> list[Shard]:
    """Return the shards of a study with so many units for each defect, and so many good and marginal ones altogether.

    Shards of all kinds come in turn, so that a study which is broken off has seen some of each.
    """
    counts = {kind.name: _counts(_wanted(kind, units_per_defect, good)) for kind in KINDS.values()}
    order = sorted(
        ((place + 0.5) / len(each), name, count) for name, each in counts.items() for place, count in enumerate(each)
    )  # fmt: skip
    return [Shard(study, number, name, count) for number, (_, name, count) in enumerate(order)]


def shard_of(seed: int, serial: str, kind: str) -> Shard:
    """Return the shard of a unit, from what the study prints of it; raises ValueError for what it never prints."""
    words = serial.removeprefix("S").split("-")
    if kind not in KINDS or len(words) != 3 or not all(word.isdecimal() for word in words):
        raise ValueError(
            f"{serial} of kind {kind} is none of a study's units. Give SEED, SERIAL and KIND as the study prints them"
        )
    number, _, count = (int(word) for word in words)
    shard = Shard(seed // _BENCHES, number, kind, count)
    if shard.seed != seed or serial not in shard.serials:
        raise ValueError(f"{serial} was never on the bench of seed {seed}. Give SEED, SERIAL and KIND as the study prints them")
    return shard


def _wanted(kind: Kind, units_per_defect: int, good: int) -> int:
    return round(kind.share * good) if kind.share else units_per_defect


def _counts(wanted: int) -> list[int]:
    """Share `wanted` units out evenly over as few shards as will hold them."""
    shards = -(-wanted // SHARD)
    return [wanted // shards + (place < wanted % shards) for place in range(shards)]
