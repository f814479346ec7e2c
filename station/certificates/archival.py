"""Give a drawing its archival form, PDF/A-3b: output intent, XMP, the files it must carry, and two places to sign.

One compression at the end, by one library, so that the bytes depend on nothing but the content and the versions of the tools.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from station.certificates.xmp import About, legal, packet, pdf_date

SEAL, RELEASE = "Seal", "Release"
HOLE = 10**9  # stands for each figure of a ByteRange that is not known yet; no document is as long
_PRINTED = 4  # the one flag of an annotation that PDF/A demands
_FILL_FORMS = 2  # DocMDP: after the seal only a form may be filled, which a signature in the second field is


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside a document; `relation` is how PDF names its part: Data, Source or Supplement."""

    name: str
    mimetype: str
    relation: str
    about: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The place that is kept for the seal: when it claims to be made (UTC), why, and how many bytes it may take."""

    at: datetime
    reason: str
    size: int


def archival(drawing: bytes, about: About, files: Iterable[Attachment], seal: Place) -> bytes:
    """Return `drawing`, a PDF as reportlab leaves it, as PDF/A-3b with `files` inside, ready to be sealed."""
    pikepdf.settings.set_flate_compression_level(9)
    with Pdf.open(BytesIO(drawing)) as pdf:
        _describe(pdf, about)
        _intend(pdf)
        _attach(pdf, files, about.date)
        _prepare_fields(pdf, seal)
        return _written(pdf)


def _written(pdf: Pdf) -> bytes:
    to = BytesIO()
    pdf.save(
        to, min_version="1.7", deterministic_id=True, compress_streams=True, recompress_flate=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
    )  # fmt: skip
    return to.getvalue()


def _describe(pdf: Pdf, about: About) -> None:
    date = pdf_date(about.date)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=legal(about.title), Author=legal(about.author), Subject=legal(about.subject), Creator="station",
            Producer=about.producer, CreationDate=date, ModDate=date,
        )
    )  # fmt: skip
    pdf.Root.Metadata = Stream(pdf, packet(about), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _intend(pdf: Pdf) -> None:
    """Say which colours the numbers mean: those of sRGB."""
    profile = pdf.make_indirect(Stream(pdf, _srgb(), N=3, Alternate=Name.DeviceRGB))
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier="sRGB IEC61966-2.1",
        RegistryName="http://www.color.org", Info="sRGB IEC61966-2.1", DestOutputProfile=profile,
    )  # fmt: skip
    pdf.Root.OutputIntents = Array([intent])


@cache
def _srgb() -> bytes:
    """Return the profile of sRGB; a file and not made on the way, because a maker writes today's date into it."""
    return resources.files("station.certificates").joinpath("srgb.icc").read_bytes()


def _attach(pdf: Pdf, files: Iterable[Attachment], date: datetime) -> None:
    specifications = {one.name: _specification(pdf, one, date) for one in files}
    pdf.Root.AF = Array(specifications.values())
    names = [entry for name in sorted(specifications) for entry in (String(name), specifications[name])]
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))


def _specification(pdf: Pdf, file: Attachment, date: datetime) -> Object:
    check = hashlib.md5(file.content, usedforsecurity=False).digest()  # what PDF defines; no security rests on it
    stream = Stream(pdf, file.content, Type=Name.EmbeddedFile, Subtype=Name("/" + file.mimetype))
    stream.Params = Dictionary(Size=len(file.content), ModDate=pdf_date(date), CheckSum=String(check))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec, F=file.name, UF=file.name, Desc=file.about, AFRelationship=Name("/" + file.relation),
            EF=Dictionary(F=stream, UF=stream),
        )
    )  # fmt: skip


def _prepare_fields(pdf: Pdf, seal: Place) -> None:
    page = pdf.pages[0].obj
    signature = pdf.make_indirect(_signature(seal))
    fields = [_field(pdf, page, name) for name in (SEAL, RELEASE)]
    fields[0].V = signature
    page.Annots = Array([*page.get("/Annots", Array()), *fields])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(fields), SigFlags=3))
    pdf.Root.Perms = Dictionary(DocMDP=signature)


def _field(pdf: Pdf, page: Object, name: str) -> Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=name, F=_PRINTED, Rect=Array([0, 0, 0, 0]), P=page
        )
    )  # fmt: skip


def _signature(seal: Place) -> Dictionary:
    """Return the seal's dictionary: a signature that also says what may still be done to the file."""
    permission = Dictionary(Type=Name.TransformParams, P=_FILL_FORMS, V=Name("/1.2"))
    reference = Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP, TransformParams=permission)
    made = signature_dictionary(seal)
    made.Reference = Array([reference])
    return made


def signature_dictionary(place: Place) -> Dictionary:
    """Return the dictionary of a signature that is to come, with its place kept."""
    return Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/ETSI.CAdES.detached"),
        ByteRange=Array([0, HOLE, HOLE, HOLE]), Contents=String(bytes(place.size)), M=pdf_date(place.at),
        Reason=legal(place.reason),
    )  # fmt: skip
