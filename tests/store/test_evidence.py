import io
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Never

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.canonical import digest
from station.core.errors import StoreError
from station.core.waveform import Waveform
from station.store.evidence import EvidenceFolder
from station.store.waveform_file import from_npz, to_npz

PULSES = Waveform(np.tile([0.0, 1.0, -1.0, 0.0], 250), 1e-5, -1e-3, 0.0025, clipped=False, source="CH1")


def _same(one: Waveform, other: Waveform) -> bool:
    told = [(w.dt, w.start, w.step, w.clipped, w.source) for w in (one, other)]
    return told[0] == told[1] and one.volts.tobytes() == other.volts.tobytes()


def test_evidence_that_is_kept_is_found_by_its_digest(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path / "evidence")

    evidence = folder.keep(PULSES, "twenty pulses")

    path = folder.path(evidence.digest)
    code = evidence.digest.removeprefix("sha256:")
    assert path == tmp_path / "evidence" / code[:2] / code[2:4] / f"{code}.npz"
    assert digest(path.read_bytes()) == evidence.digest
    assert (evidence.title, evidence.mimetype, evidence.size) == ("twenty pulses", "application/x-npz", path.stat().st_size)
    assert _same(PULSES, folder.load(evidence.digest))


def test_the_bytes_depend_on_nothing_but_the_waveform() -> None:
    content = to_npz(PULSES)

    assert content == to_npz(PULSES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {(one.date_time, one.create_system) for one in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 3)}


def test_numpy_alone_can_read_it(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)

    with np.load(folder.path(folder.keep(PULSES, "").digest), allow_pickle=False) as arrays:
        assert sorted(arrays) == ["clipped", "codes", "dt", "levels", "source", "start", "step"]
        assert arrays["levels"][arrays["codes"]].tobytes() == PULSES.volts.tobytes()
        assert str(arrays["source"]) == "CH1"


@given(st.lists(st.floats(), max_size=50), st.floats(1e-9, 1), st.floats(-1, 1), st.booleans(), st.text(max_size=10))
def test_reading_inverts_writing(volts: list[float], dt: float, start: float, clipped: bool, source: str) -> None:
    source = source.rstrip("\0")  # numpy pads texts with it
    waveform = Waveform(np.array(volts, dtype=np.float64), dt, start, 0.001, clipped, source)

    assert _same(waveform, from_npz(to_npz(waveform)))


@given(st.lists(st.integers(0, 4095), min_size=1, max_size=300), st.floats(1e-6, 1.0), st.floats(-10.0, 10.0))
def test_a_record_of_a_converter_comes_back_bit_for_bit(codes: list[int], step: float, zero: float) -> None:
    waveform = Waveform(np.array(codes, dtype=np.float64) * step + zero, 1e-5, 0.0, step, False, "CH1")

    assert _same(waveform, from_npz(to_npz(waveform)))


def test_a_long_record_of_a_converter_takes_less_room_than_its_codes(tmp_path: Path) -> None:
    codes = np.random.default_rng(1).integers(0, 256, 50_000)
    volts = np.asarray(codes * 0.004 - 0.5, dtype=np.float64)
    kept = EvidenceFolder(tmp_path).keep(Waveform(volts, 1e-5, 0.0, 0.004, False, "CH1"), "")

    assert kept.size < 2 * codes.size


def test_the_same_content_is_kept_once_and_mended_when_it_was_damaged(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    first = folder.keep(PULSES, "a")
    before = folder.path(first.digest).stat()

    folder.keep(PULSES, "b")
    assert folder.path(first.digest).stat().st_mtime_ns == before.st_mtime_ns

    folder.path(first.digest).write_bytes(b"torn")
    folder.keep(PULSES, "c")
    assert _same(PULSES, folder.load(first.digest))
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".npz"]


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_single_changed_byte_is_found(tmp_path: Path, place: int) -> None:
    folder = EvidenceFolder(tmp_path)
    name = folder.keep(PULSES, "").digest
    content = bytearray(folder.path(name).read_bytes())
    content[place] ^= 1
    folder.path(name).write_bytes(content)

    with pytest.raises(StoreError, match="is not what was kept"):
        folder.load(name)


def test_missing_evidence_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        EvidenceFolder(tmp_path).load(digest(b"never kept"))


@pytest.mark.parametrize("name", ["", "sha256:../../etc/passwd", "sha256:" + "A" * 64, "md5:1"])
def test_a_name_that_is_no_digest_reaches_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="is not the digest of evidence"):
        EvidenceFolder(tmp_path).load(name)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 torn"])
def test_a_file_that_is_no_waveform_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = EvidenceFolder(tmp_path)
    path = folder.path(digest(content))
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is no waveform of ours"):
        folder.load(digest(content))


def test_evidence_that_cannot_be_written_is_a_fault_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(StoreError, match="evidence cannot be kept below"):
        EvidenceFolder(tmp_path / "file").keep(PULSES, "")


def test_many_slots_may_keep_the_same_content_at_once(tmp_path: Path) -> None:
    folder, found = EvidenceFolder(tmp_path / "deep" / "evidence"), list[str]()
    slots = [threading.Thread(target=lambda: found.append(folder.keep(PULSES, "").digest)) for _ in range(8)]

    for slot in slots:
        slot.start()
    for slot in slots:
        slot.join()

    assert len(found) == 8
    assert _same(PULSES, folder.load(found[0]))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_what_a_kill_left_half_written_is_swept_up_at_the_next_start_and_whole_evidence_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = EvidenceFolder(tmp_path)
    whole = folder.path(folder.keep(PULSES, "").digest)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", _die)
        killed.setattr(Path, "unlink", lambda self, missing_ok=False: None)  # the dead clean nothing up
        with pytest.raises(SystemExit):
            folder.keep(replace(PULSES, start=0.0), "killed before its file had its name")
    unfinished = [path for path in tmp_path.rglob(".*") if path.is_file()]

    folder.mend()

    assert 1 == len(unfinished)
    assert [whole] == [path for path in tmp_path.rglob("*") if path.is_file()]


def _die(*_: object) -> Never:
    raise SystemExit(9)


def test_a_folder_without_evidence_has_nothing_to_mend(tmp_path: Path) -> None:
    EvidenceFolder(tmp_path / "none").mend()

    assert [] == list(tmp_path.iterdir())


@pytest.mark.hazard("ST-02")
def test_a_folder_that_takes_no_evidence_is_found_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / ".unfinished").write_text("no folder")
    folder = EvidenceFolder(tmp_path)

    with pytest.raises(StoreError, match="evidence cannot be kept below"):
        folder.prove()

    assert folder.fault is not None


def test_a_folder_that_takes_evidence_is_left_as_it_was_found(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path / "evidence")

    folder.prove()

    assert (None, []) == (folder.fault, [path for path in tmp_path.rglob("*") if path.is_file()])
