"""A transcript tells what went over a link, is bounded, and never breaks a run."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.clocks.steady import SteadyClock
from station.core.errors import UsageError
from station.hardware.transcript import Transcripts, readable


def lines(path: Path) -> list[str]:
    """Return the lines of a transcript without those that say when it began."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_an_exchange_is_a_line_with_time_direction_and_readable_bytes(tmp_path: Path) -> None:
    clock = SteadyClock()
    with Transcripts(tmp_path, clock) as transcripts:
        hear = transcripts.sink("dmm")
        hear(">", b"*IDN?\n", clock.now())
        hear("<", b"\x00\xff\n", clock.now())

    asked, answered = lines(tmp_path / "dmm.txt")
    assert asked.endswith(" > *IDN?\\n")
    assert answered.endswith(" < \\x00\\xff\\n")
    assert 0.0 <= float(asked.split()[0]) <= float(answered.split()[0])
    assert (tmp_path / "dmm.txt").read_text(encoding="utf-8").startswith("# dmm: from here on, times are in s after 20")


def test_a_block_is_cut_to_its_length_and_digest() -> None:
    block = bytes(range(256)) * 400

    said = readable(block)

    assert said.endswith(f"... 102400 bytes, sha256:{hashlib.sha256(block).hexdigest()}")
    assert len(said) < 300


@given(st.binary(max_size=400))
def test_a_short_message_is_one_line_of_ascii_that_tells_every_byte(data: bytes) -> None:
    said = readable(data)

    assert "\n" not in said
    assert data == said.encode("ascii").decode("unicode_escape").encode("latin-1")


def test_a_link_that_is_opened_again_goes_on_in_its_file_and_so_does_the_next_run(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        with Transcripts(tmp_path, SteadyClock()) as transcripts:
            transcripts.sink("scope")(">", text, 0.0)
            transcripts.sink("scope")("<", text, 0.0)

    assert ["one", "one", "two", "two"] == [line.split()[-1] for line in lines(tmp_path / "scope.txt")]


def test_a_transcript_that_is_full_keeps_the_last_exchanges_and_no_more_than_two_files(tmp_path: Path) -> None:
    with Transcripts(tmp_path, SteadyClock(), room=1000) as transcripts:
        hear = transcripts.sink("fixture")
        for number in range(500):
            hear(">", b"PING %d" % number, 0.0)

    old, new = tmp_path / "fixture.old.txt", tmp_path / "fixture.txt"
    told = [int(line.split()[-1]) for path in (old, new) for line in lines(path)]
    assert list(range(told[0], 500)) == told
    assert all(path.stat().st_size <= 1000 for path in (old, new))
    assert {new, old} == set(tmp_path.iterdir())


def test_a_transcript_that_cannot_be_written_is_told_once_and_breaks_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dmm.txt").symlink_to("/dev/full")
    with Transcripts(tmp_path, SteadyClock()) as transcripts:
        hear = transcripts.sink("dmm")
        for _ in range(3):
            hear(">", b"*IDN?\n", 0.0)

    (said,) = caplog.messages
    assert f"the transcript {tmp_path / 'dmm.txt'} ends here, the run goes on: " in said
    assert "No space left on device" in said
    assert "free space there" in said


def test_a_folder_that_cannot_be_made_is_refused_before_anything_has_begun(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(UsageError, match=r"--transcript .*file.*: .*Name a folder"):
        Transcripts(tmp_path / "file", SteadyClock())
