"""Read what a scanner gives: a GS1 label of a unit, its human-readable line, or a bare serial; refuse all else in a sentence.

A label is an element string: application identifiers (01) GTIN, (11) production date, (10) lot and (21) serial in any order,
lot and serial ended by GS (0x1D) unless they come last. Decided here, because the standard leaves it to us:

- An element string has a GTIN and a serial (GS1 knows a serial only together with a GTIN). It is one when it begins with an AIM
  prefix (`]d2`), holds a GS, or begins with 01 and ten digits; so a label that lost its prefix or a digit is never a bare serial.
- A GS that the scanner swallowed cannot be proven from the text: `21SN10LOT` is one good serial. A whole known GTIN inside a lot
  or serial proves it. So does a missing element where the caller says which ones its labels carry (`required`).
- One GS after an element of fixed length, or at the end, is allowed, as the standard asks of readers; two in a row are not.
- In the human-readable line every two digits in parentheses begin an element: a serial that holds such a group must be scanned.
- A date is of this century, and has a day.
"""

import re
import string
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from station.core.errors import StationError
from station.core.serial import SET_82, serial_fault

GS = "\x1d"
PREFIXES = ("]d2", "]C1", "]Q3")  # DataMatrix, GS1-128, QR: the AIM signs that say "the content is GS1"
_FIXED = {"01": 14, "11": 6}
_NAMES = {"01": "GTIN", "11": "production date", "10": "lot", "21": "serial"}
_LONGEST = 20
_SPOKEN = re.compile(r"\(([0-9]{2})\)")
_BARE_LABEL = re.compile(r"01[0-9]{10}")
_AGAIN = "Scan the label again; if this comes back, set the unit aside: its label is wrong"
_SETUP = "Scan again; if this comes back, have the scanner's setup corrected: it must send GS1 with GS"


class ScanError(StationError):
    """What was scanned is no label or serial of a unit; the message says what was scanned, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a label says; a bare serial says nothing else. `raw` is the text as it came, without the end of its line."""

    gtin: str | None
    serial: str
    lot: str | None
    date: date | None
    raw: str


def parse_scan(text: str, *, gtin: str | None = None, replacement: str = "", required: Collection[str] = ()) -> Scan:
    """Read the `text` of one scan; raises ScanError.

    `gtin` is the only one that is accepted, if it is given. `replacement` is the sign that the scanner types for GS, if it cannot
    type one. `required` names the application identifiers, beyond 01 and 21, that each label here carries.
    """
    if replacement and (len(replacement) != 1 or replacement in SET_82):
        raise ValueError(f"{replacement!r} cannot stand for GS: it must be one character that no lot or serial may hold")
    raw = re.sub(r"(?:\r\n|\r|\n)\Z", "", text)
    try:
        return _read(raw, raw.replace(replacement, GS) if replacement else raw, gtin, required)
    except ScanError as error:
        scanned = ascii(raw) if len(raw) <= 80 else f"{raw[:80]!a}..."
        raise ScanError(f"scanned {scanned}: {error}") from None


