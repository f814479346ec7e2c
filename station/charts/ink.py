"""Name the colours; none of them ever says something that a word or a shape beside it does not say too."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour, as red, green and blue from 0 to 1."""

    red: float
    green: float
    blue: float


def ink(code: str) -> Ink:
    """Return the ink of a code like #1c2226."""
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return Ink(round(red, 4), round(green, 4), round(blue, 4))


BLACK = ink("#1c2226")
GREY = ink("#566067")
RULE = ink("#aab2b7")
HAIR = ink("#dde2e5")
GROUND = ink("#f3f5f6")
WHITE = ink("#ffffff")
GOOD = ink("#00674a")
GOOD_DARK = ink("#005139")
BAD = ink("#a83200")
BAD_DARK = ink("#872800")
BAD_PALE = ink("#fbece5")
TROUGH = ink("#eceff0")
TOLERANCE = ink("#cdd7dc")
ACCEPTANCE = ink("#a9c4ba")
TRACE = ink("#1f5a93")
STAMP = ink("#c4006a")
STAMP_PALE = ink("#fbe3ef")
