"""Decide what is a serial number: GS1 character set 82, one to twenty characters (GS1 General Specifications 3.5.2)."""

import string

SET_82 = frozenset(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_")


def serial_fault(serial: str) -> str | None:
    """Return what is wrong with `serial`, or None when it is a serial number."""
    if not serial:
        return "the serial is empty"
    if len(serial) > 20:
        return f"the serial {serial[:24]!r} has {len(serial)} characters; at most 20 are allowed"
    strange = sorted(set(serial) - SET_82)
    if strange:
        return f"the serial {serial!r} holds {', '.join(map(repr, strange))}, which GS1 serials may not"
    return None
