import tomllib
from pathlib import Path

import pytest

from station.certificates.content import content
from station.certificates.template import parse_template, read_template
from station.certificates.vocabulary import LABELS, LATER_LABELS, STATEMENTS, WORDS, placeholders
from station.charts import fonts
from station.charts.legible import legible
from station.cli.home import read
from station.core.problems import DocumentError
from tests.certificates.golden import samples
from tests.certificates.records import HOME, in_language, mc100, record
from tests.certificates.test_reasons import REASONS

REPORTS = HOME / "reports"
LANGUAGES = ("de", "en", "es")
TEXT = (REPORTS / "certificate.toml").read_text(encoding="utf-8")
LIMITS = tomllib.loads(read(HOME).config.limits.read_text(encoding="utf-8"))["rows"]


def _home(folder: Path, language: str, words: str | None) -> Path:
    (folder / "languages").mkdir()
    (folder / "certificate.toml").write_text(TEXT.replace('"en"', f'"{language}"', 1), encoding="utf-8")
    if words is not None:
        (folder / "languages" / f"{language}.toml").write_text(words, encoding="utf-8")
    return folder / "certificate.toml"


def _german() -> str:
    return (REPORTS / "languages" / "de.toml").read_text(encoding="utf-8")


def _refused(file: Path) -> str:
    with pytest.raises(DocumentError) as refused:
        read_template(file)
    return str(refused.value)


def test_the_languages_that_we_ship_are_those_that_are_tested() -> None:
    shipped = {file.stem for file in (REPORTS / "languages").glob("*.toml")}

    assert {*LANGUAGES, "zh-Hans"} == shipped  # Chinese needs a typeface: test_chinese.py


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_the_typeface_every_letter(language: str) -> None:
    words = in_language(language)

    texts = [*words.labels.values(), *words.words.values(), *words.terms.values(), words.stamp, words.note]
    texts += [text for one in words.statements.values() for text in (one.title, one.text)]
    assert ({*LABELS, *LATER_LABELS}, set(WORDS), set(STATEMENTS)) == (set(words.labels), set(words.words), set(words.statements))
    assert all(text.strip() and text == legible(text) for text in texts)
    assert all(fonts.has(sign) for text in texts for sign in text)


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_translation_fills_in_what_the_english_text_fills_in(language: str) -> None:
    english, other = in_language("en"), in_language(language)

    for known, words in ((english.labels, other.labels), (english.words, other.words)):
        assert {key: placeholders(text) for key, text in known.items()} == {key: placeholders(words[key]) for key in known}
    for key, statement in english.statements.items():
        assert placeholders(statement.text) == placeholders(other.statements[key].text)
    for kind in ("certificate", "nonconformance"):
        assert "{number}" in getattr(other, kind).end


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_title_of_the_limits_that_we_ship_has_its_translation(language: str) -> None:
    terms = in_language(language).terms

    assert {row["title"] for row in LIMITS.values()} <= set(terms)


@pytest.mark.parametrize("language", ["de", "es"])
def test_no_translation_is_of_a_title_that_is_gone(language: str) -> None:
    written = [text for row in LIMITS.values() for text in (row["title"], row["method"], row["condition"], row.get("unit"))]
    written += [text.read_text(encoding="utf-8") for text in (HOME / "station").rglob("*.py")] + [TEXT]

    for term in in_language(language).terms:
        known = any(term == text or f'"{term}"' in (text or "") for text in written)
        assert known or "#" in term or "{}" in term or term in REASONS, term


def test_no_two_verdicts_are_one_word_in_a_language() -> None:
    for language in LANGUAGES:
        words = in_language(language)

        said = [words.words[key] for key in ("pass", "fail", "inconclusive", "aborted", "error", "skipped", "missing")]
        assert len(set(said)) == 7
        assert words.certificate.word != words.nonconformance.word
        assert words.certificate.title != words.nonconformance.title


def test_a_comma_changes_no_digit_of_any_row() -> None:
    for told in samples().values():
        english, german = (content(told, in_language(language), "N-1") for language in ("en", "de"))

        for one, other in zip(english.results, german.results, strict=True):
            for name in ("value", "u", "low", "high", "accept_low", "accept_high"):
                assert getattr(one.figures, name) == getattr(other.figures, name).replace(",", ".")
            assert (one.decided, one.bar, one.id) == (other.decided, other.bar, other.id)


