"""The screen of a Truevolt as a picture: the last reading in figures of seven strokes, nothing more."""

import numpy as np

from station.simulator.pictures import bmp, png

WIDTH, HEIGHT = 480, 272
_PALETTE = ((0, 0, 0), (255, 230, 0))
_STROKES = {  # which of the strokes top, upper left, upper right, middle, lower left, lower right, bottom are lit
    "0": "1110111", "1": "0010010", "2": "1011101", "3": "1011011", "4": "0111010", "5": "1101011", "6": "1101111",
    "7": "1010010", "8": "1111111", "9": "1111011", "-": "0001000", "E": "1101101",
}  # fmt: skip
_STROKE_PLACES = ((0, 0, 2, 14), (0, 0, 14, 2), (0, 12, 14, 2), (13, 0, 2, 14), (13, 0, 14, 2), (13, 12, 14, 2), (26, 0, 2, 14))
_TOP, _LEFT, _PITCH = 120, 20, 22


def screenshot(text: str, as_bmp: bool) -> bytes:
    """Return the screen with `text` on it as a PNG or a BMP file; of letters it shows what seven strokes can."""
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    for place, letter in enumerate(text[: (WIDTH - _LEFT) // _PITCH]):
        left = _LEFT + place * _PITCH
        if letter == ".":
            pixels[_TOP + 24 : _TOP + 28, left + 6 : left + 10] = 1
        for lit, (row, column, height, width) in zip(_STROKES.get(letter, ""), _STROKE_PLACES, strict=False):
            if lit == "1":
                pixels[_TOP + row : _TOP + row + height, left + column : left + column + width] = 1
    return (bmp if as_bmp else png)(pixels, _PALETTE)
