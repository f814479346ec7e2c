"""Keep raw evidence beside the records, each piece in a file that is named by the digest of its bytes."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from station.core.canonical import digest
from station.core.errors import StoreError
from station.core.measurement import Evidence
from station.core.waveform import Waveform
from station.disk.durable import DESK, UNFINISHED, make_folder, sweep_desk, write_whole
from station.store.waveform_file import MIMETYPE, from_npz, to_npz

_PROBE = 1_000_000  # bytes: some of the longest pieces
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class EvidenceFolder:
    """The evidence below `folder`; any number of threads and processes may keep and load at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._desk = folder / DESK
        self.fault: str | None = None  # why a piece could not be kept: no unit need be started until that is mended

    def keep(self, waveform: Waveform, title: str) -> Evidence:
        """Keep `waveform`, durably, and return how it is found again; the same content is kept once."""
        content = to_npz(waveform)
        name = digest(content)
        path = self.path(name)
        try:
            if not _holds(path, name):
                self._write(path, content)
        except OSError as error:
            raise self._refused(error) from error
        return Evidence(name, title, MIMETYPE, len(content))

    def load(self, name: str) -> Waveform:
        """Return the waveform whose digest is `name`; raises StoreError when it is missing or not what was kept."""
        path = self.path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"the evidence {path} cannot be read: {error}. What to do: restore the backup") from error
        if digest(content) != name:
            raise StoreError(f"the evidence {path} is not what was kept: its digest differs. What to do: restore the backup")
        try:
            return from_npz(content)
        except ValueError as error:
            raise StoreError(f"the evidence {path} is no waveform of ours: {error}") from error

    def mend(self) -> None:
        """Remove what a power cut or a kill left half written; raises StoreError. Call it before anybody keeps."""
        sweep_desk(self._desk)

    def prove(self) -> None:
        """Raise StoreError where no evidence can be kept, before a unit is tested for nothing."""
        probe = self._desk / f".probe{UNFINISHED}"
        try:
            make_folder(self._desk)
            write_whole(probe, bytes(_PROBE))
            probe.unlink()
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> StoreError:
        self.fault = (
            f"evidence cannot be kept below {self._folder}: {error}. What to do: free space there, or let the station write"
        )
        return StoreError(self.fault)

    def _write(self, path: Path, content: bytes) -> None:
        """Write `content` so that after any power cut the file is whole or not there."""
        make_folder(path.parent)
        make_folder(self._desk)
        write_whole(path, content, self._desk)

    def path(self, name: str) -> Path:
        """Return the file of the evidence whose digest is `name`, two folders deep so that no folder grows too large."""
        if not _DIGEST.fullmatch(name):
            raise StoreError(f"{name!r} is not the digest of evidence")
        code = name.removeprefix("sha256:")
        return self._folder / code[:2] / code[2:4] / f"{code}.npz"


def _holds(path: Path, name: str) -> bool:
    with suppress(FileNotFoundError), path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" == name
    return False
