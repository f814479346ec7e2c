"""Say when: the moments of a run, from its record alone, in UTC and in the factory's local time."""

from datetime import UTC, date, datetime, timedelta

from station.core.record import RunRecord


def ended_at(record: RunRecord) -> datetime:
    """Return when the run ended, in UTC; for a run that was cut off, the last moment that is on record."""
    if record.ended is not None:
        return _parsed(record.ended.at)
    seen = [result.measured.at for result in record.rows if result.measured is not None]
    return max(map(_parsed, (record.started.at, *seen, *(step.started_at for step in record.steps))))


def started_at(record: RunRecord) -> datetime:
    """Return when the run started, in UTC."""
    return _parsed(record.started.at)


def local_day(record: RunRecord) -> date:
    """Return the day on which the run started, by the factory's wall clock."""
    return (started_at(record) + timedelta(minutes=record.started.tz_offset_min)).date()


def _parsed(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def untold(record: RunRecord) -> str | None:
    """Return why the moments of `record` cannot be told, in UTC or on the factory's wall clock; None when they can."""
    try:
        for moment in (started_at(record), ended_at(record)):
            local(moment, record)
    except (ValueError, OverflowError) as error:
        return f"when it ran cannot be told: {error}"
    return None


def utc(moment: datetime) -> str:
    """Return `moment` as 2026-11-22 08:14:05 UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def local(moment: datetime, record: RunRecord) -> str:
    """Return `moment` on the factory's wall clock, by the offset that the run recorded: 2026-11-22 09:14:05 +01:00."""
    offset = record.started.tz_offset_min
    sign = "−" if offset < 0 else "+"
    said = f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    return f"{moment + timedelta(minutes=offset):%Y-%m-%d %H:%M:%S} {said}"


def lasted(seconds: float) -> str:
    """Return a duration in s as people say it: 20 min 25 s, or 1.8 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
