"""A power cut between any two file operations leaves no document or a whole one, and no number is lost."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from station.certificates.keys import KeyFolder, read_certificates
from station.certificates.verify import verify
from station.cli.home import read
from station.cli.reissue import reissue
from station.cli.release import release
from station.cli.seals import Seals
from station.cli.withdraw import supersede
from station.core.canonical import digest
from station.store.journal import Journal
from station.store.ledger import Deed
from station.store.numbering import Draft
from tests.cli.certified import home_in, opened, told
from tests.cli.test_documents import NUMBER, invoke
from tests.store.power import Power, PowerCut, watched
from tests.store.stories import ids

OPERATIONS = 20  # of the files of one document: the test below says when there are more
RELEASING = 16  # of the files of one release, in the same way


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a unit has passed, and nobody has issued its document yet."""
    home = home_in(tmp_path_factory.mktemp("ready") / "home")
    assert 0 == invoke(home, "keys", "init", "--passphrase-file", str(home / "secret")).exit_code
    assert 0 == invoke(home, "keys", "init", "--for", "quinn", "--passphrase-file", str(home / "secret")).exit_code
    with opened(home) as store:
        run_id = ids(1).new()
        for event in told(home, store, run_id, "SN26-100401", simulated=False):
            store.journal.write(event)
        store.journal.settle(run_id)
    return home


def issue(home: Path, power: Power, patch: pytest.MonkeyPatch) -> None:
    """Issue the document that is owed, until the power goes; the commit of its number is an operation like the others."""
    deed = Draft.deed

    def counted(draft: Draft, content: bytes, at: str) -> Deed:
        power.step("commit")
        return deed(draft, content, at)

    patch.setattr(Draft, "deed", counted)
    with opened(home) as store:
        (owed,) = store.archive.owed()
        record = store.archive.record(owed)
        with suppress(PowerCut), watched(power):
            store.desk.issue(record)


def cut_at(ready: Path, folder: Path, cut: int) -> Power:
    home = Path(shutil.copytree(ready, folder / "home"))
    power = Power(home, cut)
    with pytest.MonkeyPatch.context() as patch:
        issue(home, power, patch)
    return power


@pytest.mark.process
@pytest.mark.parametrize("cut", range(OPERATIONS))
def test_a_power_cut_leaves_no_document_or_a_whole_one_and_loses_no_number(ready: Path, tmp_path: Path, cut: int) -> None:
    power = cut_at(ready, tmp_path, cut)

    for home in power.survivors(tmp_path):
        with opened(home) as store:
            late = list(store.desk.issue_owed())
            assert [NUMBER] == [one.number for one in store.archive.issued()], late
            (issued,) = store.archive.issued()
            file = store.filing.find(NUMBER)
        assert store.missing == (), power.done
        assert file is not None
        assert digest(file.read_bytes()) == issued.digest
        assert verify(file.read_bytes(), read_certificates(KeyFolder(home / "keys").authority), redraw=False).holds
        assert [] == [one.name for one in (home / "reports" / "issued").rglob(".*")], power.done
        assert len(late) == (0 if "commit" in power.done else 1)
        assert 0 == reissue(home, NUMBER)


def test_no_operation_is_left_out(ready: Path, tmp_path: Path) -> None:
    power = cut_at(ready, tmp_path, 1_000_000)

    assert OPERATIONS == len(power.done) + 1, power.done
    assert 1 == power.done.count("commit")


