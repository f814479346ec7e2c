"""Run the station's program in this process, from its words to its exit code: one of its own takes a second to import it."""

import io
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from station.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """What a program that has ended leaves."""

    returncode: int
    stdout: str
    stderr: str


def station(*words: str) -> Done:
    """Run the program with `words`, as `station` does."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with _as_it_was(), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        sys.argv = ["station", *words]
        main()
    assert isinstance(ended.value.code, int)
    return Done(ended.value.code, _said(out), _said(err))


def _said(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Put back what the program sets for the rest of its process."""
    words, turn, last = sys.argv, sys.getswitchinterval(), logging.lastResort
    assert last is not None
    formatter, heard = last.formatter, {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        sys.argv = words
        sys.setswitchinterval(turn)
        last.setFormatter(formatter)
        for number, handler in heard.items():
            signal.signal(number, handler)
