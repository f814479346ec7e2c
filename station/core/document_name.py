"""Name the file of a document so that its number stands in the name, whatever signs it is of, and can be read from it again."""

from urllib.parse import quote, unquote

_PARTS = "_"  # between a number and what follows it


def document_name(number: str, serial: str) -> str:
    """Return the name of the file of document `number` about the unit `serial`: NUMBER_SERIAL.pdf, both escaped."""
    return f"{_escaped(number)}{_PARTS}{_escaped(serial)}.pdf"


def names_of(number: str) -> str:
    """Return the pattern that fits each name of a file of document `number`, and no other."""
    return f"{_escaped(number)}{_PARTS}*.pdf"


def number_in(name: str) -> str:
    """Return the number in the name of a document's file."""
    return unquote(name.partition(_PARTS)[0])


def _escaped(text: str) -> str:
    return quote(text, safe="").replace(_PARTS, "%5F")
