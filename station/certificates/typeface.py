"""Read which typeface sets the signs that FiraGO lacks: a TrueType file that is named and pinned by its digest."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from station.core.canonical import digest
from station.core.errors import StationError
from station.core.table import Table

_SIGNS = ("zh", "ja", "ko")  # languages whose signs FiraGO has none of
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Typeface:
    """What sets the signs that FiraGO lacks: a TrueType file, its digest, its content where that is at hand."""

    file: str
    digest: str
    content: bytes | None = field(default=None, repr=False)


class TypefaceError(StationError):
    """A document cannot be drawn, because the typeface that its template names is not at hand."""


Typefaces = Callable[[str], bytes | None]
"""Finds the typeface with a digest; None where it is not at hand."""


def no_typefaces(_digest: str) -> None:
    """Find no typeface."""
    return


def read_typeface(head: Table, language: str, folder: Path | None, known: Typefaces) -> Typeface | None:
    """Return the typeface that `head` names, None where it names none; what is wrong is noted there."""
    name = head.text("typeface", default="")
    if not name:
        if language.partition("-")[0] in _SIGNS:
            head.problem("typeface", "is missing", "Name a TrueType file that has the signs of this language; README.md says how")
        return None
    pinned = head.text("typeface_sha256")
    if Path(name).name != name or not _SHA256.fullmatch(pinned):
        head.problem("typeface", f"is {name!r}", "Name a TrueType file beside this file, and its digest as typeface_sha256")
        return None
    found = Typeface(name, f"sha256:{pinned}")
    content = known(found.digest) or (_content_of(head, folder / name) if folder is not None else None)
    if content is not None and digest(content) != found.digest:
        head.problem(
            "typeface_sha256", "is not the digest of that file", f'Is it the right one? Its digest is "{digest(content)[7:]}"'
        )
    elif content is not None and not content.startswith(_TRUETYPE):
        head.problem(
            "typeface",
            "has no TrueType outlines",
            "Name a .ttf file; a .ttc, or an .otf with PostScript outlines, cannot be used",
        )
    return replace(found, content=content)


def _content_of(head: Table, path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        head.problem("typeface", f"cannot be read: {error.strerror}", "Put the file beside this one, or leave typeface out")
        return None