def check_digit(digits: str) -> str:
    """Return the mod-10 check digit that follows `digits`, the GTIN without it."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def gtin_fault(number: str) -> str | None:
    """Return what is wrong with `number`, or None when it is a GTIN of 14 digits with its check digit."""
    if not _digits(number, _FIXED["01"]):
        return f"{number[:24]!a} is not {_FIXED['01']} digits"
    if number[-1] != (right := check_digit(number[:-1])):
        return f"the check digit of GTIN {number} is {number[-1]} and should be {right}"
    return None


def _read(raw: str, text: str, gtin: str | None, required: Collection[str]) -> Scan:
    if not text:
        raise ScanError("nothing came. Scan the label again")
    if control := sorted({sign for sign in text if sign != GS and not sign.isprintable()}):
        raise ScanError(f"it holds the control characters {', '.join(map(ascii, control))}. {_SETUP}")
    split = _form(text)
    if split is None:
        return Scan(None, _serial(text, gtin), None, None, raw)
    found = _elements(split(text))
    missing = [ai for ai in dict.fromkeys(("01", "21", *required)) if ai not in found]
    if missing:
        said = " and ".join(f"({ai}) {_NAMES.get(ai, '')}".strip() for ai in missing)
        raise ScanError(f"it has no {said}, or the GS before it was swallowed. {_SETUP}")
    number = _gtin(found["01"], gtin)
    lot = _lot(found["10"], number) if "10" in found else None
    made = _date(found["11"]) if "11" in found else None
    return Scan(number, _serial(found["21"], number), lot, made, raw)


def _form(text: str) -> Callable[[str], list[tuple[str, str]]] | None:
    """Return how to split `text` into elements, or None for a bare serial."""
    if text.startswith("]"):
        if not text.startswith(PREFIXES):
            raise ScanError(f"{text[:3]!a} is not the sign of a GS1 code. Scan the GS1 DataMatrix on the unit's label")
        return _split_prefixed
    if _SPOKEN.match(text):
        return _split_spoken
    return _split if GS in text or _BARE_LABEL.match(text) else None


def _split_prefixed(text: str) -> list[tuple[str, str]]:
    return _split(text[len(PREFIXES[0]) :])


def _split(rest: str) -> list[tuple[str, str]]:
    elements = []
    while rest:
        ai, rest = rest[:2], rest[2:]
        if ai in _FIXED:
            value, rest = rest[: _FIXED[ai]], rest[_FIXED[ai] :].removeprefix(GS)
        elif ai in _NAMES:
            value, _, rest = rest.partition(GS)
        else:
            raise _unknown(ai)
        elements.append((ai, value))
    return elements


def _split_spoken(text: str) -> list[tuple[str, str]]:
    _, *pieces = _SPOKEN.split(text)
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def _unknown(ai: str) -> ScanError:
    known = ", ".join(f"({known}) {name}" for known, name in sorted(_NAMES.items()))
    return ScanError(f"an element begins with {ai!a}; a label here has only {known}. {_AGAIN}")


def _elements(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ai, value in pairs:
        if ai not in _NAMES:
            raise _unknown(ai)
        if ai in found:
            raise ScanError(f"({ai}) {_NAMES[ai]} stands twice. {_AGAIN}")
        if ai in _FIXED and not _digits(value, _FIXED[ai]):
            raise ScanError(f"({ai}) {_NAMES[ai]} {value[:24]!a} is not {_FIXED[ai]} digits. {_AGAIN}")
        found[ai] = value
    return found


def _digits(value: str, count: int) -> bool:
    return len(value) == count and set(value) <= set(string.digits)


def _gtin(number: str, expected: str | None) -> str:
    if fault := gtin_fault(number):
        raise ScanError(f"{fault}: it was misread. {_AGAIN}")
    if expected is not None and number != expected:
        raise ScanError(f"GTIN {number} is another product; this station tests {expected}. Take the unit to its own station")
    return number


def _date(digits: str) -> date:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        raise ScanError(f"the production date {digits} is no day written YYMMDD. {_AGAIN}") from None


def _lot(lot: str, gtin: str) -> str:
    if not lot:
        raise ScanError(f"the lot is empty. {_AGAIN}")
    if len(lot) > _LONGEST:
        raise ScanError(f"the lot {lot[:24]!a} has {len(lot)} characters; at most {_LONGEST} are allowed. {_SETUP}")
    if wrong := sorted(set(lot) - SET_82):
        raise ScanError(f"the lot {lot!a} holds {', '.join(map(ascii, wrong))}, which GS1 lots may not. {_AGAIN}")
    _refuse_gtin_inside("lot", lot, gtin)
    return lot


def _serial(serial: str, gtin: str | None) -> str:
    if fault := serial_fault(serial):
        raise ScanError(f"{fault}. {_AGAIN}")
    _refuse_gtin_inside("serial", serial, gtin)
    return serial


def _refuse_gtin_inside(name: str, value: str, gtin: str | None) -> None:
    if gtin is not None and f"01{gtin}" in value:
        raise ScanError(f"the {name} {value!a} holds the whole GTIN: the GS before it was swallowed. {_SETUP}")
