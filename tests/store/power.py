"""Cut the power between any two file operations, and say what a disk may hold afterwards.

A disk keeps a file's content once the file is synced, and its name once its folder is. What was not synced may be there or not:
`survivors` gives the two extremes and a few drawn at random between them.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

DATABASE = "station.sqlite"
"""What SQLite keeps by itself, synced at every commit: it is as it was when the power went."""


class PowerCut(BaseException):
    """The power is gone: nothing more happens."""


@dataclass
class Power:
    """Counts the operations on files below `root`, and cuts the power before number `cut` (from 0)."""

    root: Path
    cut: int = 1_000_000
    done: list[str] = field(default_factory=list)
    dead: bool = False
    contents: dict[int, bytes] = field(default_factory=dict)
    names: dict[Path, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with a disk that holds all that is there."""
        for folder in (self.root, *(path for path in self.root.rglob("*") if path.is_dir())):
            self._sync_folder(folder)
            for path in folder.iterdir():
                if path.is_file():
                    self.contents[path.stat().st_ino] = path.read_bytes()

    def step(self, what: str) -> None:
        """Count an operation; raises PowerCut when the power goes before it."""
        if self.dead or len(self.done) == self.cut:
            self.dead = True
            raise PowerCut(what)
        self.done.append(what)

    def synced(self, path: Path) -> None:
        """Note that the file or folder `path` is synced."""
        if path.is_dir():
            self._sync_folder(path)
        else:
            self.contents[path.stat().st_ino] = path.read_bytes()

    def _sync_folder(self, folder: Path) -> None:
        self.names[folder] = {one.name: one.stat().st_ino for one in folder.iterdir()}

    def survivors(self, target: Path, seeds: int = 3) -> Iterator[Path]:
        """Yield folders below `target` with what the disk may hold: all, nothing but what was synced, and some between."""
        yield Path(shutil.copytree(self.root, target / "all"))
        yield self._written(target / "synced", lambda: False)
        for seed in range(seeds):
            yield self._written(target / f"some-{seed}", _coin(seed))

    def _written(self, target: Path, lucky: Callable[[], bool]) -> Path:
        self._write(self.root, target, lucky)
        return target

    def _write(self, folder: Path, target: Path, lucky: Callable[[], bool]) -> None:
        target.mkdir()
        now = {one.name: one.stat().st_ino for one in folder.iterdir()}
        held = now if lucky() else self.names.get(folder, {})  # a rename is one operation: no disk holds half of it
        for name in sorted(held):
            self._survive(folder / name, held[name], target / name, lucky)

    def _survive(self, path: Path, inode: int, target: Path, lucky: Callable[[], bool]) -> None:
        if path.is_dir():
            self._write(path, target, lucky)
        elif path.name.startswith(DATABASE):
            shutil.copyfile(path, target)
        elif inode in self.contents:
            target.write_bytes(self.contents[inode])
        else:
            target.write_bytes(path.read_bytes() if path.exists() and lucky() else b"")
        if path.is_file():
            target.chmod(path.stat().st_mode)


def _coin(seed: int) -> Callable[[], bool]:
    chance = Random(seed)
    return lambda: chance.random() < 0.5


@contextmanager
def watched(power: Power) -> Iterator[None]:
    """Let `power` see and cut every operation on files below its root while the `with` lasts."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "unlink", "mkdir", "link")}
    below: dict[int, Path] = {}

    def ours(path: object) -> Path | None:
        found = Path(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else None
        return found if found is not None and found.is_relative_to(power.root) else None

    def opened(path: object, flags: int, *more: object, **named: object) -> int:
        mine = ours(path)
        if mine is not None and flags & os.O_CREAT:
            power.step(f"create {mine.name}")
        handle: int = real["open"](path, flags, *more, **named)
        below.pop(handle, None)
        if mine is not None:
            below[handle] = mine
        return handle

    def fsync(handle: int) -> None:
        path = below.get(handle)
        if path is None:
            real["fsync"](handle)
            return
        power.step(f"sync {path.name}")
        power.synced(path)

    def on_path(name: str) -> Callable[..., object]:
        def act(path: object, *more: object, **named: object) -> object:
            if (mine := ours(path)) is not None:
                power.step(f"{name} {mine.name}")
            return real[name](path, *more, **named)

        return act

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", opened)
        patch.setattr(os, "fsync", fsync)
        for name in ("replace", "unlink", "mkdir", "link"):
            patch.setattr(os, name, on_path(name))
        yield
