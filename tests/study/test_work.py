"""Work that was done is kept whole, and is not done again; another station's results are never taken for this one's."""

import json
from pathlib import Path

import pytest

from benchmarks.study.__main__ import main
from benchmarks.study.plan import Shard, plan
from benchmarks.study.seen import Seen, from_json, to_json
from benchmarks.study.work import fingerprint, work
from tests.study.made_up import unit

FULL = unit(
    "wild", "FAIL", "PASS", rows=("A", "B"), true={"A": 1.5}, measured={"A": (1.25, 0.5)}, rejected=("A",), undecided={"C": "x"}
)


class Passing:
    """A bench where every unit passes, and that counts its shards."""

    def __init__(self, breaks_at: int = 10**6) -> None:
        self.shards: list[Shard] = []
        self._breaks_at = breaks_at

    def __call__(self, shard: Shard) -> list[Seen]:
        self.shards.append(shard)
        if len(self.shards) == self._breaks_at:
            raise KeyboardInterrupt
        return [unit(shard.kind, serial=serial) for serial in shard.serials]


def test_a_study_that_was_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    shards, first, second = plan(1, 2, 10), Passing(breaks_at=5), Passing()

    with pytest.raises(KeyboardInterrupt):
        work(shards, tmp_path, 1, first)
    units = work(shards, tmp_path, 1, second)

    assert shards[4:] == second.shards
    assert sorted(serial for shard in shards for serial in shard.serials) == sorted(one.serial for one in units)


def test_a_study_with_more_units_does_not_take_the_shards_of_a_smaller_one_for_its_own(tmp_path: Path) -> None:
    again = Passing()
    work(plan(1, 2, 10), tmp_path, 1, Passing())

    units = work(plan(1, 3, 10), tmp_path, 1, again)

    assert sum(shard.count for shard in plan(1, 3, 10)) == len(units)


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    work(plan(1, 1, 0)[:1], None, 1, Passing())

    assert [] == list(tmp_path.iterdir())


def test_a_unit_comes_back_from_the_disk_as_it_was() -> None:
    assert FULL == from_json(json.loads(json.dumps(to_json(FULL))))


def test_a_unit_without_its_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="failing"):
        from_json({**to_json(FULL), "failing": 3})


def test_the_fingerprint_is_of_what_decides_and_stays_while_that_stays() -> None:
    assert fingerprint() == fingerprint()
    assert 12 == len(fingerprint())


def test_it_says_how_many_units_are_done_and_how_long_the_rest_takes(capsys: pytest.CaptureFixture[str]) -> None:
    work(plan(1, 2, 10), None, 1, Passing())

    said = capsys.readouterr().err.splitlines()
    units = sum(shard.count for shard in plan(1, 2, 10))
    assert len(plan(1, 2, 10)) == len(said)
    assert said[-1].startswith(f"{units} of {units} units, ")


def test_a_study_that_is_interrupted_says_how_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.study.__main__.work", lambda shards, folder, jobs: Passing(breaks_at=1)(shards[0]))

    assert 130 == main(["--units-per-defect", "1", "--good", "0"])
    assert "goes on there" in capsys.readouterr().err
