"""Start the simulator as a child process, learn its addresses, and end it whatever happens."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path

from station.clocks.steady import SteadyClock
from station.core.clock import Clock
from station.core.equipment import name_of
from station.core.errors import StationError

_PATIENCE = 20.0  # s for the child to say where it listens


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the instruments, the fixture and the simulated operator's hand listen."""

    dmms: tuple[str, ...]
    scopes: tuple[str, ...]
    fixture: str
    operator: str

    @staticmethod
    def parse(line: str) -> "Addresses":
        """Read the line of JSON that the simulator prints; raises StationError when it is something else."""
        try:
            said = json.loads(line)
            found = Addresses(_all(said, "dmm"), _all(said, "scope"), said["fixture"], said["operator"])
        except (ValueError, KeyError, TypeError) as error:
            raise StationError(f"not the addresses of a simulator: {line.strip()[:120]!r}") from error
        each = (*found.dmms, *found.scopes, found.fixture, found.operator)
        if not all(isinstance(one, str) for one in each) or len(set(each)) < len(each):
            raise StationError(f"no text, or one address for two: {line.strip()[:120]!r}")
        return found


def _all(said: dict[str, str], kind: str) -> tuple[str, ...]:
    """Return the addresses of a kind of instrument: dmm, and then dmm2, dmm3 … as far as there are any."""
    names = takewhile(lambda name: name in said, (name_of(kind, number) for number in count(1)))
    return tuple(said[name] for name in names) or (said[kind],)


def command(options: list[str]) -> list[str]:
    """Return the command that starts a simulator."""
    return [sys.executable, "-m", "station.simulator", *options]


@contextmanager
def simulator(
    *,
    slots: int,
    speed: float,
    seed: int,
    mains_hz: int,
    truth: Path | None,
    dmms: int = 1,
    scopes: int = 1,
    options: tuple[str, ...] = (),
) -> Iterator[Addresses]:
    """Run a simulator on free ports for the length of a `with`; it ends with us, even when we are killed."""
    given = [
        "--slots",
        str(slots),
        "--speed",
        f"{speed:g}",
        "--seed",
        str(seed),
        "--mains",
        str(mains_hz),
        "--dmms",
        str(dmms),
        "--scopes",
        str(scopes),
        "--until-eof",
        *options,
    ]
    if truth is not None:
        given += ["--truth", str(truth)]
    with subprocess.Popen(
        command(given), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, env=_environment()
    ) as child:
        try:
            yield Addresses.parse(_first_line(child))
        finally:
            child.terminate()
            if child.stdin is not None:
                child.stdin.close()
            try:
                child.wait(5.0)
            except subprocess.TimeoutExpired:
                child.kill()


def first_line(descriptor: int, clock: Clock, seconds: float) -> str:
    """Return the first line that comes from `descriptor`, or what came of it within `seconds` of the host or before its end."""
    end, heard = clock.now() + seconds, b""
    while not heard.endswith(b"\n") and select.select([descriptor], [], [], max(0.0, end - clock.now()))[0]:
        if not (one := os.read(descriptor, 1)):
            break
        heard += one
    return heard.decode(errors="replace")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "default")}


def _first_line(child: "subprocess.Popen[str]") -> str:
    if child.stdout is None:
        raise StationError("the simulator has no output to read")
    line = first_line(child.stdout.fileno(), SteadyClock(), _PATIENCE)
    if not line.endswith("\n"):
        raise StationError(f"the simulator did not start within {_PATIENCE:g} s (exit code {child.poll()}): see the lines above")
    return line
