"""A crafted file breaks neither `verify` nor the lines that it prints, and damage beside a document ends in a sentence."""

import os
import resource
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Encryption, Pdf
from typer.testing import CliRunner, Result

from station.certificates.findings import Report
from station.certificates.signatures import Trusted
from station.certificates.store_check import Store, Unasked
from station.certificates.typeface import Typefaces
from station.certificates.verify import verify
from station.cli.app import app
from station.cli.home import read
from station.cli.memory import within
from tests.certificates.crafted import bent, crafted
from tests.cli.certified import certify, home_in
from tests.cli.test_documents import NUMBER, invoke, printed

LIE = "SN26\n VALID\x1b[8m\u202e"


@pytest.fixture
def issued(tmp_path: Path) -> tuple[Path, Path]:
    """A home with the certificate of a real unit, and its file."""
    home = home_in(tmp_path)
    assert 0 == invoke(home, "keys", "init", "--passphrase-file", str(home / "secret")).exit_code
    return home, Path(certify(home, simulated=False).path)


def test_a_file_that_breaks_the_verifier_does_not_keep_the_next_one_from_being_checked(
    issued: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = issued
    (tmp_path / "crafted.pdf").write_bytes(b"crafted")

    def breaks(content: bytes, trusted: Trusted, *, redraw: bool, store: Store | Unasked | None, typefaces: Typefaces) -> Report:
        if content == b"crafted":
            raise ZeroDivisionError("by a stranger")
        return verify(content, trusted, redraw=redraw, store=store, typefaces=typefaces)

    monkeypatch.setattr("station.cli.verify.verify", breaks)
    result = invoke(home, "verify", str(tmp_path / "crafted.pdf"), str(file))

    assert 1 == result.exit_code
    assert "✘ document: cannot be checked: ZeroDivisionError: by a stranger\n NOT VALID" in result.output
    assert result.output.endswith("\n VALID\n")


def test_a_small_file_that_unpacks_to_all_of_the_memory_does_not_keep_the_next_one_from_being_checked(
    issued: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = issued
    (tmp_path / "crafted.pdf").write_bytes(crafted({"record.json": b"[" * 2**28}))
    limits = resource.getrlimit(resource.RLIMIT_AS)

    monkeypatch.setattr("station.cli.verify.MORE", 2**27)
    result = invoke(home, "verify", str(tmp_path / "crafted.pdf"), str(file))

    assert 1 == result.exit_code
    assert "✘ document: " in result.output  # nothing of it was read
    assert result.output.endswith("\n VALID\n")
    assert limits == resource.getrlimit(resource.RLIMIT_AS)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**34)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "Is a directory"),
        (pipe, "It is no plain file"),
        (device, "It is no plain file"),
        (huge, "It has more than"),
    ],
)
def test_what_is_no_plain_file_or_endless_cannot_be_read_and_the_next_one_is_checked(
    issued: tuple[Path, Path], tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    home, file = issued
    make(tmp_path / "endless.pdf")

    with within(2**31):  # without it a device would take all of the memory
        result = invoke(home, "verify", str(tmp_path / "endless.pdf"), str(file))

    assert 2 == result.exit_code
    assert f"✘ file: cannot be read: {why}" in result.output
    assert result.output.endswith("\n VALID\n")


def test_a_document_that_asks_for_a_password_is_no_document_of_a_station() -> None:
    to = BytesIO()
    with Pdf.open(BytesIO(crafted({}))) as pdf:
        pdf.save(to, encryption=Encryption(owner="a", user="b"))

    (found,) = verify(to.getvalue(), ()).findings

    assert ("document", False, "it is no PDF that can be read: invalid password") == (found.what, found.holds, found.said)


def test_what_a_stranger_wrote_prints_no_line_of_its_own(issued: tuple[Path, Path], tmp_path: Path) -> None:
    home, _ = issued
    (tmp_path / "crafted.pdf").write_bytes(bent("drawing.json", "number", LIE))

    result = invoke(home, "verify", str(tmp_path / "crafted.pdf"))

    assert 1 == result.exit_code
    assert "   SN26\\n VALID\\x1b[8m\\u202e  " in result.output
    assert [" NOT VALID"] == [line for line in result.output.splitlines() if line.endswith("VALID")]


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b'{"at":"x","container":"00","tools":{}}', b'{"at":"2026-01-01","container":"zz","tools":{}}']
)
def test_reissue_by_a_damaged_copy_of_the_seal_says_what_to_restore(issued: tuple[Path, Path], content: bytes) -> None:
    home, _ = issued
    (copy,) = home.rglob(f"seals/*/{NUMBER}.json")
    copy.write_bytes(content)

    result = invoke(home, "reissue", NUMBER)

    assert f"the copy of the seal of {NUMBER} is damaged: it is no copy of a seal" in result.output
    assert "Restore the backup of the originals" in result.output


