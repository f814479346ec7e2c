"""Say what is not as it must be in a station's home, whoever died in it: each check yields a sentence a violation.

They read the database and the folder by themselves, not by the station's own readers: who lost something must not say so himself.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from pypdf import PdfReader

from station.store.ids import to_bytes, to_text

Row: TypeAlias = tuple[object, ...]
_OPEN = """
SELECT body FROM event WHERE kind = 'RunStarted'
AND NOT EXISTS (SELECT 1 FROM event AS ending WHERE ending.run_id = event.run_id AND ending.kind = 'RunEnded')
"""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has begun and not ended."""

    serial: str
    slot: int


class Home:
    """A home whose station is not at work; its documents are opened once and compared with the record each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: set[Path] = set()
        self._judged: set[object] = set()

    @property
    def issued(self) -> Path:
        """Return where documents are filed."""
        return self.folder / "reports" / "issued"

    def query(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query on the store, read-only; none when there is no store yet."""
        path = self.folder / "records" / "station.sqlite"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            return [tuple(row) for row in connection.execute(sql, values)]

    def open_runs(self) -> list[OpenRun]:
        """Return the runs that have begun and not ended."""
        told = (json.loads(str(body)) for (body,) in self.query(_OPEN) if self._begun())
        return [OpenRun(one["serial"], one["slot"]) for one in told]

    def _begun(self) -> bool:
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = 'event'"))

    def unsound(self) -> Iterator[str]:
        """Say what SQLite finds wrong with the database."""
        for (said,) in self.query("PRAGMA integrity_check"):
            if said != "ok":
                yield f"the database: {said}"
        for row in self.query("PRAGMA foreign_key_check"):
            yield f"the database: a row of {row[0]} refers to nothing"

    def lost(self, lines: Iterable[str]) -> Iterator[str]:
        """Say which of the events that were shown are not in the store as they were shown."""
        for line in lines:
            shown = json.loads(line)
            place = (to_bytes(shown["run_id"]), shown["seq"])
            kept = self.query("SELECT body FROM event WHERE run_id = ? AND seq = ?", *place)
            if [shown] != [json.loads(str(body)) for (body,) in kept]:
                yield f"{shown['kind']} {shown['seq']} of run {shown['run_id']} was shown and is not on record"

    def misnumbered(self) -> Iterator[str]:
        """Say which series of numbers has a gap."""
        found = self.query("SELECT series, number FROM certificate ORDER BY series, number") if self._begun() else []
        for series, rows in groupby(found, key=lambda row: row[0]):
            numbers = [row[1] for row in rows]
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"series {series} is numbered {numbers}"

    def half(self) -> Iterator[str]:
        """Say which document is not on record, is other than its digest on record, or does not open."""
        rows = self.query("SELECT certificate_no, pdf_sha256 FROM certificate") if self._begun() else []
        digests = {str(number): str(digest) for number, digest in rows}
        for path in sorted(self.issued.rglob("[!.]*")):
            if path.is_file():
                yield from self._document(path, digests.get(path.name.partition("_")[0], ""))

    def _document(self, path: Path, digest: str) -> Iterator[str]:
        content = path.read_bytes()
        if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
            yield f"{path.name} is not what is on record: {digest or 'no such number'}"
        elif path not in self._opened:
            self._opened.add(path)
            if not len(PdfReader(path).pages):
                yield f"{path.name} has no page"

    def unfinished(self) -> Iterator[str]:
        """Say what a start should have settled: open runs, drafts and remains of files, documents missing or owed."""
        yield from (f"{one.serial} in slot {one.slot} is still open" for one in self.open_runs())
        for folder in (self.issued, self.folder / "records"):
            left = (path for path in sorted(folder.rglob(".*")) if path.is_file())
            yield from (f"{path.name} was left in {path.parent}" for path in left)
        names = [path.name for path in self.issued.rglob("[!.]*.pdf")]
        for (number,) in self.query("SELECT certificate_no FROM certificate"):
            if not any(name.startswith(f"{number}_") for name in names):
                yield f"document {number} is on record and has no file"
        owed = "SELECT run_id FROM run WHERE outcome IN ('PASS', 'FAIL') AND run_id NOT IN (SELECT run_id FROM certificate)"
        for (run_id,) in self.query(owed):
            assert isinstance(run_id, bytes)
            yield f"run {to_text(run_id)} has its verdict and no document"

    def misjudged(self, deserved: Mapping[str, str]) -> Iterator[str]:
        """Say which run on record has a verdict that it must not have (told once); `deserved` is the truth by serial."""
        ended = "SELECT run_id, serial, outcome FROM run JOIN unit USING (unit_id)"
        for run_id, serial, outcome in self.query(ended) if self._begun() else ():
            if run_id not in self._judged:
                self._judged.add(run_id)
                yield from self._judgement(run_id, str(serial), str(outcome), deserved[str(serial)])

    def _judgement(self, run_id: object, serial: str, outcome: str, deserves: str) -> Iterator[str]:
        rows = self.query("SELECT body FROM event WHERE run_id = ? ORDER BY seq", run_id)
        told = [json.loads(str(body)) for (body,) in rows]
        failed = any(one["kind"] == "Measured" and one["verdict"] == "FAIL" for one in told)
        if outcome == "PASS" and (failed or deserves != "PASS"):
            yield f"{serial} has passed, and deserves {deserves}"
        if failed and outcome != "FAIL" and not told[-1]["struck"]:
            yield f"{serial} had failed and is {outcome}"
        if outcome == "FAIL" and deserves == "PASS":
            yield f"{serial} is a good unit and has failed: {told[-1]['reason']}"
