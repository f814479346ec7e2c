"""The simulator's process, its addresses, and the operator's hand."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from station.core.config import InstrumentConfig, StationConfig, parse_station
from station.core.fixture_file import FixtureFile, parse_fixture

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Simulated:
    """A running simulator."""

    addresses: dict[str, str]
    hand: socket.socket
    process: subprocess.Popen[str]
    speed: float

    def operate(self, line: str) -> str:
        """Tell the operator's hand what to do and return its answer."""
        self.hand.sendall(line.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            answer += self.hand.recv(4096)
        return answer.decode().strip()

    def config(self) -> StationConfig:
        """Return this repository's station file with the simulator's addresses."""
        config = parse_station((HOME / "station.toml").read_text(), "station.toml", HOME)
        dmms, scopes = (self._pool(*one) for one in (("dmm", config.dmms[0]), ("scope", config.scopes[0])))
        return replace(config, dmms=dmms, scopes=scopes, fixture_address=self.addresses["fixture"])

    def _pool(self, kind: str, first: InstrumentConfig) -> tuple[InstrumentConfig, ...]:
        """Return an instrument for each that the simulator has of a kind."""
        names = [name for name in self.addresses if name.startswith(kind)]
        serial = first.serial.removesuffix("1")
        return tuple(
            replace(first, address=self.addresses[name], serial=f"{serial}{number}", number=number)
            for number, name in enumerate(names, 1)
        )

    def file(self) -> FixtureFile:
        """Return this repository's fixture file, with a bus for each instrument of the simulator."""
        file, config = parse_fixture((HOME / "fixtures/eol8.toml").read_bytes(), "fixtures/eol8.toml"), self.config()
        dmms, scopes = (
            tuple(f"{letter}{one.number}" for one in pool) for letter, pool in (("D", config.dmms), ("S", config.scopes))
        )
        return replace(file, buses={"dmm": dmms, "scope": scopes})


@contextmanager
def simulated(*options: str, speed: float = 20.0) -> Iterator[Simulated]:
    """Run the simulator for the length of the `with`; closing its stdin ends it."""
    command = [sys.executable, "-m", "station.simulator", "--until-eof", "--speed", str(speed), "--defects", "none", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HOME) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        host, port = addresses["operator"].removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port)), 5) as hand:
            yield Simulated(addresses, hand, process, speed)
        process.stdin.close()
        assert process.wait(10) == 0