def test_reissue_by_a_copy_of_no_seal_says_what_to_restore(issued: tuple[Path, Path]) -> None:
    home, _ = issued
    (copy,) = home.rglob(f"seals/*/{NUMBER}.json")
    copy.write_bytes(b'{"at":"2026-01-01T00:00:00+00:00","container":"","tools":{}}')

    result = invoke(home, "reissue", NUMBER)

    assert 0 != result.exit_code
    assert NUMBER in result.output


def test_a_folder_in_the_place_of_a_document_is_named(issued: tuple[Path, Path]) -> None:
    home, file = issued
    file.unlink()
    file.mkdir()

    result = invoke(home, "reissue", NUMBER)

    assert f"{file} cannot be read: Is a directory. Move it away" in result.output


REVOKE = ("reissue", NUMBER, "--revoke", "--by", "kim", "--reason", "wrong lot")


def unnamed(home: Path, *words: str) -> Result:
    """Say a command in a home without naming it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        return CliRunner().invoke(app, words)


def test_a_bad_limit_file_keeps_nobody_from_asking_whether_a_document_was_revoked(issued: tuple[Path, Path]) -> None:
    home, file = issued
    assert 0 == invoke(home, *REVOKE).exit_code
    (home / "limits" / "mc100-b.toml").write_text("bad line")

    for result in (invoke(home, "verify", str(file)), unnamed(home, "verify", str(file))):
        assert (1, True) == (result.exit_code, "✘ store: EOL-01-2026-000001 is on record, but it was revoked" in result.output)


def gone(store: Path) -> None:
    store.unlink()


def dangling(store: Path) -> None:
    store.unlink()
    store.symlink_to(store.with_name("nowhere"))


def damaged(store: Path) -> None:
    store.write_bytes(b"no database" * 1000)


def folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


@pytest.mark.parametrize("bend", [gone, dangling, damaged, folder])
def test_a_store_that_cannot_be_asked_is_told_of_and_fails_whoever_named_it(
    issued: tuple[Path, Path], bend: Callable[[Path], None]
) -> None:
    home, file = issued
    bend(read(home).config.store)

    named, found = invoke(home, "verify", str(file)), unnamed(home, "verify", str(file))

    assert (1, True) == (named.exit_code, "✘ store: not asked, because " in named.output)
    assert (0, True) == (found.exit_code, "– store: not asked, because " in found.output)


def test_a_station_toml_that_cannot_be_read_leaves_its_store_unasked(issued: tuple[Path, Path]) -> None:
    home, file = issued
    words = ("verify", str(file), "--authority", str(home / "keys" / "authority.pem"))
    (home / "station.toml").write_text("bad\nworse")

    named, found = invoke(home, *words), unnamed(home, *words)

    assert (1, True) == (named.exit_code, "✘ store: not asked, because station.toml" in named.output)
    assert (0, True) == (found.exit_code, "– store: not asked, because station.toml" in found.output)


def test_a_code_is_not_on_record_where_the_store_cannot_be_asked(issued: tuple[Path, Path]) -> None:
    home, _ = issued
    text = printed(home)
    damaged(read(home).config.store)

    result = invoke(home, "verify", "--code", text)

    assert (1, True) == (result.exit_code, "✘ code: the store was not asked, because " in result.output)


def test_the_code_of_a_lot_report_asks_for_its_file(issued: tuple[Path, Path]) -> None:
    home, _ = issued

    result = invoke(home, "verify", "--code", "LOT1|L-2026-47|0123456789abcdef")

    assert (2, True) == (result.exit_code, "Bring its file: station verify FILE --code TEXT" in result.output)


def test_the_code_of_a_simulated_number_says_so(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    certify(home, simulated=True)

    result = invoke(home, "verify", "--code", printed(home))

    assert 0 == result.exit_code
    assert "SIMULATED: no device was tested" in result.output
