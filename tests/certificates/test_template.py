from pathlib import Path

import pytest

from station.certificates.template import parse_template, read_template
from station.certificates.vocabulary import placeholders
from station.core.problems import DocumentError
from tests.certificates.records import HOME, template

TEXT = (HOME / "reports" / "certificate.toml").read_text(encoding="utf-8")


def _refused(text: str) -> str:
    with pytest.raises(DocumentError) as refused:
        template(text)
    return str(refused.value)


def _whole() -> str:
    return template().source.decode()


def test_the_template_that_we_ship_is_read_and_says_everything() -> None:
    shipped = read_template(HOME / "reports" / "certificate.toml")

    assert shipped.certificate.title == "Final test certificate"
    assert shipped.nonconformance.title == "Nonconformance report"
    assert shipped.paper == "A4"
    assert shipped.logo is None


def test_the_digest_changes_with_every_byte_of_the_file() -> None:
    assert template().digest != template(TEXT + "\n").digest


def test_an_unknown_key_is_refused_with_its_line_and_what_to_do() -> None:
    text = _whole()
    number = text[: text.index("serial =")].count("\n") + 1

    said = _refused(text.replace("serial = ", "serail = ", 1))

    assert f"certificate.toml:{number}: labels.serail: is not a key of this table. Remove it, or correct its spelling" in said
    assert "labels.serial: is missing. Give a text in quotes" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('paper = "A4"', 'paper = "A3"', "document.paper: is 'A3'. Give one of A4, letter"),
        ('order = ["unit", ', "order = [", "document.order: does not name every section once. Put these in the order"),
        ("{rows} of {rows}", "{row.__class__}", "certificate.claim: uses a placeholder that it cannot fill. It may use: {rows}"),
        ("{rows} of {rows}", "{rows!r}", "certificate.claim: uses a placeholder"),
        ("{rows} of {rows}", "{rows:>99999999}", "certificate.claim: uses a placeholder"),
        ("{rows} of {rows}", "{rows", "certificate.claim: uses a placeholder"),
        ('serial = "Serial number"', 'serial = "{serial}"', "labels.serial: uses a placeholder that it cannot fill. It ma"),
        ('stamp = "SIMULATED – NOT VALID"', 'stamp = ""', "simulated.stamp: is empty"),
        ("[statements.decision]", "[statements.decisions]", "statements.decision: is missing"),
        ('"Released"]', '"Released", "a", "b"]', "document.signatures: has 5 places. Give at most 4"),
        ('# logo = "logo.png" ', 'logo = "nowhere.png"', "document.logo: cannot be read: No such file or directory"),
        ('# logo = "logo.png" ', 'logo = "../certificate.toml"', "document.logo: is '../certificate.toml'. Name a PNG or JPEG"),
        ('# logo = "logo.png" ', 'logo = "README.md"', "document.logo: is neither PNG nor JPEG"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_refused_with_what_is_wrong(old: str, new: str, said: str) -> None:
    text = _whole()
    assert old in text

    assert said in _refused(text.replace(old, new, 1))


def test_a_file_that_is_not_there_is_a_document_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read_template(tmp_path / "certificate.toml")


def test_a_logo_is_taken_from_beside_the_file_and_only_there(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\nx")
    text = _whole().replace('# logo = "logo.png" ', 'logo = "logo.png"')

    assert parse_template(text, "certificate.toml", tmp_path).logo == b"\x89PNG\r\n\x1a\nx"


def test_placeholders_are_plain_names_or_nothing() -> None:
    assert placeholders("{a} of {b}, {{c}}") == frozenset({"a", "b"})
    assert placeholders("{a.b}") == frozenset({"a.b"})
    assert placeholders("{a!r}") is None
    assert placeholders("{") is None
