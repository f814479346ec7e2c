"""Runs made up for tests: their events as a teller would tell them, and a station that keeps them."""

import random
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from station.clocks.steady import SteadyClock
from station.core.canonical import Json
from station.core.equipment import Equipment
from station.core.errors import StoreError
from station.core.events import Controlled, Event, Measured, Row, RunEnded, RunStarted, Skip, StepEnded, StepStarted
from station.core.measurement import Evidence
from station.core.uncertainty import Part
from station.store.database import write_to
from station.store.ids import Ids
from station.store.journal import Journal, Listener
from station.store.ledger import Ledger, Told
from station.store.speech import spoken

IDS = ("CUR.310", "CUR.311", "WAV.010", "UID.010", "LED.010")
METER = Equipment("dmm", "Keysight", "34461A", "MY1", "A.03", "CAL-1", "2026-01-01", "2027-01-01", simulated=False)


def ids(seed: int = 0) -> Ids:
    return Ids(SteadyClock(), random.Random(seed).getrandbits)


def row(row_id: str, safety: str = "none") -> Row:
    if row_id.startswith("UID"):
        return Row(row_id, "Serial", "text", "", "", "1", "", None, None, None, None, None, "SN1", "simple", None, safety, "", "")
    if row_id.startswith("LED"):
        return Row(row_id, "Light", "flag", "", "", "1", "", None, None, None, None, None, True, "simple", None, safety, "", "")
    return Row(
        row_id, f"Row {row_id}", "number", "uA", "A", "1e-6", "µA", 5e-4, 4e-4, 6e-4, 4.1e-4, 5.9e-4, None,
        "guarded r=1 both", 5e-6, safety, "averaged", "into 2 kΩ",
    )  # fmt: skip


def start(run_id: str, serial: str = "SN1", *, safety: tuple[str, ...] = ()) -> RunStarted:
    return RunStarted(
        run_id, 0, "2026-11-02T08:00:00.000000Z", 100.0, serial, 3, 1, "E1", "production", "normal", "MC-100", "A", "mc100",
        "1.2", "EOL-01", "Final test 1", "Works", "Example", "Europe/Berlin", 60, "ana", "L7", False, 1.0,
        {"station": "1.0+abc", "python": "3.11"},
        Controlled("MC-100", "A", "sha256:1", "", "eol8.toml", "sha256:2", "sha256:3", "sha256:4"), "FX1", (METER,),
        tuple(row(one, "high" if one in safety else "none") for one in IDS),
    )  # fmt: skip


_VALUES: Mapping[str, float | str | bool] = {"UID.010": "SN1", "LED.010": True}


def measured(run_id: str, seq: int, row_id: str, verdict: str = "PASS", **changed: object) -> Measured:
    detail: dict[str, Json] = {"readings": [5.01e-4, 4.99e-4]}
    found = Measured(
        run_id, seq, "2026-11-02T08:00:01.000000Z", 100.0 + seq, f"Step {row_id}", row_id, _VALUES.get(row_id, 5e-4), 1e-6, "A",
        "current", (Part("meter", 1e-6),), verdict, "" if verdict == "PASS" else "above the high limit", detail,
        (Evidence("sha256:" + "e" * 64, "pulses", "application/x-npz", 123),),
    )  # fmt: skip
    return replace(found, **changed)  # type: ignore[arg-type]  # values by name are untyped here


def story(run_id: str, serial: str = "SN1", *, fails: str = "", struck: str = "", **changed: object) -> list[Event]:
    """Return the events of a whole run: one step a row, `fails` the row that fails and ends it (else it passes)."""
    told: list[Event] = [replace(start(run_id, serial, safety=("CUR.311",)), **changed)]  # type: ignore[arg-type]  # values by name are untyped here
    for number, row_id in enumerate(IDS, 1):
        verdict = "FAIL" if row_id == fails else "PASS"
        told += _step(run_id, len(told), number, row_id, verdict)
        if verdict == "FAIL":
            break
    return [*told, _end(told, fails, struck)]


def _step(run_id: str, seq: int, number: int, row_id: str, verdict: str) -> list[Event]:
    at, title = "2026-11-02T08:00:01.000000Z", f"Step {row_id}"
    return [
        StepStarted(run_id, seq, at, 100.0 + seq, title, number, (row_id,)),
        measured(run_id, seq + 1, row_id, verdict),
        StepEnded(run_id, seq + 2, at, 102.0 + seq, title, verdict),
    ]


def _end(told: list[Event], fails: str, struck: str) -> RunEnded:
    seen = {event.id for event in told if isinstance(event, Measured)}
    skipped = tuple(Skip(one, fails) for one in IDS if one not in seen)
    verdict = "ERROR" if struck else "FAIL" if fails else "PASS"
    at, seq = "2026-11-02T08:20:00.000000Z", len(told)
    return RunEnded(told[0].run_id, seq, at, 100.0 + seq, verdict, struck or "as told", fails, skipped, struck)


@contextmanager
def pumping(journal: Journal, clock: SteadyClock) -> Iterator[list[StoreError]]:
    """Run the journal's pump in a thread, as the crew does; what it raised is in the list after the end."""
    stop, raised = clock.stop(), list[StoreError]()

    def pump() -> None:
        try:
            journal.pump(stop)
        except StoreError as error:
            raised.append(error)

    thread = threading.Thread(target=pump)
    thread.start()
    try:
        yield raised
    finally:
        stop.set("the test is over")
        thread.join()


@contextmanager
def at_work(path: Path, *listen: Listener, seed: int = 0) -> Iterator[Journal]:
    """Open a journal at `path` with its pump running; a pump that raised makes the test fail."""
    clock = SteadyClock()
    with Journal(path, clock, ids(seed), listen=listen) as journal, pumping(journal, clock) as raised:
        yield journal
    assert raised == []


def keep(journal: Journal, told: list[Event]) -> str:
    """Write a whole run, wait until it is settled, and return its id."""
    for event in told:
        journal.write(event)
    journal.settle(told[0].run_id)
    return told[0].run_id


def cut_off(path: Path, told: list[Event]) -> None:
    """Leave at `path` what a station leaves that was cut off when `told` was committed."""
    with Journal(path, SteadyClock(), ids(9)), closing(write_to(path)) as connection:
        Ledger(connection, ids(9).new).keep([Told(*spoken(event)) for event in told])


def rows_of(path: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Return what any SQLite program finds in the database."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()
