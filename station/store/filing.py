"""File issued documents so that a power cut never leaves a number without its document, or a document without its number.

The order: the draft is written under a hidden name and synced; the row with number and digest is committed (Journal.certify);
the draft gets its real name. A draft without a row was never issued and its number is free; a row with a draft was cut off
before the last step, which `mend` does at the next start.
"""

from collections.abc import Iterable
from pathlib import Path

from station.core.canonical import digest
from station.core.errors import StoreError
from station.store.durable import sync_folder, write_whole
from station.store.shelves import Issued


class Filing:
    """The folder where issued documents are filed, one PDF a number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def draft(self, number: str, content: bytes) -> bytes:
        """Write the document `number` as a draft, durably, and return `content`: the end of what `certify` is given to draw."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._draft(number), content)
        except OSError as error:
            raise _fault(self._folder, error) from error
        return content

    def publish(self, number: str) -> Path:
        """Give the draft its real name, now that `number` is on record, and return where it is."""
        try:
            self._draft(number).replace(self.path(number))
            sync_folder(self._folder)
        except OSError as error:
            raise _fault(self._folder, error) from error
        return self.path(number)

    def path(self, number: str) -> Path:
        """Return where document `number` is filed."""
        return self._folder / f"{number}.pdf"

    def mend(self, issued: Iterable[Issued]) -> tuple[str, ...]:
        """Publish drafts that were issued, drop those that were not; return the numbers whose document is missing."""
        missing = tuple(one.number for one in issued if not self.path(one.number).exists() and not self._found(one))
        for left in (*self._folder.glob(".*.draft"), *self._folder.glob(".*.tmp")):
            left.unlink()
        return missing

    def _found(self, one: Issued) -> bool:
        draft = self._draft(one.number)
        if not draft.exists() or digest(draft.read_bytes()) != one.digest:
            return False
        self.publish(one.number)
        return True

    def _draft(self, number: str) -> Path:
        return self._folder / f".{number}.draft"


def _fault(folder: Path, error: OSError) -> StoreError:
    return StoreError(f"a document cannot be filed in {folder}: {error}. What to do: free space, or let the station's user write")
