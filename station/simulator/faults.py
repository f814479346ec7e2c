"""Scripted faults on the wire: what goes wrong with which answer of which link."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LINKS = ("dmm", "scope", "fixture")
"""The links that can be given faults; those of several meters or oscilloscopes go on as dmm2, dmm3 … and scope2 …."""
_LINK = re.compile("(dmm|scope)[2-8]?|fixture")
_FOREVER = 1e9


@dataclass(frozen=True, slots=True)
class Act:
    """What the wire does: send `data` not before `delay` seconds have passed, then perhaps end the connection."""

    data: bytes
    delay: float = 0.0
    ending: str = ""  # "close" is an orderly end, "reset" a hard one


@dataclass(frozen=True, slots=True)
class Fault:
    """The `exchange`-th answer of `link` (from 1) goes wrong as `kind` says; `seconds` is for those that wait."""

    link: str
    exchange: int
    kind: str
    seconds: float

    def acts(self, answer: bytes) -> list[Act]:
        """Return what the wire does instead of sending `answer`."""
        return _KINDS[self.kind](answer, self.seconds)


def _half(answer: bytes) -> bytes:
    return answer[: max(1, len(answer) // 2)]


def _garbled(answer: bytes) -> bytes:
    """Return the answer with its middle byte changed, as a bad line would."""
    middle = len(answer) // 2
    return answer[:middle] + bytes([answer[middle] ^ 0x15]) + answer[middle + 1 :]


def _flipped(answer: bytes) -> bytes:
    """Return the answer with one bit turned over, so that a digit becomes another: a number's first, or one in the middle."""
    at = 1 if answer[:1] in (b"+", b"-") else len(answer) // 2
    return answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]


def _renamed(answer: bytes) -> bytes:
    """Return the answer as another instrument of the same model would give it."""
    return re.sub(rb"(SIM[0-9A-Z]+)[0-9]\b", rb"\g<1>9", answer)


_KINDS: dict[str, Callable[[bytes, float], list[Act]]] = {
    "silence": lambda _, __: [],
    "late": lambda answer, seconds: [Act(answer, seconds)],
    "duplicate": lambda answer, _: [Act(answer), Act(answer)],
    "truncate": lambda answer, _: [Act(_half(answer).rstrip(b"\n") + b"\n")],
    "garble": lambda answer, _: [Act(_garbled(answer))],
    "flip": lambda answer, _: [Act(_flipped(answer))],
    "extra_line": lambda answer, _: [Act(b"+1.23456789E-04\n" + answer)],
    "half_then_stall": lambda answer, seconds: [Act(_half(answer)), Act(answer[len(_half(answer)) :], seconds)],
    "close": lambda _, __: [Act(b"", ending="close")],
    "reset": lambda _, __: [Act(b"", ending="reset")],
    "one_byte": lambda answer, seconds: [Act(answer[i : i + 1], i * seconds / 1000) for i in range(len(answer))],
    "wrong_idn": lambda answer, _: [Act(_renamed(answer))],
    "reboot": lambda _, __: [Act(b"", ending="close")],
}
LASTING = ("wrong_idn",)
"""Faults that stay from their exchange on: the instrument was swapped for another."""
KINDS = tuple(_KINDS)
"""The names of all faults."""
_SECONDS = {"late": 3.0, "one_byte": 1.0}


class FaultFileError(Exception):
    """The file of faults cannot be used; the text says where and why."""


def read_faults(path: Path) -> list[Fault]:
    """Return the faults that a TOML or JSON file lists under `fault`."""
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as cause:
        raise FaultFileError(f"{path}: {cause.strerror}. Name a file of faults that can be read") from cause
    except UnicodeError as cause:
        raise FaultFileError(f"{path}: is not UTF-8 text") from cause
    except ValueError as cause:
        raise FaultFileError(f"{path}: {cause}") from cause
    rows = document.get("fault") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise FaultFileError(f"{path}: no list named `fault`")
    return [_fault(row, f"{path}, fault {number}") for number, row in enumerate(rows, 1)]


def _fault(row: object, where: str) -> Fault:
    if not isinstance(row, dict) or not {"link", "exchange", "kind"} <= set(row) <= {"link", "exchange", "kind", "seconds"}:
        raise FaultFileError(f"{where}: needs link, exchange, kind and may have seconds")
    link, exchange, kind = row["link"], row["exchange"], row["kind"]
    if not _LINK.fullmatch(str(link)) or kind not in KINDS:
        raise FaultFileError(f"{where}: link is one of {', '.join(LINKS)}, or dmm2 … scope8; kind one of {', '.join(KINDS)}")
    seconds = row.get("seconds", _SECONDS.get(kind, _FOREVER))
    if not isinstance(exchange, int) or exchange < 1 or not isinstance(seconds, int | float) or not seconds >= 0:
        raise FaultFileError(f"{where}: exchange is a whole number from 1, seconds a number from 0")
    return Fault(str(link), exchange, str(kind), float(seconds))
