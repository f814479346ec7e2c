"""Chinese is set in the typeface that the template names, and in no other document."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from station.certificates.carried import Sources, read_carried
from station.certificates.issue import issue
from station.certificates.lot_report import LotReport, issue_lot
from station.certificates.lot_words import read_lot_words
from station.certificates.opened import opened
from station.certificates.template import Template, read_template
from station.certificates.verify import verify
from station.certificates.vocabulary import LABELS, LATER_LABELS, STATEMENTS, WORDS, placeholders
from station.charts import fonts
from station.charts.legible import legible, wrap
from station.core.canonical import digest
from station.core.errors import StationError
from station.core.problems import DocumentError
from tests.certificates.chinese import chinese, typeface
from tests.certificates.lots import lot
from tests.certificates.records import HOME, in_language
from tests.certificates.sealing import AT, carried, sealing, trusted
from tests.certificates.validators import pdfsig, qpdf, verapdf


@pytest.fixture
def template(tmp_path: Path) -> Template:
    return read_template(chinese(tmp_path / "reports", typeface()))


@pytest.fixture
def any_file(tmp_path: Path) -> Path:
    """A file that begins as TrueType does: enough for a template that nothing is drawn by."""
    file = tmp_path / "any.ttf"
    file.write_bytes(b"\x00\x01\x00\x00 not a typeface")
    return file


def document(template: Template, *, simulated: bool = False) -> bytes:
    parts = carried(simulated=simulated)
    started = parts.record.started
    documents = replace(started.documents, certificate_digest=template.digest)
    record = replace(parts.record, started=replace(started, documents=documents))
    return issue(replace(parts, record=record, sources=Sources(template, parts.sources.limits)), sealing(), AT)


def text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_a_certificate_in_chinese_says_its_words_and_holds_where_its_typeface_is_at_hand(template: Template) -> None:
    content = document(template)
    known = template.behind

    report = verify(content, trusted(), typefaces={digest(known): known}.get)

    assert report.holds, report
    assert [] == [one for one in report.findings if not one.holds]
    said = "".join(text(content).split())
    assert all(word in said for word in ("最终检验证书", "测量项目", "不确定度", "EOL-01-2026-000042"))
    assert "[U+" not in said


def test_without_its_typeface_it_cannot_be_drawn_again_and_that_is_said(template: Template) -> None:
    content = document(template)

    report = verify(content, trusted())

    assert report.holds
    (drawing,) = [one for one in report.findings if one.what == "drawing"]
    assert drawing.holds is None
    assert "--typeface" in drawing.said
    assert read_carried(opened(content).files).sources.template.digest == template.digest


def test_the_next_document_without_a_typeface_is_set_as_ever(template: Template) -> None:
    before = issue(carried(simulated=False), sealing(), AT)
    document(template)

    assert before == issue(carried(simulated=False), sealing(), AT)
    assert "[U+4E2D]" == legible("中")


@pytest.mark.process
def test_independent_judges_accept_chinese(template: Template, tmp_path: Path) -> None:
    words = read_lot_words(tmp_path / "reports", "zh-Hans")
    made = {
        "certificate": document(template),
        "simulated": document(template, simulated=True),
        "lot": issue_lot(LotReport(lot(name="批 2026-47"), template, words), sealing(), AT),
    }
    for name, content in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    files = [tmp_path / f"{name}.pdf" for name in made]

    assert all(line.endswith("146 rules, compliant") for line in verapdf(files, tmp_path))
    for file in files:
        assert qpdf(file) == ""
        assert ["valid"] == pdfsig(file)


def test_chinese_wraps_between_any_two_signs_and_no_stop_begins_a_line(template: Template) -> None:
    with fonts.behind(template.behind):
        told = wrap("按未修约的值判定；判定只有两种。U is 100 µA", 50, 8)

        assert all(fonts.width(line, 8) <= 50 for line in told)
        assert not any(line.startswith(("。", "；")) for line in told)
        assert "按未修约的值判定；判定只有两种。Uis100µA" == "".join(told).replace(" ", "")


def test_chinese_has_every_word_and_fills_in_what_english_does(tmp_path: Path, any_file: Path) -> None:
    words, english = read_template(chinese(tmp_path / "reports", any_file)), in_language("en")

    assert ({*LABELS, *LATER_LABELS}, set(WORDS), set(STATEMENTS)) == (set(words.labels), set(words.words), set(words.statements))
    assert set(in_language("de").terms) == set(words.terms)
    for known, other in ((english.labels, words.labels), (english.words, words.words)):
        assert {key: placeholders(said) for key, said in known.items()} == {key: placeholders(other[key]) for key in known}
    for key, statement in english.statements.items():
        assert placeholders(statement.text) == placeholders(words.statements[key].text)


def test_chinese_without_a_typeface_is_refused(tmp_path: Path, any_file: Path) -> None:
    file = chinese(tmp_path / "reports", any_file)
    file.write_text("\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if "typeface" not in line))

    with pytest.raises(DocumentError, match="typeface: is missing"):
        read_template(file)


def test_another_file_than_the_one_that_is_named_is_refused_with_its_digest(tmp_path: Path, any_file: Path) -> None:
    with pytest.raises(DocumentError, match=f'Its digest is "{digest(any_file.read_bytes())[7:]}"'):
        read_template(chinese(tmp_path / "reports", any_file, "0" * 64))


def test_a_file_that_is_not_there_or_has_no_truetype_outlines_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.otf"
    other.write_bytes(b"OTTO")
    file = chinese(tmp_path / "a", other)
    gone = chinese(tmp_path / "b", other)
    (gone.parent / "cjk.ttf").unlink()

    with pytest.raises(DocumentError, match="has no TrueType outlines"):
        read_template(file)
    with pytest.raises(DocumentError, match=r"typeface: cannot be read"):
        read_template(gone)


def test_a_typeface_in_another_folder_is_refused(tmp_path: Path, any_file: Path) -> None:
    file = chinese(tmp_path / "reports", any_file)
    file.write_text(file.read_text(encoding="utf-8").replace('"cjk.ttf"', '"../cjk.ttf"'), encoding="utf-8")

    with pytest.raises(DocumentError, match="Name a TrueType file beside this file"):
        read_template(file)


def test_a_file_that_is_no_typeface_is_named_when_something_is_to_be_drawn(tmp_path: Path, any_file: Path) -> None:
    broken = read_template(chinese(tmp_path / "reports", any_file))

    with pytest.raises(StationError, match="cannot be used"):
        document(broken)


def test_the_template_that_we_ship_needs_no_typeface() -> None:
    assert in_language("en").behind == b""
    assert (HOME / "reports" / "languages" / "zh-Hans.toml").exists()
