import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station.core.canonical import digest
from station.core.errors import StoreError
from station.store.archive import Archive
from station.store.filing import Filing
from station.store.ids import Ids
from station.store.journal import Journal
from station.store.numbering import Instead
from tests.store.stories import at_work, ids, keep, rows_of, start, story


def named(number: str) -> str:
    """Return the name that document `number` is filed under."""
    return f"2026-11-22/{number}_SN%5F1.pdf"


@dataclass
class Desk:
    """A journal at work, and where its papers go."""

    journal: Journal
    archive: Archive
    filing: Filing
    mint: Ids
    path: Path

    def passed(self, serial: str = "SN1", **changed: object) -> str:
        return keep(self.journal, story(self.mint.new(), serial, **changed))  # type: ignore[arg-type]  # values by name are untyped here

    def draw(self, number: str) -> bytes:
        return self.filing.draft(named(number), f"%PDF of {number}".encode())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_work(tmp_path / "s.sqlite") as journal:
        yield Desk(journal, Archive(tmp_path / "s.sqlite"), Filing(tmp_path / "issued"), ids(1), tmp_path / "s.sqlite")


def test_numbers_run_without_a_gap_in_each_series(desk: Desk) -> None:
    numbers = [desk.journal.certify(desk.passed(f"SN{n}"), "EOL-01-", desk.draw) for n in range(3)]
    simulated = desk.journal.certify(desk.passed(simulated=True), "SIM-EOL-01-", desk.draw)

    assert numbers == ["EOL-01-000001", "EOL-01-000002", "EOL-01-000003"]
    assert simulated == "SIM-EOL-01-000001"


def test_a_document_that_could_not_be_drawn_leaves_no_gap(desk: Desk) -> None:
    run_id = desk.passed()

    with pytest.raises(ZeroDivisionError):
        desk.journal.certify(run_id, "EOL-01-", lambda _: bytes(1 // 0))

    assert desk.journal.certify(run_id, "EOL-01-", desk.draw) == "EOL-01-000001"


def test_slots_that_certify_at_once_get_numbers_one_after_the_other(desk: Desk) -> None:
    runs, numbers = [desk.passed(f"SN{n}") for n in range(8)], list[str]()
    slots = [
        threading.Thread(target=lambda run_id=run_id: numbers.append(desk.journal.certify(run_id, "EOL-01-", desk.draw)))
        for run_id in runs
    ]

    for slot in slots:
        slot.start()
    for slot in slots:
        slot.join()

    assert sorted(numbers) == [f"EOL-01-{number:06d}" for number in range(1, 9)]
    assert [one.number for one in desk.archive.issued(series="EOL-01-")] == sorted(numbers)


def test_the_digest_of_the_document_is_on_record_with_its_number(desk: Desk) -> None:
    run_id = desk.passed()

    number = desk.journal.certify(run_id, "EOL-01-", desk.draw)

    (one,) = desk.archive.issued(run_id=run_id)
    assert (one.number, one.run_id, one.kind, one.simulated) == (number, run_id, "certificate", False)
    assert one.digest == digest(desk.filing.publish(named(number)).read_bytes())


@pytest.mark.parametrize(
    "changed", [{"fails": "CUR.310"}, {"struck": "power-cycled"}, {"run_type": "golden"}, {"run_type": "debug"}], ids=str
)
@pytest.mark.hazard("ST-07")
def test_only_a_passed_production_run_earns_a_certificate(desk: Desk, changed: dict[str, str]) -> None:
    run_id = desk.passed(**changed)

    with pytest.raises(StoreError, match="the store refuses: only a passed production run"):
        desk.journal.certify(run_id, "EOL-01-", desk.draw)
    desk.passed("SN2")  # the journal goes on


@pytest.mark.hazard("LF-01", "ST-07")
def test_limits_that_quality_did_not_release_earn_none(desk: Desk) -> None:
    unreleased = replace(start(desk.mint.new()).documents, limits_unreleased="its status is draft")

    with pytest.raises(StoreError, match="only a passed production run judged by released limits"):
        desk.journal.certify(desk.passed(documents=unreleased), "EOL-01-", desk.draw)


def test_a_run_that_is_not_on_record_earns_none(desk: Desk) -> None:
    with pytest.raises(StoreError, match="only a passed production run"):
        desk.journal.certify(desk.mint.new(), "EOL-01-", desk.draw)
    with pytest.raises(StoreError, match="no run with this id has been committed"):
        desk.journal.certify(desk.mint.new(), "NC-EOL-01-", desk.draw, kind="nonconformance")


@pytest.mark.hazard("EQ-10")
def test_simulated_and_real_runs_are_never_numbered_together(desk: Desk) -> None:
    desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)

    with pytest.raises(StoreError, match="simulated and real, passed and failed are never numbered together"):
        desk.journal.certify(desk.passed("SN2", simulated=True), "EOL-01-", desk.draw)


def test_a_failed_unit_gets_a_nonconformance_report_in_a_series_of_its_own(desk: Desk) -> None:
    failed = desk.passed(fails="CUR.310")

    assert desk.journal.certify(failed, "NC-EOL-01-", desk.draw, kind="nonconformance") == "NC-EOL-01-000001"
    with pytest.raises(StoreError, match="a passed run has no nonconformance report"):
        desk.journal.certify(desk.passed("SN2"), "NC-EOL-01-", desk.draw, kind="nonconformance")


@pytest.mark.hazard("ST-07")
def test_a_run_has_one_document_and_a_new_one_supersedes_it_by_name(desk: Desk) -> None:
    run_id = desk.passed()
    first = desk.journal.certify(run_id, "EOL-01-", desk.draw)

    with pytest.raises(StoreError, match="has its document already"):
        desk.journal.certify(run_id, "EOL-01-", desk.draw)
    with pytest.raises(StoreError, match=r"has its document already|only one of its own run"):
        desk.journal.certify(run_id, "EOL-01-", desk.draw, instead=Instead("EOL-01-000009", "quinn", "smudged"))
    second = desk.journal.certify(run_id, "EOL-01-", desk.draw, instead=Instead(first, "quinn", "smudged"))

    old, new = desk.archive.issued(run_id=run_id)
    assert (old.superseded_by, new.supersedes) == (second, first)


def test_a_revoked_certificate_says_when_and_why(desk: Desk) -> None:
    number = desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)

    desk.journal.revoke(number, "quinn", "wrong lot")

    (one,) = desk.archive.issued()
    assert one.revoked == "wrong lot"
    assert one.revoked_at
    with pytest.raises(StoreError, match="this key is taken"):
        desk.journal.revoke(number, "quinn", "again")
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        desk.journal.revoke("EOL-01-000099", "quinn", "unknown")