def test_figures_take_the_comma_and_what_was_read_as_text_does_not() -> None:
    told = content(record(mc100()), in_language("de"), "N-1")

    by_id = {line.id: line for line in told.results}
    assert "3,8127" in by_id["BAT.010"].figures.value
    assert "1.4.2 / 9A41F00C" == by_id["ID.020"].said
    assert "gefordert 1.4.2 / 9A41F00C" == by_id["ID.020"].expected


def test_a_text_of_the_limit_file_that_has_no_translation_stays_as_it_is_written() -> None:
    german = in_language("de")

    assert "Ruhestrom" == german.term("Quiescent current")
    assert "Quiescent current, changed" == german.term("Quiescent current, changed")


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("sense resistor, slot 3, load 2000 ohm", "Messwiderstand, Platz 3, Last 2000 Ohm"),
        ("sense resistor, slot #, load 2000 ohm", "sense resistor, slot #, load 2000 ohm"),
        ("sense resistor, slot 3", "sense resistor, slot 3"),
    ],
)
def test_a_term_with_places_for_numbers_takes_them_over(written: str, reads: str) -> None:
    assert reads == in_language("de").term(written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_read_again_from_its_own_source(language: str) -> None:
    template = in_language(language)

    assert template == parse_template(template.source, "certificate.toml")


def test_the_digest_covers_the_language_file(tmp_path: Path) -> None:
    file = _home(tmp_path, "de", _german())
    before = read_template(file).digest

    (tmp_path / "languages" / "de.toml").write_text(_german() + "\n", encoding="utf-8")

    assert before != read_template(file).digest


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DocumentError) as refused:
        parse_template(TEXT.replace('"en"', '"fr"', 1), "reports/certificate.toml", REPORTS)

    line = TEXT[: TEXT.index("language =")].count("\n") + 1
    assert (
        f"reports/certificate.toml:{line}: document.language: is 'fr', and languages/fr.toml beside this file cannot be read: "
        "No such file or directory. Give a language that is there (de, en, es, zh-Hans), or write that file; "
        "`station init` adds those that an older home lacks." == str(refused.value)
    )


@pytest.mark.parametrize("language", ["../languages/de", "", "e", "de/../de", "DE_de", "toolonglanguage", "d\u00e9"])
def test_what_is_no_language_is_refused(language: str) -> None:
    with pytest.raises(DocumentError, match=r"certificate.toml:\d+: document.language: is "):
        parse_template(TEXT.replace('"en"', f'"{language}"', 1), "certificate.toml", REPORTS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lot = "Los"\n', "", "labels.lot: is missing. Give a text in quotes"),
        ('lot = "Los"\n', 'lot = "Los"\nlos = "Los"\n', "labels.los: is not a key of this table"),
        ('decimal = ","', 'decimal = "·"', "numbers.decimal: is '·'. Give one of ., ,"),
        ("[numbers]", "[number]", "number: is not a key of this table"),
        ("[terms]", "[document]", "document: is not a key of this table"),
        ("von {pages}", "von {page_count}", "labels.page: uses a placeholder that it cannot fill. It may use: {page}, {pages}"),
        ('"Ruhestrom"', '""', "terms.Quiescent current: is empty"),
        ('"Ruhestrom"', '"Ruhestrom #"', "terms.Quiescent current: has 1 places for numbers"),
        ('"Ruhestrom"', '"Ruhestrom {}"', "terms.Quiescent current: has 1 places for texts"),
    ],
)
def test_what_is_wrong_in_a_language_is_told_with_its_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in _german()
    file = _home(tmp_path, "de", _german().replace(old, new, 1))

    told = _refused(file)

    assert f"{tmp_path / 'languages' / 'de.toml'}:" in told
    assert said in told


def test_the_line_of_a_missing_word_is_that_of_its_table(tmp_path: Path) -> None:
    words = _german().replace('lot = "Los"\n', "")
    line = words[: words.index("[labels]")].count("\n") + 1

    told = _refused(_home(tmp_path, "de", words))

    assert f"de.toml:{line}: labels.lot: is missing. Give a text in quotes." in told


def test_a_template_with_its_words_inside_needs_no_other_file() -> None:
    whole = in_language("es").source.decode().replace('"Certificado de ensayo final"', '"Certificado"')

    assert "Certificado" == parse_template(whole, "certificate.toml").certificate.title


def test_a_template_without_its_words_says_what_is_missing_where_there_is_no_folder() -> None:
    with pytest.raises(DocumentError, match="is 'en', and its words are not in here"):
        parse_template(TEXT, "certificate.toml")
