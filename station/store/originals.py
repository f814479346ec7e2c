"""Keep what documents are made from beside the evidence: controlled documents as they were, and a copy of each seal.

A document is issued again years later from its record, its evidence and these: the files of a station's home change.
"""

import re
from pathlib import Path
from urllib.parse import quote

from station.core.errors import StoreError
from station.disk.durable import DESK, make_folder, sweep_desk, write_whole

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Originals:
    """The originals below `folder`; whoever reads one checks it against the digest that the record names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._desk = folder / DESK

    def mend(self) -> None:
        """Remove what a power cut or a kill left half written; raises StoreError. Call it before anybody keeps."""
        sweep_desk(self._desk)

    def keep(self, name: str, suffix: str, content: bytes) -> None:
        """Keep `content`, durably, under the digest `name` that records call it by."""
        self._write(self._original(name, suffix), content)

    def load(self, name: str, suffix: str) -> bytes | None:
        """Return what was kept under the digest `name`, None where nothing was."""
        return self._read(self._original(name, suffix))

    def keep_seal(self, number: str, content: bytes) -> None:
        """Keep the copy of the seal of document `number`; of a number that was never taken a later copy takes the place."""
        self._write(self._seal(number), content)

    def seal(self, number: str) -> bytes | None:
        """Return the copy of the seal of document `number`, None where there is none."""
        return self._read(self._seal(number))

    def _original(self, name: str, suffix: str) -> Path:
        if not _DIGEST.fullmatch(name):
            raise StoreError(f"{name!r} is not the digest of a controlled document")
        return self._folder / f"{name.removeprefix('sha256:')}.{suffix}"

    def _seal(self, number: str) -> Path:
        series = number.rpartition("-")[0]
        return self._folder / "seals" / quote(series, safe="") / f"{quote(number, safe='')}.json"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            if path.is_file() and path.read_bytes() == content:
                return
            make_folder(self._desk)
            make_folder(path.parent)
            write_whole(path, content, self._desk)
        except OSError as error:
            raise StoreError(f"{path} cannot be kept: {error}. What to do: free space there, or let the station write") from error

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error}. What to do: restore the backup") from error
