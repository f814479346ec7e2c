"""Numbers as SCPI types and prints them: `100 mV`, `1E-3`, `#H1F`; `+1.23456789E-04`, `+8`."""

import re

from station.simulator.scpi.errors import ScpiError

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:\s*[Ee]\s*[+-]?\d+)?)\s*([A-Za-z%]*)")
_RADIX = {"H": 16, "Q": 8, "B": 2}
_PREFIXES = {"": 1.0, "P": 1e-12, "N": 1e-9, "U": 1e-6, "M": 1e-3, "K": 1e3, "MA": 1e6, "G": 1e9}
OVERLOAD = 9.9e37  # what a meter or a scope says instead of a value it does not have
NOT_A_NUMBER = 9.91e37


def number(text: str, unit: str = "") -> float:
    """Return the value of a typed number in SI; `unit` is the one it may carry, in upper case, such as V or S."""
    if text.startswith("#"):
        return _other_radix(text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _not_a_number(text)
    return float(re.sub(r"\s", "", match.group(1))) * _factor(match.group(2).upper(), unit)


def _factor(suffix: str, unit: str) -> float:
    if not suffix:
        return 1.0
    if not unit:
        raise ScpiError(-138)
    # SCPI keeps MOHM and MHZ for mega: nobody measures milliohertz.
    if suffix == "M" + unit and unit in {"OHM", "HZ"}:
        return 1e6
    prefix = suffix.removesuffix(unit)
    if not suffix.endswith(unit) or prefix not in _PREFIXES:
        raise ScpiError(-131)
    return _PREFIXES[prefix]


def _other_radix(text: str) -> float:
    try:
        return float(int(text[2:], _RADIX[text[1:2].upper()]))
    except (KeyError, ValueError, OverflowError) as reason:
        raise ScpiError(-121) from reason


def _not_a_number(text: str) -> ScpiError:
    if text.startswith(('"', "'")):
        return ScpiError(-158)
    return ScpiError(-121 if text[:1] in set("+-.0123456789") else -224)


def real(value: float, decimals: int = 8) -> str:
    """Print a real number the way Keysight does, such as +1.23456789E-04."""
    return f"{value:+.{decimals}E}"


def whole(value: float) -> str:
    """Print a whole number with its sign, such as +8."""
    return f"{round(value):+d}"


def quoted(text: str) -> str:
    """Print a text in double quotes, an inner quote doubled."""
    return '"' + text.replace('"', '""') + '"'


def block(content: bytes, digits: int | None = None) -> bytes:
    """Wrap bytes as a definite-length block; `digits` fixes how many digits its length has, as some makers do."""
    length = str(len(content)).rjust(digits or 1, "0")
    return b"#" + str(len(length)).encode() + length.encode() + content
