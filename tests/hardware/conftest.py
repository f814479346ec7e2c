"""Threads that are joined, sockets that are closed, and the simulator's process, for the tests of the hardware room."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import pyvisa

from station.clocks.steady import SteadyClock
from station.core.clock import Stop
from tests.hardware.simulated import Simulated, simulated

Spawn = Callable[[str, Callable[[Stop], None]], None]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start threads; at the end they are told to stop, joined, and what they raised is raised."""
    threads: list[threading.Thread] = []
    errors: list[BaseException] = []
    stop = SteadyClock().stop()

    def work(body: Callable[[Stop], None]) -> None:
        try:
            body(stop)
        except BaseException as error:  # noqa: BLE001 - it is raised in the test's own thread
            errors.append(error)

    def start(name: str, body: Callable[[Stop], None]) -> None:
        thread = threading.Thread(target=work, args=(body,), name=name)
        threads.append(thread)
        thread.start()

    yield start

    stop.set("the test is over")
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []


@pytest.fixture
def rm() -> Iterator[pyvisa.ResourceManager]:
    with closing(pyvisa.ResourceManager("@py")) as manager:
        yield manager


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a listening socket on a free port; a client that connects waits in its backlog until `accept`."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        yield server


@pytest.fixture
def simulator() -> Iterator[Simulated]:
    with simulated() as running:
        yield running
