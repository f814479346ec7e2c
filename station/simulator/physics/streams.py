"""Randomness that is a function of names: the same seed and serial give the same unit in every process."""

import hashlib

from numpy.random import PCG64, Generator


def stream(*names: str | int) -> Generator:
    """Return the random generator that belongs to `names`; other names give an independent one."""
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    return Generator(PCG64(int.from_bytes(digest[:16], "big")))
