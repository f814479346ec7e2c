"""Serve a simulated bench for others, at the addresses that station.toml names."""

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from station.cli.bench_process import command
from station.cli.home import Home, find, read
from station.core.errors import StationError


def serve_simulator(
    home_option: Path | None,
    speed: float,
    seed: int,
    free: bool,
    pty: bool,
    defects: str,
    truth: Path | None,
    faults: Path | None,
) -> NoReturn:
    """Become the simulator at the addresses of station.toml, or on free ports, until it is stopped."""
    home = read(find(home_option))
    options = ["--slots", str(home.fixture.slots), "--speed", f"{speed:g}", "--seed", str(seed), "--defects", defects,
               "--mains", str(home.config.mains_hz), "--dmms", str(len(home.config.dmms)),
               "--scopes", str(len(home.config.scopes))]  # fmt: skip
    options += ["--pty"] if pty else []
    for name, path in (("--truth", truth), ("--faults", faults)):
        options += [name, str(path)] if path is not None else []
    if not free:
        options += _ports(home, pty)
    same = f" --speed {speed:g}" if speed != 1.0 else ""
    bench, what = (" --bench FILE", ", the line below in FILE") if free or pty else ("", "")
    said = f"The simulator starts, and serves until Ctrl-C. In another terminal: station run{bench}{same} SN26-100401{what}\n"
    sys.stderr.write(said)
    sys.stderr.flush()
    words = command(options)
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))  # it lets them through once it can end by them
    os.execv(words[0], words)  # we become the simulator: whoever stops us stops it


def _ports(home: Home, pty: bool) -> list[str]:
    config = home.config
    named = {
        "dmm": [one.address for one in config.dmms], "scope": [one.address for one in config.scopes],
        "operator": [config.operator_address] if config.operator_address else [],
        "fixture": [] if pty else [config.fixture_address],
    }  # fmt: skip
    options: list[str] = []
    for name, addresses in named.items():
        ports = [_port(name, address) for address in addresses]
        options += [f"--{name}-port", *ports] if ports else []
    return options


def _port(name: str, address: str) -> str:
    digits = address.removesuffix("::SOCKET").replace("::", ":").rsplit(":", 1)[-1]
    if "127.0.0.1" not in address or not digits.isdecimal():
        raise StationError(f"station.toml puts the {name} at {address!r}; the simulator serves on 127.0.0.1 only. Use --port 0")
    return digits
