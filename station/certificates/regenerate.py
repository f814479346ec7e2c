"""Draw a document again from what it carries, and compare: what a reader sees must be what the record says."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO

from pikepdf import Array, Dictionary, Object, Pdf, PdfError, Stream, StreamDecodeLevel

from station.certificates.carried import Carried
from station.certificates.findings import Finding
from station.certificates.issue import unsealed
from station.certificates.opened import Opened
from station.certificates.seal import sealed
from station.certificates.tools import tools
from station.certificates.typeface import TypefaceError
from station.core.errors import StationError

WHAT = "drawing"
_FORM = "the form"
_OF_THE_FILE = ("/Length", "/Filter", "/DecodeParms", "/ByteRange")  # how and where it is written, and not what
_CRAFTED = (ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError, OSError, SyntaxError, AssertionError)


def drawing_finding(document: Opened, carried: Carried) -> Finding:
    """Return whether the document is, byte for byte, what its own record draws."""
    if carried.outdated:
        return Finding(WHAT, None, f"cannot be drawn again: {carried.outdated}")
    return compared(document, carried.tools, lambda: redrawn(document, carried))


def compared(document: Opened, used: Mapping[str, str], draw: Callable[[], bytes]) -> Finding:
    """Return whether the document, drawn by the tools `used`, is what `draw` returns, byte for byte or once decoded."""
    others = differing(used)
    try:
        again = draw()
    except TypefaceError as error:
        return Finding(WHAT, None, f"cannot be drawn again: {error}")
    except (StationError, ValueError, KeyError) as error:
        return Finding(WHAT, None if others else False, f"cannot be drawn again from its record{others}: {error}")
    except _CRAFTED as error:  # a logo or figure that nobody has ever drawn
        return Finding(WHAT, False, f"cannot be drawn again from its record: {type(error).__name__}: {error}")
    return _alike(again, document, others)


def _alike(again: bytes, document: Opened, others: str) -> Finding:
    if again == document.issued:
        return Finding(WHAT, True, f"drawn again from its record, it is equal byte for byte{others}")
    unequal = difference(again, document.issued)
    if not others:
        return Finding(WHAT, False, f"does not show what its record says: {unequal or _FORM} differs")
    if unequal:
        return Finding(WHAT, None, f"cannot be compared{others}: {unequal} differs. Use those versions to tell")
    return Finding(WHAT, True, f"drawn again from its record, its decoded content is equal{others}")


def redrawn(document: Opened, carried: Carried) -> bytes:
    """Return the document drawn again from what it carries, the seal that it has put in its place."""
    seal = document.seal
    return sealed(unsealed(carried, seal.at, seal.size), seal.size, lambda _digest: seal.container)


def differing(used: Mapping[str, str]) -> str:
    """Return in brackets the tools that were `used` in another version than the one at hand, empty where there is none."""
    here = tools()
    other = [f"{name} {used[name]}, here {here.get(name, 'none')}" for name in sorted(used) if used[name] != here.get(name)]
    return f" (it was drawn with {'; '.join(other)})" if other else ""


def difference(one: bytes, other: bytes) -> str:
    """Return what differs between two documents once everything is decoded, empty when nothing does."""
    try:
        first, second = _decoded(one), _decoded(other)
    except (PdfError, KeyError, TypeError, AttributeError, ValueError, RuntimeError, OverflowError):  # a changed byte breaks much
        return "what can be decoded"
    unlike = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    return ", ".join(unlike if unlike == [_FORM] else [name for name in unlike if name != _FORM])


def _decoded(document: bytes) -> dict[str, bytes]:
    with Pdf.open(BytesIO(document)) as pdf:
        pages = {
            f"page {number}": _page(page.Contents.read_bytes(), page.MediaBox.unparse())
            for number, page in enumerate(pdf.pages, 1)
        }
        names = list(pdf.Root.Names.EmbeddedFiles.Names)
        files = {str(names[place]): names[place + 1].EF.F.read_bytes() for place in range(0, len(names), 2)}
        fonts = {
            f"typeface {font.BaseFont}": font.FontDescriptor.FontFile2.read_bytes()
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
        met: dict[tuple[int, int], int] = {}
        form = _form(pdf.Root, met) + _form(pdf.trailer.Info, met)
        return {**pages, **fonts, **files, "XMP": pdf.Root.Metadata.read_bytes(), _FORM: form.encode()}


def _form(value: object, met: dict[tuple[int, int], int]) -> str:
    """Return `value` and all that hangs on it as text, whatever the file's way to write it; what was `met` is a place."""
    if not isinstance(value, Object):
        return repr(value)
    if value.is_indirect and value.objgen in met:
        return f"#{met[value.objgen]}"
    if value.is_indirect:
        met[value.objgen] = len(met)
    if isinstance(value, Array):
        return f"[{' '.join(_form(one, met) for one in value)}]"
    if isinstance(value, Stream):
        return f"{_keys(value.stream_dict, met)}{sha256(value.read_bytes(StreamDecodeLevel.all)).hexdigest()}"
    return _keys(value, met) if isinstance(value, Dictionary) else repr(value)


def _keys(value: Object, met: dict[tuple[int, int], int]) -> str:
    return f"<{' '.join(f'{key} {_form(value[key], met)}' for key in sorted(value.keys()) if key not in _OF_THE_FILE)}>"


def _page(drawn: bytes, box: bytes) -> bytes:
    return box + b"\n" + drawn
