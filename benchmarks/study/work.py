"""Do a study's work on several processes, and keep each shard as soon as it is done: a study that is broken off goes on there."""

import hashlib
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.study.bench import seen_in
from benchmarks.study.plan import Shard
from benchmarks.study.seen import Seen, from_json, to_json

ROOT = Path(__file__).parents[2]
_DECIDES = (
    *("station/**/*.py", "limits/*.toml", "fixtures/*.toml", "station.toml", "tests/world/*.py"),
    *(f"benchmarks/study/{name}.py" for name in ("bench", "kinds", "plan", "seen")),
)
"""The files that decide what a study sees."""


Test = Callable[[Shard], list[Seen]]
"""What is done with a shard: a function of a module, so that another process finds it."""
_Spread = Callable[[Iterable[Shard]], Iterable[tuple[Shard, list[Seen]]]]


def fingerprint() -> str:
    """Return a digest of all that decides what a study sees: results of another station are never mixed with this one's."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _DECIDES for path in ROOT.glob(pattern)}):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def work(shards: list[Shard], folder: Path | None, jobs: int, test: Test = seen_in) -> list[Seen]:
    """Do `test` on all `shards` in `jobs` processes and return what was seen; results are kept in `folder`, or nowhere (None).

    A shard whose results are in the folder already is not tested again.
    """
    kept = {shard: _kept(folder, shard) for shard in shards}
    missing = [shard for shard, units in kept.items() if units is None]
    done = [unit for units in kept.values() if units is not None for unit in units]
    progress = _Progress(sum(shard.count for shard in shards), len(done))
    with _map(jobs, test) as spread:
        for shard, units in spread(missing):
            if folder is not None:
                _keep(folder, shard, units)
            done += units
            progress.tell(len(done))
    return sorted(done, key=lambda unit: (unit.seed, unit.serial))


class _Progress:
    """Says on stderr how far the work is, and how long the rest will take: on one line of a terminal, elsewhere line by line."""

    def __init__(self, units: int, before: int) -> None:
        self._units = units
        self._before = before
        self._began = time.monotonic()

    def tell(self, done: int) -> None:
        """Say that `done` units are done."""
        each = (time.monotonic() - self._began) / max(done - self._before, 1)
        left = each * (self._units - done) / 60.0
        first, last = ("\r", "" if done < self._units else "\n") if sys.stderr.isatty() else ("", "\n")
        sys.stderr.write(f"{first}{done:,} of {self._units:,} units, {each:.2f} s each, {left:.0f} min left {last}")
        sys.stderr.flush()


def _done(test: Test, shard: Shard) -> tuple[Shard, list[Seen]]:
    return shard, test(shard)


@contextmanager
def _map(jobs: int, test: Test) -> Iterator[_Spread]:
    """Give something that tests shards: here, or in `jobs` processes that are ended with the `with`."""
    done = partial(_done, test)
    if jobs == 1:
        yield lambda shards: map(done, shards)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield lambda shards: pool.imap_unordered(done, shards)


def _file(folder: Path, shard: Shard) -> Path:
    return folder / f"{shard.seed}-{shard.count}-{shard.kind.replace(', ', '-')}.jsonl"


def _kept(folder: Path | None, shard: Shard) -> list[Seen] | None:
    if folder is None or not _file(folder, shard).exists():
        return None
    return [from_json(json.loads(line)) for line in _file(folder, shard).read_text(encoding="utf-8").splitlines()]


def _keep(folder: Path, shard: Shard, units: Iterable[Seen]) -> None:
    """Keep a shard's units: in a file of its own that is there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    target = _file(folder, shard)
    beside = target.with_suffix(".part")
    beside.write_text("".join(json.dumps(to_json(unit)) + "\n" for unit in units), encoding="utf-8")
    beside.replace(target)
