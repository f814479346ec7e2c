"""What every test is held to: it leaves no thread, no child process and no open socket behind."""

import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy host is no fault of the code: how long an example takes is measured in benchmarks/, never judged in a test.
settings.register_profile("station", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("station")

# Who starts the tests in the background or under nohup lets them ignore Ctrl-C and hang-up, and every child would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _children() -> set[str]:
    tasks = Path("/proc/self/task")
    found: set[str] = set()
    for task in tasks.iterdir() if tasks.is_dir() else ():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that was joined may vanish under our eyes
            found.update((task / "children").read_text().split())
    return found


def _sockets() -> set[str]:
    folder = Path("/proc/self/fd")
    found = set()
    for entry in folder.iterdir() if folder.is_dir() else ():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith(("socket:", "/dev/pts")):
            found.add(target)
    return found


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, children, sockets = set(threading.enumerate()), _children(), _sockets()

    yield

    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert left == [], f"threads left: {left}"
    assert _children() <= children, "a child process was left"
    assert _sockets() <= sockets, "a socket was left open"
