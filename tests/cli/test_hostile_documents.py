"""A crafted file breaks neither `verify` nor the lines that it prints, and damage beside a document ends in a sentence."""

from pathlib import Path

import pytest

from station.certificates.findings import Report
from station.certificates.signatures import Trusted
from station.certificates.store_check import Store
from station.certificates.typeface import Typefaces
from station.certificates.verify import verify
from tests.certificates.crafted import bent
from tests.cli.certified import certify, home_in
from tests.cli.test_documents import NUMBER, invoke

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

    def breaks(content: bytes, trusted: Trusted, *, redraw: bool, store: Store | None, typefaces: Typefaces) -> Report:
        if content == b"crafted":
            raise ZeroDivisionError("by a stranger")
        return verify(content, trusted, redraw=redraw, store=store, typefaces=typefaces)

    monkeypatch.setattr("station.cli.verify.verify", breaks)
    result = invoke(home, "verify", str(tmp_path / "crafted.pdf"), str(file))

    assert 1 == result.exit_code
    assert "✘ document: cannot be checked: ZeroDivisionError: by a stranger\n NOT VALID" in result.output
    assert result.output.endswith("\n VALID\n")


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
