"""Keep a copy of a document's seal, so that a file that was lost can be made again to the last byte, even without the key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from station.certificates.carried import Carried
from station.certificates.issue import unsealed
from station.certificates.opened import opened
from station.certificates.seal import sealed
from station.core.canonical import canonical


@dataclass(frozen=True, slots=True)
class SealCopy:
    """A seal as it was made: when (UTC), its container in its place of full size, and the tools that drew the document."""

    at: datetime
    container: bytes
    tools: Mapping[str, str]

    def dump(self) -> bytes:
        """Return the copy as canonical JSON."""
        return canonical({"at": self.at.isoformat(), "container": self.container.hex(), "tools": dict(self.tools)})


def copied(document: bytes, tools: Mapping[str, str]) -> SealCopy:
    """Return a copy of the seal of `document`, which `tools` drew."""
    seal = opened(document).seal
    return SealCopy(seal.at, seal.container, tools)


def copied_release(document: bytes) -> SealCopy:
    """Return a copy of the release of `document`, which no tool drew; raises ValueError when nobody released it."""
    release = opened(document).release
    if release is None:
        raise ValueError("nobody released it")
    return SealCopy(release.at, release.container, {})


def read_copy(content: bytes) -> SealCopy:
    """Return the copy that `dump` wrote; raises ValueError for anything else."""
    try:
        told = json.loads(content)
        tools = {str(name): str(number) for name, number in told["tools"].items()}
        return SealCopy(datetime.fromisoformat(told["at"]), bytes.fromhex(told["container"]), tools)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"it is no copy of a seal: {error}") from error


def made_again(carried: Carried, copy: SealCopy) -> bytes:
    """Return the document with the seal of `copy` in its place: the bytes that were issued, where nothing has changed."""
    size = len(copy.container)
    return sealed(unsealed(carried, copy.at, size), size, lambda _digest: copy.container)
