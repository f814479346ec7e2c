"""`python -m station.simulator`: serve a simulated bench on loopback until stopped."""

import argparse
import errno
import json
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from station.simulator.clock import Clock
from station.simulator.faults import Fault, FaultFileError, read_faults
from station.simulator.outlet import Outlet
from station.simulator.rig import Rig, rig
from station.simulator.server import Server
from station.simulator.truth import TruthFile

_MOST_SLOTS = 64
_MOST_INSTRUMENTS = 8  # of a kind


def main() -> int:
    """Read the command line, serve until SIGTERM, SIGINT or the end of stdin, and return the exit code."""
    options = _parser().parse_args()
    try:
        faults = read_faults(options.faults) if options.faults else []
        with ExitStack() as stack:
            truth = stack.enter_context(options.truth.open("a", encoding="utf-8")) if options.truth else None
            clock = Clock(options.speed)
            server = stack.enter_context(Server(clock))
            server.stop_on_byte_from(stack.enter_context(_signals()))
            if options.until_eof:
                server.stop_at_end_of(sys.stdin.fileno())
            addresses = _serve(server, clock, options, faults, TruthFile(truth))
            print(json.dumps(addresses), flush=True)
            serving = stack.pop_all()
    except (FaultFileError, OSError, OverflowError) as error:
        sys.stderr.write(f"simulator: {_told(error)}\n")
        return 2
    with serving:
        server.run()
    return 0


def _told(error: Exception) -> str:
    """Return what is wrong as a person reads it: the file, and the reason without its number."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.errno == errno.EADDRINUSE:
        return f"{error.filename} is taken: another program serves there. End it, or take free ports: --port 0"
    remedy = "Name a file that can be read, or one to write in a folder that is there"
    return f"{error.filename}: {error.strerror}. {remedy}" if error.filename else error.strerror


def _serve(server: Server, clock: Clock, options: argparse.Namespace, faults: list[Fault], truth: TruthFile) -> dict[str, str]:
    """Put all devices on their ports and return their addresses by name."""
    natural = options.defects == "natural"
    bench = rig(
        clock.transport, seed=options.seed, slots=options.slots, natural=natural, mains_hz=options.mains, truth_file=truth,
        dmms=options.dmms, scopes=options.scopes,
    )  # fmt: skip
    outlets = _outlets(bench, clock, faults)
    ports = dict(
        zip(bench.instruments, _ports(options.dmm_port, options.dmms) + _ports(options.scope_port, options.scopes), strict=True)
    )
    instruments = {name: f"TCPIP0::127.0.0.1::{server.listen(outlets[name], port)}::SOCKET" for name, port in ports.items()}
    fixture = (
        server.terminal(outlets["fixture"])
        if options.pty
        else f"socket://127.0.0.1:{server.listen(outlets['fixture'], options.fixture_port)}"
    )
    operator = server.listen(outlets["operator"], options.operator_port)
    return {**instruments, "fixture": fixture, "operator": f"socket://127.0.0.1:{operator}"}


def _ports(given: list[int], count: int) -> list[int]:
    """Return a port for each of `count` instruments: those that were given, and then free ones."""
    if len(given) > count:
        raise OSError(f"{len(given)} ports for {count} instruments: give at most one each")
    return [*given, *[0] * (count - len(given))]


def _outlets(bench: Rig, clock: Clock, faults: list[Fault]) -> dict[str, Outlet]:
    """Return each device with the faults of its link."""

    def of(link: str) -> list[Fault]:
        return [fault for fault in faults if fault.link == link]

    return {
        **{name: Outlet(one, clock, of(name), one.power_cycle) for name, one in bench.instruments.items()},
        "fixture": Outlet(bench.fixture, clock, of("fixture"), lambda now: bench.fixture.reboot("brownout", now)),
        "operator": Outlet(bench.operator, clock, [], lambda _: None),
    }


@contextmanager
def _signals() -> Iterator[int]:
    """Yield a descriptor that becomes readable on SIGTERM or SIGINT; so it does for one that whoever started us put off."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno())
        ends = (signal.SIGTERM, signal.SIGINT)
        for number in ends:
            signal.signal(number, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
        try:
            yield reader.fileno()
        finally:
            signal.set_wakeup_fd(before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m station.simulator",
        description="Serve a simulated bench (meter, oscilloscope, fixture, operator) on 127.0.0.1 until stopped. "
        "The first line on stdout is JSON with the addresses.",
        epilog="example: python -m station.simulator --slots 8 --speed 20 --defects natural --truth truth.jsonl",
    )
    add = parser.add_argument
    add("--slots", type=_slots, default=8, metavar="N", help="slots of the fixture, 1 to 64 (default 8)")
    add("--dmms", type=_instruments, default=1, metavar="N", help="meters, on the buses D1 to DN (default 1)")
    add("--scopes", type=_instruments, default=1, metavar="N", help="oscilloscopes, on the buses S1 to SN (default 1)")
    add("--speed", type=_speed, default=1.0, metavar="K", help="simulator seconds per second (default 1)")
    add("--seed", type=int, default=1, metavar="N", help="units and bench are a function of it (default 1)")
    add("--defects", choices=("none", "natural"), default="none", help="which defects units have unless PLACE names them")
    add("--personality", choices=("keysight",), default="keysight", help="the instruments' dialect (default keysight)")
    add("--faults", type=Path, metavar="FILE", help="scripted faults on the wire, TOML or JSON")
    add("--truth", type=Path, metavar="FILE", help="append one JSON line a placed unit: what is true of it")
    add("--pty", action="store_true", help="serve the fixture on a pseudo terminal instead of a TCP port")
    for name in ("dmm", "scope"):
        add(f"--{name}-port", type=int, nargs="+", default=[], metavar="N", help=f"TCP port of each {name} (default: free ones)")
    for name in ("fixture", "operator"):
        add(f"--{name}-port", type=int, default=0, metavar="N", help=f"TCP port of the {name} (default: a free one)")
    add("--mains", type=int, choices=(50, 60), default=50, help="mains frequency in hertz (default 50)")
    add("--until-eof", action="store_true", help="stop when stdin ends: a parent that dies takes the simulator along")
    return parser


def _slots(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_SLOTS:
        raise argparse.ArgumentTypeError(f"{text} is not 1 to {_MOST_SLOTS}")
    return number


def _instruments(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_INSTRUMENTS:
        raise argparse.ArgumentTypeError(f"{text} is not 1 to {_MOST_INSTRUMENTS}")
    return number


def _speed(text: str) -> float:
    number = float(text)
    if not 0.01 <= number <= 10000:
        raise argparse.ArgumentTypeError(f"{text} is not 0.01 to 10000")
    return number


if __name__ == "__main__":
    sys.exit(main())
