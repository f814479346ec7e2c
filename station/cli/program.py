"""Run the command line as a program: its streams, its signals, and an exit code for whatever comes of it."""

import errno
import io
import logging
import os
import signal
import sys
from typing import TextIO

from station.cli.unusable import unusable
from station.core.errors import StationError

_log = logging.getLogger(__name__)
_UNHEARD = (errno.EPIPE, errno.ENOSPC)  # a reader that left, a full disk
_AGAIN = 10e-3  # s until a stop is said again that could not be raised: longer than what keeps it from being raised
_TURN = 0.5e-3  # s after which a thread that computes lets others on: at Python's 5 ms each exchange waits for one that draws


def main() -> None:
    """Run the command line; every error of ours becomes a sentence and an exit code, never a traceback."""
    _prepare()
    out = sys.stdout  # typer puts another in its place once a reader has left
    code, unheard = _ended(out)
    if unheard is not None:
        code = max(code, code_of(StationError(unheard)))  # nobody read a verdict: 0 and 1 would be claims
        if unheard.errno != errno.EPIPE:
            sys.stderr.write(f"station: what came of it cannot be written to stdout: {unheard.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # what is left in the buffer has a place to go
    sys.exit(code)


def _ended(out: TextIO) -> tuple[int, OSError | None]:
    """Run the command, and return its exit code, and what kept `out` from taking all that it said."""
    code, cause = 0, None
    try:
        from station.cli.app import app  # takes its time: a Ctrl-C meanwhile is no fault to print

        app()
    except KeyboardInterrupt:
        code = 130
    except SystemExit as left:
        code, cause = left.code if isinstance(left.code, int) else 0, left.__context__
    except StationError as error:
        sys.stderr.write(f"station: {error}\n")
        code = code_of(error)
    except Exception as error:
        if (unheard := _unheard(out, error)) is not None:
            pass
        elif said := unusable(error):
            sys.stderr.write(f"station: {said}\n")
        else:
            _log.exception("this is a fault of the program: keep these lines for its maker")
        return code_of(StationError(error)), unheard
    return code, _unheard(out, cause)


def _unheard(out: TextIO, cause: BaseException | None) -> OSError | None:
    """Return why `out` did not take what was said, or None when it did; an unbuffered one tells it once, as the `cause`."""
    try:
        out.flush()
    except OSError as error:
        return error
    return cause if isinstance(cause, OSError) and cause.errno in _UNHEARD else None


def _prepare() -> None:
    """Make short turns for threads, streams for every sign, logs for operators, and signals that end us through every `with`."""
    sys.setswitchinterval(_TURN)
    _open_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without µ and Ω must not cost a tray its summary
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Plain("station: %(message)s"))
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    sys.unraisablehook = _say_again


def _say_again(lost: "sys.UnraisableHookArgs") -> None:
    """Say a stop again that came where nothing can be raised, as in a callback of Python's importer: there it would be lost."""
    if lost.exc_type is KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    else:
        sys.__unraisablehook__(lost)


def _open_streams() -> None:
    """Put the null device where stdin, stdout or stderr is closed: else the next file opened, a store, would take its number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as the program runs
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as the program runs


class _Plain(logging.Formatter):
    """Log lines for operators: a fault that we name is a sentence, only a bug is shown with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        error = record.exc_info[1] if record.exc_info else None
        return f"station: {record.getMessage()}: {error}" if isinstance(error, StationError) else super().format(record)


def code_of(error: StationError) -> int:
    """Return the exit code that `error` ends the program with."""
    from station.core.errors import LockedError, SequenceError, UsageError
    from station.core.problems import DocumentError

    if isinstance(error, DocumentError | SequenceError | UsageError):
        return 2
    return 4 if isinstance(error, LockedError) else 3
