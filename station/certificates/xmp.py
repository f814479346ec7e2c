"""Write a document's XMP: what programs may know of it without drawing it, and the claim to be PDF/A-3b."""

import re
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:identifier>{number}</dc:identifier>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreatorTool>station</xmp:CreatorTool>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself; `date` is the moment, in UTC, that it is about."""

    number: str
    title: str
    author: str
    subject: str
    language: str
    producer: str
    date: datetime


def packet(about: About) -> bytes:
    """Return the XMP of a document, UTF-8; a character that XML cannot hold stands as U+FFFD."""
    texts = ("number", "title", "author", "subject", "language", "producer")
    values = {name: escape(legal(getattr(about, name))) for name in texts}
    return _PACKET.format(**values, date=f"{about.date:%Y-%m-%dT%H:%M:%SZ}").encode()


def legal(text: str) -> str:
    """Return `text` with U+FFFD for each character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def pdf_date(moment: datetime) -> str:
    """Return a moment in UTC as PDF writes it: D:20261122083431Z."""
    return f"D:{moment:%Y%m%d%H%M%S}Z"
