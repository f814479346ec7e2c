"""The simulator's process, its addresses, and the operator's hand."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from station.core.config import StationConfig, parse_station
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
        dmm, scope = replace(config.dmm, address=self.addresses["dmm"]), replace(config.scope, address=self.addresses["scope"])
        return replace(config, dmm=dmm, scope=scope, fixture_address=self.addresses["fixture"])

    def file(self) -> FixtureFile:
        """Return this repository's fixture file."""
        return parse_fixture((HOME / "fixtures/eol8.toml").read_bytes(), "fixtures/eol8.toml")


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
