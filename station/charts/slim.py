"""Take out of a typeface's file what no document needs, before it is copied into each of them."""

import struct

_NEEDED = (1, 2, 4, 6)  # family, style, full name, PostScript name; the others are addresses, trade marks and the licence's text
_RECORD = struct.Struct(">6H")  # platform, encoding, language, name id, length, offset


def slim(font: bytes) -> bytes:
    """Return the TrueType file `font` with the names alone that a program needs; raises ValueError when it has no names."""
    count = struct.unpack_from(">H", font, 4)[0]
    for entry in range(12, 12 + 16 * count, 16):
        tag, _, start, length = struct.unpack_from(">4s3L", font, entry)
        if tag == b"name":
            names = _names(font[start : start + length])
            head = font[: entry + 12] + struct.pack(">L", len(names)) + font[entry + 16 : start]
            return head + names.ljust(length, b"\0") + font[start + length :]
    raise ValueError("the typeface has no names")


def _names(table: bytes) -> bytes:
    """Return a table of names with those alone that are needed, as Windows knows them."""
    _, count, texts = struct.unpack_from(">3H", table)
    kept = [
        (record, table[texts + record[5] : texts + record[5] + record[4]])
        for record in (_RECORD.unpack_from(table, 6 + number * _RECORD.size) for number in range(count))
        if record[0] == 3 and record[3] in _NEEDED
    ]
    records, strings = b"", b""
    for record, text in kept:
        records += _RECORD.pack(*record[:4], len(text), len(strings))
        strings += text
    return struct.pack(">3H", 0, len(kept), 6 + len(records)) + records + strings