def test_a_correction_is_a_new_row(desk: Desk) -> None:
    run_id = desk.passed()

    desk.journal.annotate("run", run_id, "quinn", "the lot is L8")

    assert rows_of(desk.path, "SELECT target_id, author, text FROM annotation") == [(run_id, "quinn", "the lot is L8")]


def test_who_superseded_a_document_and_why_is_on_record_with_its_successor(desk: Desk) -> None:
    run_id = desk.passed()
    first = desk.journal.certify(run_id, "EOL-01-", desk.draw)

    desk.journal.certify(run_id, "EOL-01-", desk.draw, instead=Instead(first, "quinn", "smudged"))

    remarks = rows_of(desk.path, "SELECT target_kind, target_id, author, text FROM annotation")
    assert [("certificate", first, "quinn", "superseded: smudged")] == remarks


def test_what_cannot_be_kept_as_text_is_refused_and_the_journal_goes_on(desk: Desk) -> None:
    run_id = desk.passed()
    first, journal = desk.journal.certify(run_id, "EOL-01-", desk.draw), desk.journal

    for said in (
        lambda: journal.annotate("run", run_id, "quinn", "a\udcff"),
        lambda: journal.revoke(first, "a\udcff", "wrong lot"),
        lambda: journal.release(first, "quinn", "a\udcff", "sha256:1"),
        lambda: journal.certify(run_id, "EOL-01-", desk.draw, instead=Instead(first, "quinn", "a\udcff")),
    ):
        with pytest.raises(StoreError, match=r"cannot be kept: .* is no text"):
            said()

    journal.annotate("run", run_id, "quinn", "the lot is L8")
    assert ([first], 1) == ([one.number for one in desk.archive.issued()], len(rows_of(desk.path, "SELECT 1 FROM annotation")))


def test_a_power_cut_before_the_commit_leaves_a_draft_that_was_never_issued(desk: Desk, tmp_path: Path) -> None:
    desk.draw("EOL-01-000001")

    assert desk.filing.mend(desk.archive.issued()) == ()

    assert list((tmp_path / "issued").rglob("*.*")) == []


def test_a_power_cut_after_the_commit_is_mended_at_the_next_start(desk: Desk, tmp_path: Path) -> None:
    number = desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)

    assert desk.filing.mend(desk.archive.issued()) == ()

    assert list((tmp_path / "issued").rglob("*.*")) == [tmp_path / "issued" / named(number)]


