"""Print what strangers wrote: a crafted name must not write lines, colours or directions of its own on a terminal."""


def plain(text: str) -> str:
    """Return `text` in one line: every sign that does not print is escaped."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
