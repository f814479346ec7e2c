"""Pictures: rows of palette indices written as a PNG or a BMP file, for the screenshots of any instrument."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Palette = tuple[tuple[int, int, int], ...]
_BMP_HEAD = 14 + 40  # bytes before the palette


def bmp(pixels: NDArray[np.uint8], palette: Palette) -> bytes:
    """Write (h, w) uint8 indices into `palette`, red, green and blue each, as a BMP file of eight bits a pixel."""
    height, width = pixels.shape
    padded = np.pad(pixels, ((0, 0), (0, -width % 4)))[::-1]
    colours = b"".join(bytes((blue, green, red, 0)) for red, green, blue in palette)
    start = _BMP_HEAD + len(colours)
    head = struct.pack("<2sIHHI", b"BM", start + padded.size, 0, 0, start)
    head += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, padded.size, 3780, 3780, len(palette), 0)
    return head + colours + padded.tobytes()


def png(pixels: NDArray[np.uint8], palette: Palette) -> bytes:
    """Write (h, w) uint8 indices into `palette`, red, green and blue each, as a PNG file."""
    height, width = pixels.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1)
    colours = b"".join(bytes(colour) for colour in palette)
    chunks = ((b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
