"""Write the head of a run: which unit, station, documents and equipment, as they are at its start."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import station
from station.core.config import StationConfig
from station.core.equipment import Equipment
from station.core.events import Controlled, RunStarted, as_rows
from station.core.fixture_file import FixtureFile
from station.core.limit_file import LimitSet
from station.sequencer.sequence import Sequence


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything about a run that is the same for every unit of the tray; `scanned` are the serials of all of them."""

    config: StationConfig
    limits: LimitSet
    fixture: FixtureFile
    certificate_digest: str
    sequence: Sequence
    operator: str
    lot: str
    execution_id: str
    speed: float
    scanned: frozenset[str] = frozenset()

    def started(
        self, run_id: str, serial: str, slot: int, attempt: int, equipment: tuple[Equipment, ...], at: str, monotonic: float
    ) -> RunStarted:
        """Return the first event of a run; `at` is UTC, `monotonic` the line's time in s."""
        config, limits = self.config, self.limits
        simulated = any(one.simulated for one in equipment)
        unreleased = limits.unreleased_for(_day(at, config.timezone), simulated=simulated) or ""
        return RunStarted(
            run_id=run_id, seq=0, at=at, monotonic=monotonic, serial=serial, slot=slot, attempt=attempt,
            execution_id=self.execution_id, run_type="debug" if unreleased else "production",
            recipe=self.sequence.recipe.value, product=limits.product, product_revision=limits.revision,
            sequence=config.sequence, sequence_version=self.sequence.version, station_id=config.id,
            station_name=config.name, site=config.site, maker=config.maker, timezone=config.timezone,
            tz_offset_min=_offset(at, config.timezone), operator=self.operator, lot=self.lot,
            simulated=simulated, speed=self.speed, software=_software(),
            documents=self._documents(unreleased), fixture_serial=self.fixture.serial, equipment=equipment,
            rows=as_rows(self.sequence.required(limits.limits)), omitted=as_rows(self.sequence.omitted(limits.limits)),
            unseen=self.sequence.unseen,
        )  # fmt: skip

    def _documents(self, unreleased: str) -> Controlled:
        limits = self.limits
        return Controlled(
            limits.product, limits.revision, limits.digest, unreleased, self.fixture.file,
            self.fixture.digest, self.config.digest, self.certificate_digest,
        )  # fmt: skip


def _offset(at: str, timezone: str) -> int:
    """Return how many minutes local time is ahead of UTC at the moment `at`."""
    offset = datetime.fromisoformat(at).astimezone(ZoneInfo(timezone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _day(at: str, timezone: str) -> date:
    """Return the station's own day at the moment `at`: limits take effect where they are used."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(timezone)).date()


def _software() -> Mapping[str, str]:
    return {"station": station.__version__, "python": platform.python_version()}
