"""The screen as a PNG picture: a grid and the traces, nothing more."""

import numpy as np
from numpy.typing import NDArray

from station.simulator.pictures import bmp, png
from station.simulator.scope.record import CODES, Record

WIDTH, HEIGHT = 800, 480
_PALETTE = ((0, 0, 0), (60, 60, 60), (255, 230, 0), (0, 220, 60), (80, 140, 255), (255, 80, 80))


def screenshot(record: Record | None, as_bmp: bool = False) -> bytes:
    """Return the screen as a PNG file, or as a BMP file."""
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    pixels[:: HEIGHT // 8, :] = 1
    pixels[:, :: WIDTH // 10] = 1
    if record is not None:
        for number, trace in record.traces.items():
            _draw(pixels, trace.codes[np.linspace(0, len(trace) - 1, WIDTH).astype(np.int64)], number + 1)
    return (bmp if as_bmp else png)(pixels, _PALETTE)


def _draw(pixels: NDArray[np.uint8], codes: NDArray[np.uint16], colour: int) -> None:
    """Draw one trace, (800,) codes, a column each, joined from column to column."""
    rows = (HEIGHT - 1) - codes.astype(np.int64) * (HEIGHT - 1) // (CODES - 1)
    for column in range(1, WIDTH):
        first, last = sorted((int(rows[column - 1]), int(rows[column])))
        pixels[first : last + 1, column] = colour
