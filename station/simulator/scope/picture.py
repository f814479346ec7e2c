"""The screen as a PNG picture: a grid and the traces, nothing more."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from station.simulator.scope.record import CODES, Record

WIDTH, HEIGHT = 800, 480
_PALETTE = ((0, 0, 0), (60, 60, 60), (255, 230, 0), (0, 220, 60), (80, 140, 255), (255, 80, 80))


def screenshot(record: Record | None) -> bytes:
    """Return the screen as a PNG file."""
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    pixels[:: HEIGHT // 8, :] = 1
    pixels[:, :: WIDTH // 10] = 1
    if record is not None:
        for number, trace in record.traces.items():
            _draw(pixels, trace.codes[np.linspace(0, len(trace) - 1, WIDTH).astype(np.int64)], number + 1)
    return _png(pixels)


def _draw(pixels: NDArray[np.uint8], codes: NDArray[np.uint16], colour: int) -> None:
    """Draw one trace, (800,) codes, a column each, joined from column to column."""
    rows = (HEIGHT - 1) - codes.astype(np.int64) * (HEIGHT - 1) // (CODES - 1)
    for column in range(1, WIDTH):
        first, last = sorted((int(rows[column - 1]), int(rows[column])))
        pixels[first : last + 1, column] = colour


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Write (h, w) palette indices as a PNG file."""
    height, width = pixels.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1)
    palette = b"".join(bytes(colour) for colour in _PALETTE)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
