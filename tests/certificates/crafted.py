"""Craft documents that no station wrote: a true seal over files that somebody bent."""

import json
from dataclasses import replace
from functools import cache
from io import BytesIO

from pikepdf import Array, Pdf

from station.certificates.archival import Attachment, Place, archival
from station.certificates.carried import LOGO
from station.certificates.issue import document as drawn
from station.certificates.seal import sealed
from station.certificates.tools import producer
from station.certificates.xmp import About
from tests.certificates.sealing import AT, carried, sealing


def bent(name: str, path: str, value: object) -> bytes:
    """Return a document in whose file `name`, in JSON, `value` stands at `path`, for instance rows.*.measured.value."""
    (content,) = [one.content for one in carried().files() if one.name == name]
    told = json.loads(content)
    _put(told, path.split("."), value)
    return crafted({name: json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()})


def _put(told: object, path: list[str], value: object) -> None:
    if isinstance(told, list):
        told[:] = [_changed(one, path[1:], value) for one in told]
    elif isinstance(told, dict):  # else a row that was not measured
        for name in list(told) if path[0] == "*" else path[:1]:
            told[name] = _changed(told.get(name), path[1:], value)


def _changed(told: object, path: list[str], value: object) -> object:
    if not path:
        return value
    _put(told, path, value)
    return told


def crafted(others: dict[str, bytes]) -> bytes:
    """Return a document that carries `others` in place of, or beside, its own files."""
    parts, template = carried(), carried().sources.template
    files = {one.name: one for one in parts.files()}
    files[LOGO] = Attachment(LOGO, "image/png", "Source", "The logo of the template", b"")
    told = [replace(one, content=others.get(name, one.content)) for name, one in files.items() if name != LOGO or LOGO in others]
    about = About(parts.number, "T", "M", "S", template.language, producer(parts.tools), AT)
    return _sealed(archival(_drawing(), about, told, Place(AT, "crafted", sealing().size)))


@cache
def _drawing() -> bytes:
    parts = carried()
    return drawn(parts.record, parts.curves, parts.sources.template, parts.number)


def with_names(names: list[object]) -> bytes:
    """Return a document whose table of files holds `names`."""
    with Pdf.open(BytesIO(crafted({}))) as pdf:
        pdf.Root.Names.EmbeddedFiles.Names = Array(names)
        to = BytesIO()
        pdf.save(to, static_id=True)
    return to.getvalue()


def _sealed(document: bytes) -> bytes:
    return sealed(document, sealing().size, sealing().container)
