"""File issued documents so that a power cut never leaves a number without its document, or a document without its number.

The order: the draft is written under a hidden name and synced; the row with number and digest is committed (Journal.certify);
the draft gets its real name. A draft without a row was never issued and its number is free; a row with a draft was cut off
before the last step, which `mend` does at the next start. A document's name is `FOLDER/NUMBER_MORE.pdf`, its number escaped.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from station.core.canonical import digest
from station.core.document_name import names_of, number_in
from station.core.errors import StoreError
from station.disk.durable import UNFINISHED, make_folder, sweep, sync_folder, write_whole

_DRAFT = ".draft"
BEHIND = (
    "The store was restored from too old a backup, or begun anew. What to do: restore its newest backup; "
    "where there is none, give the station a new id in station.toml, with which its numbers begin anew"
)


class Numbered(Protocol):
    """A document on record: its number, and the digest of its bytes."""

    @property
    def number(self) -> str:
        """Return the number."""
        ...

    @property
    def digest(self) -> str:
        """Return the digest."""
        ...


def _any(_: str) -> bool:
    return True


class Filing:
    """The folder where issued documents are filed, one PDF a number.

    Other stations may file there too, with numbers that are not `ours`: what they have not finished is left alone.
    """

    def __init__(self, folder: Path, ours: Callable[[str], bool] = _any) -> None:
        self._folder = folder
        self._ours = ours
        self._unknown: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the numbers that `mend` found filed and not on record: the store is behind, and would give them again."""
        return self._unknown

    def refuse_taken(self, number: str) -> None:
        """Raise StoreError for a `number` that a document bears which is not on record: call it before one is drawn."""
        if number in self._unknown:
            raise StoreError(f"document {number} is filed in {self._folder}, but not on record. {BEHIND}")

    def draft(self, name: str, content: bytes) -> bytes:
        """Write the document `name` as a draft, durably, and return `content`: the end of what `certify` is given to draw."""
        try:
            draft = self._draft(name)
            make_folder(draft.parent)
            write_whole(draft, content, prefix=f"{draft.name}.")  # whoever sweeps sees whose it is
        except OSError as error:
            raise self._fault(error) from error
        return content

    def publish(self, name: str) -> Path:
        """Give the draft its real name, now that its number is on record, and return where it is.

        Raises StoreError rather than replace a document by another one.
        """
        path, draft = self._folder / name, self._draft(name)
        try:
            if path.exists() and path.read_bytes() != draft.read_bytes():
                raise StoreError(f"{path} holds other bytes already: an issued document is never changed")
            draft.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            raise self._fault(error) from error
        return path

    def find(self, number: str) -> Path | None:
        """Return the file of document `number`, None when it is not there."""
        return next(self._folder.rglob(names_of(number)), None)

    def restore(self, name: str, content: bytes) -> Path:
        """Write the document `name` again where its file is gone; raises StoreError rather than replace a file."""
        path = self._folder / name
        if path.exists():
            raise StoreError(f"{path} is there: an issued document is never changed")
        self.draft(name, content)
        return self.publish(name)

    def mend(self, issued: Iterable[Numbered]) -> tuple[str, ...]:
        """Publish drafts that were issued, drop what was not; return the numbers whose document is missing."""
        digests = {one.number: one.digest for one in issued}
        try:
            return self._mend(digests)
        except OSError as error:
            raise self._fault(error) from error

    def missing(self, issued: Iterable[Numbered]) -> tuple[str, ...]:
        """Return the numbers that have neither their document nor its draft; touches nothing."""
        digests = {one.number: one.digest for one in issued}
        try:
            drafts = {number_in(_named(draft)): digest(draft.read_bytes()) for draft in self._drafts()}
            return tuple(number for number in self._unfiled(digests) if drafts.get(number) != digests[number])
        except OSError as error:
            raise self._fault(error) from error

    def strangers(self, issued: Iterable[Numbered]) -> tuple[str, ...]:
        """Return the numbers that are filed and not among those `issued`; touches nothing."""
        try:
            return self._not_among(one.number for one in issued)
        except OSError as error:
            raise self._fault(error) from error

    def _mend(self, digests: Mapping[str, str]) -> tuple[str, ...]:
        for draft in self._drafts():
            name = _named(draft)
            if digests.get(number_in(name)) == digest(draft.read_bytes()):
                self.publish(str(draft.parent.relative_to(self._folder) / name))
            elif self._ours(number_in(name)):
                draft.unlink()
        sweep(file for file in self._folder.rglob(f".*{UNFINISHED}") if self._left_by_us(file.name.removeprefix(".")))
        self._unknown = self._not_among(digests)
        return self._unfiled(digests)

    def _left_by_us(self, name: str) -> bool:
        """Return whether a file of `name` is half a draft of ours; one without a number is from before drafts were named so."""
        number = number_in(name)
        return number == name or self._ours(number)

    def _drafts(self) -> Iterable[Path]:
        return tuple(self._folder.rglob(f".*{_DRAFT}"))

    def _unfiled(self, numbers: Iterable[str]) -> tuple[str, ...]:
        filed = self._filed()
        return tuple(number for number in numbers if number not in filed)

    def _not_among(self, numbers: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self._filed().difference(numbers)))

    def _filed(self) -> set[str]:
        return {number_in(path.name) for path in self._folder.rglob("[!.]*.pdf")}

    def _draft(self, name: str) -> Path:
        path = self._folder / name
        return path.with_name(f".{path.name}{_DRAFT}")

    def _fault(self, error: OSError) -> StoreError:
        return StoreError(
            f"a document cannot be filed in {self._folder}: {error}. What to do: free space, or let the station's user write"
        )


def _named(draft: Path) -> str:
    """Return the name of the document that `draft` is to become."""
    return draft.name.removeprefix(".").removesuffix(_DRAFT)
