"""A bench that can be killed: a simulator's process, and the hand and the eye of its operator."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_TALKATIVE = {**os.environ, "PYTHONFAULTHANDLER": "1"}  # a simulator that hangs is asked where
_PATIENCE = 30.0
_TRIES = 50
_MOST = 4096
_SAFE = "on=0 load=open charger=0 buses=-"


class Bench:
    """At most one simulator at a time; `addresses` is the file that `station run --bench` is given."""

    def __init__(self, folder: Path, speed: float, seed: int) -> None:
        self.addresses = folder / "bench.json"
        self._truth = folder / "truth.jsonl"
        self._options = ["--speed", f"{speed:g}", "--seed", str(seed), "--until-eof", "--truth", str(self._truth)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start a simulator unless one is alive, and take whatever is in its slots out."""
        if self._process is None:
            command = [sys.executable, "-m", "station.simulator", *self._options]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_TALKATIVE)
            assert self._process.stdout is not None
            self.addresses.write_bytes(self._process.stdout.readline())
        full = [slot for slot, seen in enumerate(self.look(8), 1) if "serial=- " not in seen]
        self._say([f"REMOVE {slot}" for slot in full])

    def make(self, serial: str, defect: str) -> None:
        """Make the unit `serial` have `defect`, whoever places it later."""
        self._say([f"PLACE 1 {serial} {defect}", "REMOVE 1"])

    def deserved(self) -> dict[str, str]:
        """Return the verdict that each unit deserves which was ever placed, by serial."""
        lines = self._truth.read_text(encoding="utf-8").splitlines() if self._truth.exists() else []
        return {said["serial"]: said["deserves"] for said in map(json.loads, lines)}

    def look(self, slots: int) -> list[str]:
        """Return what the eye sees in each of the first `slots` slots; the fixture's watchdog does not hear that."""
        return self._say([f"LOOK {slot}" for slot in range(1, slots + 1)])

    def unsafe(self, slots: int) -> list[str]:
        """Return what the eye sees in each of the first `slots` slots that is not in its safe state."""
        return [f"slot {slot}: {seen}" for slot, seen in enumerate(self.look(slots), 1) if not seen.endswith(_SAFE)]

    def _say(self, lines: list[str]) -> list[str]:
        """Say `lines` to the operator's port and return the answers."""
        try:
            answers = self._told(lines)
        except TimeoutError:
            if self._process is not None:
                self._process.send_signal(signal.SIGABRT)
            raise
        assert all(answer.startswith("OK") for answer in answers), f"the operator answers {answers} to {lines}"
        return answers

    def _told(self, lines: list[str]) -> list[str]:
        with self._connected() as hand, hand.makefile("rw") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            return [file.readline().strip() for _ in lines]

    def _connected(self) -> socket.socket:
        """Return a connection that is served: the port has one client, and the last one's end may not be noticed yet."""
        port = int(json.loads(self.addresses.read_bytes())["operator"].rpartition(":")[2])
        for _ in range(_TRIES):
            hand = socket.create_connection(("127.0.0.1", port), _PATIENCE)
            with suppress(ConnectionError):
                hand.sendall(b"HELP\n")
                if hand.recv(_MOST).endswith(b"\n"):  # a short line, in one piece
                    return hand
            hand.close()
            time.sleep(0.02)
        raise AssertionError("the simulated operator has no ear for us")

    def kill(self) -> None:
        """Kill the simulator (-9) and return when it is dead."""
        if self._process is not None:
            self._process.kill()
            self.close()

    @property
    def pid(self) -> int:
        """Return the number of the simulator's process, which must be alive."""
        assert self._process is not None
        return self._process.pid

    def close(self) -> None:
        """End the simulator and wait for its end."""
        if self._process is None:
            return
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(_PATIENCE)
        self._process = None
