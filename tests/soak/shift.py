"""One worker's part of a soak: a home whose station is cut off again and again, and what must hold each time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from station.cli.home import make
from tests.soak.bench import Bench
from tests.soak.checks import Home, OpenRun
from tests.soak.plan import BETWEEN, ENDING, STARTING, Moment
from tests.soak.tally import Tally

WATCHDOG = 2.0  # s of the host without a request after which the fixture makes every slot safe by itself
SLACK = 1.5  # s that a loaded host may be late: the simulator's process must get its turn to see the time
DYING = 0.5  # s in which what had happened already may still be stamped after the simulator's death
PROMPT = 15.0  # s in which a station notices that its bench is dead, tries to get it back, and ends
_LOOK = 0.003
_LONGEST = 90.0
_TALKATIVE = {**os.environ, "PYTHONFAULTHANDLER": "1"}  # a station that hangs can be asked where
_STATION = (sys.executable, "-c", "from station.cli import main; main()")


class Station:
    """A `station run` in a process group of its own, whose events and words are read from files."""

    def __init__(self, home: Path, bench: Path, speed: float, moment: Moment) -> None:
        self._out, self._err = home / f"{moment.number}.jsonl", home / f"{moment.number}.txt"
        words = ("run", "--home", str(home), "--bench", str(bench), "--speed", f"{speed:g}", "-o", "json", *moment.serials)
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen((*_STATION, *words), stdout=out, stderr=err, start_new_session=True, env=_TALKATIVE)

    @property
    def lines(self) -> list[str]:
        """Return the events shown so far: whole lines only."""
        return [line.decode() for line in self._out.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]

    @property
    def said(self) -> str:
        """Return what was said on stderr so far."""
        return self._err.read_text(encoding="utf-8", errors="replace")

    def await_moment(self, moment: Moment) -> None:
        """Return when the moment of the crash has come, or the station has ended by itself."""
        end = time.monotonic() + _LONGEST
        while moment.kind != STARTING and not self._has_come(moment) and self.process.poll() is None:
            assert time.monotonic() < end, f"moment {moment} does not come: {self.said}"
            time.sleep(_LOOK)
        end = time.monotonic() + moment.later
        while time.monotonic() < end and self.process.poll() is None:
            time.sleep(_LOOK)

    def _has_come(self, moment: Moment) -> bool:
        lines = self.lines
        if moment.kind == ENDING:
            return any('"kind": "RunEnded"' in line for line in lines)
        return len(lines) >= (moment.line if moment.kind == BETWEEN else 1)

    def kill(self) -> None:
        """Kill it (-9) and wait until it is dead."""
        self.process.kill()
        self.process.wait()

    def show_threads(self) -> None:
        """Make it say on stderr what each of its threads is doing, and die of it."""
        self.process.send_signal(signal.SIGABRT)
        self.process.wait()

    def leaves_nobody(self) -> bool:
        """Return whether no process of its group is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        os.killpg(self.process.pid, signal.SIGKILL)
        return False


