"""What benchmarks compare us with does the work that it says it does."""

from pathlib import Path

import pytest

from benchmarks.peers.instrument import block
from benchmarks.peers.ours import Watch, executor, lateness, work
from benchmarks.peers.venvs import NotInstalledError, python_with
from station.store.archive import Archive


@pytest.mark.parametrize("kind", ["random", "newline"])
def test_a_block_has_as_many_bytes_as_it_says(kind: str) -> None:
    whole = block(1000, kind)

    assert b"#41000" == whole[:6]
    assert 6 + 1000 + 1 == len(whole)
    assert (kind == "newline") == (whole[6:] == b"\n" * 1001)


def test_our_units_are_on_record_with_every_step_and_pass(tmp_path: Path) -> None:
    watch = Watch()

    with executor(tmp_path, watch) as (runs, journal):
        runs.test(*work(3), journal.write)
        late = lateness(runs, journal, watch)

    found = [(line.serial, line.outcome) for line in Archive(tmp_path / "station.sqlite").runs()]
    assert [("SN1", "PASS"), ("SN2", "PASS")] == found
    assert len(late) > 200 * 3


def test_an_environment_is_made_once_and_again_only_for_other_requirements(tmp_path: Path) -> None:
    made: list[tuple[str, ...]] = []

    def make(folder: Path, requirements: tuple[str, ...]) -> None:
        folder.mkdir(exist_ok=True)
        made.append(requirements)

    for version in ("1.6.3", "1.6.3", "1.7.0"):
        python_with(tmp_path, "openhtf", f"openhtf=={version}", made=make)

    assert [("openhtf==1.6.3",), ("openhtf==1.7.0",)] == made


def test_an_environment_that_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    def fail(folder: Path, requirements: tuple[str, ...]) -> None:
        raise NotInstalledError(f"{requirements[0]}: the package index cannot be reached")

    for _ in range(2):
        with pytest.raises(NotInstalledError, match="cannot be reached"):
            python_with(tmp_path, "openhtf", "openhtf==1.6.3", made=fail)
