"""List runs and documents as plain lines, a page at a time."""

import sqlite3
from dataclasses import dataclass

from station.store.ids import to_bytes, to_text

PAGE = 500
FIRST = ("", b"")
RELEASED = "-R"  # behind the number of a document: the second file, which quality has released
_RUNS = """
SELECT run_id, product.part_number AS product, product.revision, serial, run.slot, attempt, lot,
    coalesce(operator.name, '') AS operator, station.code AS station, process.name AS recipe, run_type, simulated,
    started_at, ended_at, monotonic_s, outcome, first_fail, reason
FROM run JOIN product USING (product_id) JOIN process USING (process_id) JOIN unit USING (unit_id)
    JOIN station USING (station_id) LEFT JOIN operator USING (operator_id)
"""
_OWED = """
SELECT run_id FROM run WHERE outcome IN ('PASS', 'FAIL') AND run_type IN ('production', 'rework')
AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.run_id = run.run_id)
ORDER BY started_at, run_id
"""
_CONDITIONS = {
    "serial": "unit_id IN (SELECT unit_id FROM unit WHERE serial = :serial)",
    "product": "product.part_number = :product",
    "outcome": "outcome = :outcome",
    "run_type": "run_type = :run_type",
    "since": "started_at >= :since",
    "until": "started_at < :until",
    "simulated": "simulated = :simulated",
}
_ISSUED = """
SELECT certificate_no, series, kind, run_id, simulated, issued_at, pdf_sha256, coalesce(supersedes, '') AS supersedes,
    coalesce(superseded_by, '') AS superseded_by, coalesce(revoked_at, '') AS revoked_at,
    coalesce(revoked_reason, '') AS revoked
FROM issued WHERE (:run_id IS NULL OR run_id = :run_id) AND (:series = '' OR series = :series)
ORDER BY issued.series, issued.number
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs are wanted; what is empty or None is not asked. `since` and `until` bound the start: since <= start < until."""

    serial: str = ""
    product: str = ""
    outcome: str = ""
    run_type: str = ""
    since: str = ""
    until: str = ""
    simulated: bool | None = None


EVERY = Wanted()


@dataclass(frozen=True, slots=True)
class RunLine:
    """An ended run in one line; moments are UTC, `seconds` is how long it took by the line's clock, in s."""

    run_id: str
    product: str
    revision: str
    serial: str
    slot: int
    attempt: int
    lot: str
    operator: str
    station: str
    recipe: str
    run_type: str
    simulated: bool
    started_at: str
    ended_at: str
    seconds: float
    outcome: str
    first_fail: str
    reason: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A numbered document; `digest` is of its PDF; `revoked` is why it was revoked, and like the rest empty where it was not."""

    number: str
    series: str
    kind: str
    run_id: str
    simulated: bool
    issued_at: str
    digest: str
    supersedes: str
    superseded_by: str
    revoked_at: str
    revoked: str


@dataclass(frozen=True, slots=True)
class Released:
    """A released document; `number` is that of the second file, and `digest` of its bytes."""

    number: str
    digest: str
    released_at: str
    author: str
    reason: str


def page(connection: sqlite3.Connection, wanted: Wanted, after: tuple[str, bytes]) -> list[RunLine]:
    """Return the next runs that are `wanted`, at most 500, that started `after` the run with that start and id."""
    asked = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) not in ("", None)}
    conditions = ["(started_at, run_id) > (:after_at, :after_id)", *(_CONDITIONS[name] for name in asked)]
    query = f"{_RUNS} WHERE {' AND '.join(conditions)} ORDER BY started_at, run_id LIMIT {PAGE}"
    return [_line(row) for row in connection.execute(query, {**asked, "after_at": after[0], "after_id": after[1]})]


def issued(connection: sqlite3.Connection, run_id: str, series: str) -> tuple[Issued, ...]:
    """Return the documents of a run or of a series, where these are not empty, in order of their numbers."""
    asked = {"run_id": to_bytes(run_id) if run_id else None, "series": series}
    return tuple(_document(row) for row in connection.execute(_ISSUED, asked))


def released(connection: sqlite3.Connection) -> tuple[Released, ...]:
    """Return the released documents, in order of their numbers."""
    rows = connection.execute("SELECT * FROM released ORDER BY certificate_no")
    return tuple(
        Released(row["certificate_no"] + RELEASED, row["pdf_sha256"], row["released_at"], row["author"], row["reason"])
        for row in rows
    )


def owed(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the runs that earned a document and have none: the station was cut off, or the document could not be filed."""
    return tuple(to_text(row["run_id"]) for row in connection.execute(_OWED))


def _line(row: sqlite3.Row) -> RunLine:
    return RunLine(
        to_text(row["run_id"]), row["product"], row["revision"], row["serial"], row["slot"], row["attempt"], row["lot"],
        row["operator"], row["station"], row["recipe"], row["run_type"], bool(row["simulated"]), row["started_at"],
        row["ended_at"], row["monotonic_s"], row["outcome"], row["first_fail"], row["reason"],
    )  # fmt: skip


def _document(row: sqlite3.Row) -> Issued:
    return Issued(
        row["certificate_no"], row["series"], row["kind"], to_text(row["run_id"]), bool(row["simulated"]), row["issued_at"],
        row["pdf_sha256"], row["supersedes"], row["superseded_by"], row["revoked_at"], row["revoked"],
    )  # fmt: skip