def test_what_another_station_is_just_filing_in_the_same_folder_is_left_alone(tmp_path: Path) -> None:
    other, ours = Filing(tmp_path), Filing(tmp_path, lambda number: number.startswith("EOL-02-"))
    for number in ("EOL-01-000001", "EOL-02-000001"):
        other.draft(named(number), b"%PDF")
        (tmp_path / "2026-11-22" / f".{number}_SN.pdf.draft.ab12cd34.tmp").write_bytes(b"%P")

    ours.mend([])

    left = sorted(path.name for path in (tmp_path / "2026-11-22").iterdir())
    assert [".EOL-01-000001_SN%5F1.pdf.draft", ".EOL-01-000001_SN.pdf.draft.ab12cd34.tmp"] == left
    assert tmp_path / named("EOL-01-000001") == other.publish(named("EOL-01-000001"))


def test_a_file_that_is_not_finished_says_whose_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_: 1 // 0)
        killed.setattr(Path, "unlink", lambda *_, **__: None)  # the dead clean nothing up
        with pytest.raises(ZeroDivisionError):
            Filing(tmp_path).draft(named("EOL-01-000001"), b"%PDF")

    (left,) = (tmp_path / "2026-11-22").iterdir()
    assert left.name.startswith(".EOL-01-000001_SN%5F1.pdf.draft.")


def test_a_draft_that_a_kill_left_half_written_is_swept_up_at_the_next_start(desk: Desk, tmp_path: Path) -> None:
    number = desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)
    desk.filing.publish(named(number))
    (tmp_path / "issued" / "2026-11-22" / ".ab12cd34.tmp").write_bytes(b"%PDF of h")

    assert desk.filing.mend(desk.archive.issued()) == ()

    assert [path.name for path in (tmp_path / "issued" / "2026-11-22").iterdir()] == [f"{number}_SN%5F1.pdf"]


def test_a_document_that_is_gone_is_named(desk: Desk) -> None:
    number = desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)
    desk.filing.publish(named(number)).unlink()
    desk.filing.draft(named(number), b"something else")

    assert desk.filing.mend(desk.archive.issued()) == (number,)


def test_a_document_that_is_filed_and_not_on_record_keeps_its_number(desk: Desk, tmp_path: Path) -> None:
    number = desk.journal.certify(desk.passed(), "EOL-01-", desk.draw)
    desk.filing.publish(named(number))
    later = Filing(tmp_path / "issued")

    later.mend(desk.archive.issued())
    later.refuse_taken("EOL-01-000001")
    later.mend(())

    assert (number,) == later.unknown == later.strangers(())
    with pytest.raises(
        StoreError, match=r"EOL-01-000001 is filed in .*, but not on record\..*What to do: restore its newest backup"
    ):
        later.refuse_taken(number)


@pytest.mark.hazard("ST-04")
def test_a_folder_that_cannot_hold_documents_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    filing = Filing(tmp_path / "file")

    with pytest.raises(StoreError, match="a document cannot be filed in"):
        filing.draft(named("EOL-01-000001"), b"")
    with pytest.raises(StoreError, match="a document cannot be filed in"):
        filing.publish(named("EOL-01-000001"))


def test_an_issued_document_is_never_replaced_by_another(tmp_path: Path) -> None:
    filing = Filing(tmp_path)
    filing.draft(named("EOL-01-000001"), b"first")
    path = filing.publish(named("EOL-01-000001"))
    filing.draft(named("EOL-01-000001"), b"second")

    with pytest.raises(StoreError, match="never changed"):
        filing.publish(named("EOL-01-000001"))

    assert b"first" == path.read_bytes()


@pytest.mark.hazard("ST-04")
def test_a_run_that_earned_a_document_and_has_none_is_owed_it_until_it_has(desk: Desk) -> None:
    passed, failed = desk.passed("SN1"), keep(desk.journal, story(desk.mint.new(), "SN2", fails="WAV.010"))
    keep(desk.journal, story(desk.mint.new(), "SN3", struck="the meter was power-cycled"))
    keep(desk.journal, story(desk.mint.new(), "SN4", run_type="debug"))

    before = desk.archive.owed()
    desk.journal.certify(passed, "EOL-01-", desk.draw)

    assert (passed, failed) == before
    assert (failed,) == desk.archive.owed()


@pytest.mark.hazard("ST-04")
def test_a_folder_that_cannot_be_mended_is_a_station_error_with_a_remedy(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "issued" / ".EOL-01-000001_SN1.pdf.draft").mkdir(parents=True)

    with pytest.raises(StoreError, match=r"cannot be filed .* What to do"):
        desk.filing.mend(())