@pytest.fixture(scope="module")
def certified(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home, in which its document is issued and nobody has released it yet."""
    home = Path(shutil.copytree(ready, tmp_path_factory.mktemp("certified") / "home"))
    with pytest.MonkeyPatch.context() as patch:
        issue(home, Power(home), patch)
    return home


def superseded_until(certified: Path, folder: Path, cut: int) -> Power:
    """Supersede the document, until the power goes; what puts its successor on record is an operation like the others."""
    home = Path(shutil.copytree(certified, folder / "home"))
    power, deed = Power(home, cut), Draft.deed

    def counted(draft: Draft, content: bytes, at: str) -> Deed:
        power.step("commit")
        return deed(draft, content, at)

    with pytest.MonkeyPatch.context() as patch, suppress(PowerCut), watched(power):
        patch.setattr(Draft, "deed", counted)
        supersede(home, NUMBER, "quinn", "smudged")
    return power


@pytest.mark.process
def test_a_power_cut_leaves_no_superseded_document_without_who_did_it_and_why(certified: Path, tmp_path: Path) -> None:
    (whole := tmp_path / "whole").mkdir()
    done = superseded_until(certified, whole, 1_000_000).done
    first = done.index("commit")
    for cut in range(first, len(done) + 1):
        (folder := tmp_path / str(cut)).mkdir()
        power = superseded_until(certified, folder, cut)

        for home in power.survivors(folder):
            with opened(home) as store:
                (old, *new), missing = store.archive.issued(), store.missing
                files = [store.filing.find(one.number) for one in new]
                with store.archive.reading() as connection:
                    remarks = [tuple(row) for row in connection.execute("SELECT target_id, author, text FROM annotation")]
            assert (cut > first) == bool(old.superseded_by) == bool(new), power.done
            assert ([(NUMBER, "quinn", "superseded: smudged")] if new else []) == remarks, power.done
            assert () == missing
            assert [one.digest for one in new] == [digest(file.read_bytes()) for file in files if file is not None], power.done


def released_until(certified: Path, folder: Path, cut: int) -> Power:
    """Release the document, until the power goes; what puts it on record is an operation like the others."""
    home = Path(shutil.copytree(certified, folder / "home"))
    power, on_record = Power(home, cut), Journal.release

    def counted(journal: Journal, number: str, person: str, reason: str, sha: str) -> None:
        power.step("commit")
        on_record(journal, number, person, reason, sha)

    with pytest.MonkeyPatch.context() as patch, suppress(PowerCut), watched(power):
        patch.setattr(Journal, "release", counted)
        release(home, NUMBER, "quinn", "looked at", home / "secret")
    return power


@pytest.mark.process
@pytest.mark.parametrize("cut", range(RELEASING))
def test_a_power_cut_leaves_no_release_or_a_whole_one_on_record(certified: Path, tmp_path: Path, cut: int) -> None:
    power = released_until(certified, tmp_path, cut)

    for home in power.survivors(tmp_path):
        with opened(home) as store:
            on_record = [one.digest for one in store.archive.released()]
            file, issued = store.filing.find(f"{NUMBER}-R"), store.filing.find(NUMBER)
        assert store.missing == (), power.done
        assert ("commit" in power.done) == bool(on_record)
        assert on_record == ([] if file is None else [digest(file.read_bytes())])
        assert issued is not None
        trusted = read_certificates(KeyFolder(home / "keys").authority)
        assert all(verify(one.read_bytes(), trusted, redraw=False).holds for one in (issued, file) if one is not None)
        assert [] == [one.name for one in (home / "reports" / "issued").rglob(".*")], power.done


def test_no_operation_of_a_release_is_left_out(certified: Path, tmp_path: Path) -> None:
    power = released_until(certified, tmp_path, 1_000_000)

    assert RELEASING == len(power.done) + 1, power.done
    assert 1 == power.done.count("commit")


def test_keys_that_were_made_are_there_after_a_power_cut(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    power = Power(home)
    with watched(power):
        assert 0 == invoke(home, "keys", "init", "--passphrase-file", str(home / "secret")).exit_code

    for kept in power.survivors(tmp_path):
        shown = invoke(kept, "keys", "show")
        assert (0, True) == (shown.exit_code, "The station can seal, as EOL-01." in shown.output)


def test_a_power_cut_while_keys_of_the_demonstration_are_made_keeps_nobody_from_sealing_at_the_next_start(tmp_path: Path) -> None:
    cut, going = 0, True
    while going:
        home, power = home_in(tmp_path / f"home-{cut}"), Power(tmp_path / f"home-{cut}", cut)
        with suppress(PowerCut), watched(power):
            Seals(read(home).config).ready(simulated=True)

        (folder := tmp_path / f"kept-{cut}").mkdir()
        for kept in power.survivors(folder, 1):
            Seals(read(kept).config).ready(simulated=True)
        cut, going = cut + 1, power.dead
    assert cut > 10, "the cuts did not reach the files"