class Shift:
    """One home and one bench for many moments: each start meets what the crash before it has left."""

    def __init__(self, folder: Path, speed: float, seed: int) -> None:
        self.tally = Tally("crashes")
        self.home = Home(folder)
        self._speed = speed
        self._bench = Bench(folder, speed, seed)
        self._cut: list[OpenRun] = []
        self._shown: list[str] = []
        make(folder)

    def live_through(self, moment: Moment) -> None:
        """Start a station on a tray, let the moment come, kill its victim, and look at everything."""
        station = self._start(moment)
        try:
            station.await_moment(moment)
            if station.process.poll() is None:
                self.tally.count(f"{moment.victim} killed {_phase(station.lines, len(moment.defects))}")
            else:
                self.tally.count(f"the station had ended by itself, with {station.process.returncode}, before {moment.kind}")
            kill = self._kill_station if moment.victim == "station" else self._kill_simulator
            kill(station, moment)
        finally:
            station.kill()
        self.tally.count("moments")
        self._look(station, moment)

    def _start(self, moment: Moment) -> Station:
        self._bench.start()
        for serial, defect in zip(moment.serials, moment.defects, strict=True):
            if defect:
                self._bench.make(serial, defect)
        return Station(self.home.folder, self._bench.addresses, self._speed, moment)

    def _kill_station(self, station: Station, moment: Moment) -> None:
        """Kill it, and see the fixture make every slot safe by itself."""
        station.kill()
        began = time.monotonic()
        while left := self._bench.unsafe(len(moment.defects)):
            if time.monotonic() > began + WATCHDOG + SLACK:
                self._violated(moment, [f"not safe {WATCHDOG + SLACK:g} s after the station's death: {one}" for one in left])
                return
            self.tally.count("looks at slots that were not safe yet after the station's death")
            time.sleep(0.05)
        self.tally.took("until every slot was safe after the station's death", time.monotonic() - began)

    def _kill_simulator(self, station: Station, moment: Moment) -> None:
        """Kill it, and see the station end by itself, with a clear message, nobody left, and no PASS after the death."""
        over = station.process.poll() is not None
        self._bench.kill()
        dead, died = time.monotonic(), datetime.now(UTC)
        try:
            code = station.process.wait(PROMPT)
        except subprocess.TimeoutExpired:
            station.show_threads()
            self._violated(moment, [f"the station has not ended {PROMPT:g} s after the simulator's death: {station.said}"])
            return
        if not over:
            self.tally.took("until the station ended after the simulator's death", time.monotonic() - dead)
            self._violated(moment, self._wrong_end(station, code, died))
        if not station.leaves_nobody():
            self._violated(moment, ["a process of the station is left"])

    def _wrong_end(self, station: Station, code: int, died: datetime) -> Iterable[str]:
        told = [json.loads(line) for line in station.lines]
        begun = {one["run_id"] for one in told if one["kind"] == "RunStarted"}
        ended = {one["run_id"]: one for one in told if one["kind"] == "RunEnded"}
        after = [one for one in ended.values() if datetime.fromisoformat(one["at"]) > died]
        late = [one for one in after if (datetime.fromisoformat(one["at"]) - died).total_seconds() > DYING]
        if set(begun) != set(ended):
            yield "a run has begun and not ended"
        yield from (f"a run is {one['verdict']}: {one['reason']}" for one in late if one["verdict"] not in ("ERROR", "FAIL"))
        cut_off = not begun or any(one["verdict"] == "ERROR" for one in after)
        self.tally.count(f"station ended with {code} after the simulator's death" + ("" if cut_off else ", its runs over"))
        if code != 3 and (cut_off or code not in (0, 1)):
            yield f"exit code {code}: {station.said}"
        if cut_off and not ("127.0.0.1" in station.said or "is it switched on and the cable in?" in station.said):
            yield f"no clear message: {station.said}"

    def _look(self, station: Station, moment: Moment) -> None:
        """Check everything that must hold whoever was killed, and what this start had to say of the one before."""
        lines = station.lines
        self._shown += lines
        self.tally.count("events shown", len(lines))
        if "Traceback" in station.said:
            self._violated(moment, [f"a traceback: {station.said}"])
        for check in (self.home.unsound(), self.home.lost(lines), self.home.misnumbered(), self.home.half()):
            self._violated(moment, check)
        self._violated(moment, self.home.misjudged(self._bench.deserved()))
        self._hear_of_the_last(station, moment, started=bool(lines))
        self._cut += self.home.open_runs()

    def _hear_of_the_last(self, station: Station, moment: Moment, *, started: bool) -> None:
        """Check that this start told of every run that was cut off before; one that was killed itself leaves it to the next."""
        still_open = self.home.open_runs()
        for run in list(self._cut):
            if f"the run of {run.serial} in slot {run.slot} was cut off" in station.said:
                self.tally.count("cut-off runs told at the next start")
                self._cut.remove(run)
            elif started:
                self._violated(moment, [f"this start did not tell that {run.serial} was cut off"])
                self._cut.remove(run)
            elif run not in still_open:
                self._doctor_tells(run, moment)
        if started:
            self.tally.count("starts that had mended what the last crash left")

    def _doctor_tells(self, run: OpenRun, moment: Moment) -> None:
        """Check that the doctor tells of a run that was closed by a start which was killed before it could say so."""
        words = (*_STATION, "doctor", "--home", str(self.home.folder))
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=_LONGEST)
        if run.serial not in done.stdout:
            self._violated(moment, [f"neither a start nor the doctor told that {run.serial} was cut off: {done.stdout}"])
        self.tally.count("cut-off runs told by the doctor")
        self._cut.remove(run)

    def end(self, moment: Moment) -> None:
        """Test a last tray in peace, and check that no crash has left a trace that is not told."""
        station = self._start(moment)
        try:
            code = station.process.wait(_LONGEST)
        finally:
            station.kill()
        self._look(station, moment)
        self._violated(moment, self.home.unfinished())
        self._violated(moment, self.home.lost(self._shown))
        if code not in (0, 1) or self._cut:
            self._violated(moment, [f"the last tray ended with {code}, {self._cut}: {station.said}"])
        for word in ("PASS", "FAIL", "ERROR", "ABORTED", "INCONCLUSIVE"):
            self.tally.count(f"runs on record: {word}", len(self.home.query("SELECT 1 FROM run WHERE outcome = ?", word)))
        self.tally.count("documents on record", len(self.home.query("SELECT 1 FROM certificate")))

    def close(self) -> None:
        """End the simulator."""
        self._bench.close()

    def _violated(self, moment: Moment, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.tally.violate(f"{self.home.folder.name}, moment {moment.number}", " / ".join(sentence.split("\n")))


def _phase(lines: list[str], units: int) -> str:
    """Return where the tray was when the victim was killed, by the last event that was shown."""
    if not lines:
        return "before the first run"
    ended = sum('"kind": "RunEnded"' in line for line in lines)
    if ended == units:
        return "while documents are made, or after"
    steps = [json.loads(line)["step"] for line in lines if '"kind": "StepStarted"' in line]
    return f"in {steps[-1]}" if steps else "before the first step"
