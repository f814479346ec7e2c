"""Write and read DER (X.690), the one way to write ASN.1: as much of it as the container of a signature needs."""

SEQUENCE, SET, INTEGER, OCTETS, OID = 0x30, 0x31, 0x02, 0x04, 0x06
_SHORT = 0x80  # lengths below stand in one byte


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return `parts` as the content of one element."""
    content = b"".join(parts)
    length = len(content)
    if length < _SHORT:
        return bytes((tag, length)) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _SHORT | len(digits))) + digits + content


def integer(number: int) -> bytes:
    """Return a whole number that is not negative."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def set_of(*elements: bytes) -> bytes:
    """Return a set, its elements in the order that DER wants."""
    return tlv(SET, *sorted(elements))


def length_of(data: bytes) -> int:
    """Return how many bytes the element at the beginning of `data` takes; raises ValueError when it is not there whole."""
    if len(data) < 2:
        raise ValueError("an element is cut off")
    first = data[1]
    if first < _SHORT:
        head, size = 2, first
    else:
        head = 2 + (first & 0x7F)
        size = int.from_bytes(data[2:head], "big")
    if head + size > len(data):
        raise ValueError("an element is cut off")
    return head + size


def elements(content: bytes) -> list[bytes]:
    """Return the elements that stand one after the other in `content`, each whole; raises ValueError when one is cut off."""
    found = []
    while content:
        size = length_of(content)
        found.append(content[:size])
        content = content[size:]
    return found


def content_of(element: bytes, tag: int) -> bytes:
    """Return the content of `element`, which must have `tag`; raises ValueError when it has another."""
    if not element or element[0] != tag or length_of(element) != len(element):
        raise ValueError(f"an element is not what was expected (tag {tag:02x})")
    head = 2 if element[1] < _SHORT else 2 + (element[1] & 0x7F)
    return element[head:]
