"""A hand of our own on the simulator's four ports: nothing of the station and nothing of the simulator is imported here."""

import json
import socket
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

PATIENCE = 20.0
"""Seconds (real ones) that an answer may take before the test is given up: a busy host is no fault of the physics."""


class Wire:
    """One connection on which lines are said and answered."""

    def __init__(self, address: str) -> None:
        port = int("".join(filter(str.isdigit, address.removeprefix("TCPIP0::127.0.0.1").removeprefix("socket://127.0.0.1"))))
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rwb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._socket.close()

    def say(self, line: str) -> None:
        self._file.write(f"{line}\n".encode())
        self._file.flush()

    def hear(self) -> str:
        return self._file.readline().decode().strip()

    def ask(self, line: str) -> str:
        self.say(line)
        return self.hear()

    def block(self, line: str) -> bytes:
        """Say `line` and return the definite length block (IEEE 488.2) that answers it."""
        self.say(line)
        digits = int(self._file.read(2)[1:])
        payload = self._file.read(int(self._file.read(digits)))
        self._file.readline()
        return payload


class Instrument(Wire):
    """A wire on which SCPI is spoken; a complaint in the error queue is an error of the test."""

    def set(self, *commands: str) -> None:
        for command in commands:
            self.say(command)
        complaint = self.ask("SYST:ERR?")
        assert int(complaint.partition(",")[0]) == 0, f"{commands}: {complaint}"

    def numbers(self, query: str) -> NDArray[np.float64]:
        return np.array([float(word) for word in self.ask(query).split(",")])


class Fixture(Wire):
    """The line protocol of fixtures/README.md, written down a second time: frames, checksums, numbers of their own."""

    _number = -1
    _sessions = 0

    def hello(self) -> None:
        """Start a session, with another nonce than the last one's: every slot is safe then."""
        self._sessions += 1
        self.do(f"HELLO 1 {self._sessions:08X}")

    def do(self, body: str) -> dict[str, str]:
        """Send one request and return the values of its reply; events that come between are news and no evidence."""
        self._number = (self._number + 1) % 256
        head = f">{self._number:02X} {body}"
        heard = self.ask(f"{head}*{_checksum(head):04X}")
        while heard.startswith("!"):
            heard = self.hear()
        words = heard.partition("*")[0].split()
        assert words[:2] == [f"<{self._number:02X}", "OK"], f"{body}: {heard}"
        return dict(word.split("=", 1) for word in words[2:])

    def moment(self, body: str) -> float:
        """Send one request and return when the fixture did it, in seconds of its clock."""
        return int(self.do(body)["t"]) / 1e6


class Operator(Wire):
    """The hand that puts units in, and is told the truth about them."""

    def do(self, line: str) -> str:
        answer = self.ask(line)
        assert answer.startswith("OK"), f"{line}: {answer}"
        return answer.removeprefix("OK").strip()

    def place(self, slot: int, serial: str, defect: str = "good") -> dict[str, float]:
        """Put a unit into a slot, whatever was in it; return its true values by row of the limit table, in the table's units."""
        if "serial=-" not in self.do(f"LOOK {slot}"):
            self.do(f"REMOVE {slot}")
        self.do(f"PLACE {slot} {serial} {defect}")
        values: dict[str, float] = json.loads(self.do(f"TRUTH {slot}"))["values"]
        return values


def _checksum(text: str) -> int:
    """Return the CRC-16/CCITT-FALSE of `text`, bit by bit as its definition says."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ (0x1021 if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return crc
