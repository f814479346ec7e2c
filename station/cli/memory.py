"""Keep what a stranger wrote from taking all of the computer's memory."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MORE = 3 * 2**30  # bytes: many times what the largest document takes, where some hundred kB can unpack to gigabytes
_TAKEN = Path("/proc/self/statm")


@contextmanager
def within(more: int) -> Iterator[None]:
    """Let at most `more` bytes be taken beyond those that are, while the `with` lasts: what asks for more raises MemoryError.

    Only where the system says how many are taken: threads of the arithmetic alone may have gigabytes of addresses.
    """
    if not _TAKEN.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(_TAKEN.read_text().split()[0]) * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (min(one for one in (soft, hard, most) if one != resource.RLIM_INFINITY), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
