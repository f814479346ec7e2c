"""The reader under every controlled document."""

import pytest

from station.core.document import SMALL, Document
from station.core.problems import DocumentError, LimitsError


def problems(document: Document) -> list[str]:
    with pytest.raises(DocumentError) as refusal:
        document.finish()
    return [str(problem) for problem in refusal.value.problems]


def test_a_document_without_problems_is_not_refused() -> None:
    document = Document('a = 1\nb = "x"', "f")

    assert (1, "x") == (document.root.whole("a", low=0, high=2), document.root.text("b"))
    document.root.done()
    document.finish()


def test_the_error_is_the_one_that_was_asked_for() -> None:
    with pytest.raises(LimitsError, match=r"f:1: is not valid TOML"):
        Document("=", "f", LimitsError)


def test_keys_are_told_in_the_order_of_the_document() -> None:
    assert ("b", "a") == Document("b = 1\na = 2", "f").root.keys()


def test_a_message_reads_like_a_compiler_s() -> None:
    document = Document("[a]\nb = 2", "station.toml")
    document.root.table("a").text("b")

    assert ["station.toml:2: a.b: is 2. Give a text in quotes."] == problems(document)


@pytest.mark.parametrize(("written", "said"), [("3", "is 3"), ("1.0", "is 1.0"), ("true", "is True"), ('"1"', "is '1'")])
def test_a_whole_number_is_whole_and_in_its_range(written: str, said: str) -> None:
    document = Document(f"a = {written}", "f")

    assert 0 == document.root.whole("a", low=0, high=2)
    assert [f"f:1: a: {said}. Give a whole number between 0 and 2."] == problems(document)


def test_defaults_stand_for_keys_that_are_not_given() -> None:
    root = Document("", "f").root

    assert 7 == root.whole("a", default=7, low=0, high=9)
    assert 7.5 == root.number("a", default=7.5)
    assert "x" == root.text("a", default="x")
    assert ("x", "y") == root.texts("a", default=("x", "y"))
    assert [True, False] == [root.flag("a", default=default) for default in (True, False)]
    assert () == root.tables("a")
    assert () == root.table("a", optional=True).keys()


def test_what_is_given_is_taken_before_the_default() -> None:
    root = Document('a = 1\nb = ["x"]\nc = false\nd = [{ e = 1 }]', "f").root

    assert (1, ("x",), False) == (
        root.whole("a", default=7, low=0, high=9),
        root.texts("b", default=()),
        root.flag("c", default=True),
    )
    assert [("e",)] == [table.keys() for table in root.tables("d")]


def test_what_is_missing_is_harmless_until_the_document_is_refused() -> None:
    document = Document("", "f")
    root = document.root

    assert (0, 1.0, 5.0) == (root.whole("a", low=0, high=9), root.number("b"), root.number("c", low=5.0))
    assert ("", (), False) == (root.text("d"), root.texts("e"), root.flag("f"))
    assert "0001-01-01" == root.day("g").isoformat()
    assert [f"f:1: {key}: is missing" for key in "abcdefg"] == [one.split(".")[0] for one in problems(document)]


@pytest.mark.parametrize(("written", "said"), [("[1]", "is [1]"), ('"a"', "is 'a'"), ('["a", 1]', "is ['a', 1]")])
def test_a_list_of_texts_holds_texts_only(written: str, said: str) -> None:
    document = Document(f"a = {written}", "f")

    assert () == document.root.texts("a")
    assert [f'f:1: a: {said}. Give a list of texts like ["a", "b"].'] == problems(document)


def test_a_table_in_a_list_of_tables_is_found_in_its_own_line() -> None:
    document = Document('[[a]]\nb = "x"\n\n[[a]]\nb = 2', "f")
    for table in document.root.tables("a"):
        table.text("b")

    assert ["f:5: a.1.b: is 2. Give a text in quotes."] == problems(document)


def test_an_empty_text_is_allowed_where_there_is_a_default() -> None:
    assert "" == Document('a = ""', "f").root.text("a", default="x")


def test_a_text_given_as_text_is_read_like_one_given_as_bytes() -> None:
    assert Document("a = 1", "f").root.keys() == Document(b"a = 1", "f").root.keys()


def test_a_text_that_is_read_again_says_and_is_refused_for_the_same() -> None:
    texts = ("a = [1, 2]", "a = [1, 2]", "a = [1, 3]", "a = [1, 2]")

    assert [[1, 2], [1, 2], [1, 3], [1, 2]] == [Document(text, "f").root.raw("a") for text in texts]
    for file in ("f", "g"):
        with pytest.raises(DocumentError, match=f"^{file}:1: "):
            Document("a =", file)


def test_a_text_that_is_too_long_to_be_remembered_is_read_all_the_same() -> None:
    assert 7 == Document("a = 7 #" + SMALL * "x", "f").root.raw("a")


def test_a_key_that_nobody_asked_for_is_refused_with_those_that_are_known() -> None:
    document = Document("a = 1\nz = 2", "f")
    document.root.raw("a")
    document.root.done()

    assert ["f:2: z: is not a key of this table. Remove it, or correct its spelling; known are: a."] == problems(document)


def test_a_long_value_is_shown_by_its_beginning() -> None:
    document = Document(f'a = "{"x" * 100}"', "f")
    document.root.number("a")

    assert [f"f:1: a: is '{'x' * 36}.... Give a number."] == problems(document)


def test_a_table_that_is_no_table_is_refused_by_its_header() -> None:
    document = Document("a = 1", "f")
    document.root.table("a").table("b", optional=True)

    assert ["f:1: a: is 1. Give a table [a]."] == problems(document)


def test_of_a_table_that_is_missing_one_thing_is_said() -> None:
    document = Document("[a]", "f")
    table = document.root.table("a").table("b")
    table.text("c")
    table.table("d").day("e")

    assert ["f:1: a.b: is missing. Give a table [a.b]."] == problems(document)


@pytest.mark.parametrize("written", ["01.11.2026", "11/01/2026", "1-11-2026", "2026-11-31", "2026-1-1"])
def test_a_day_that_is_no_date_is_told_the_form_of_one(written: str) -> None:
    with pytest.raises(DocumentError) as refused:
        Document(f"a = 1\nday = {written}  # when", "f")

    said = f"is not valid TOML: {written} is no date. Give a date like 2026-11-22 (year, month, day), without quotes."
    assert f"f:2: {said}" == str(refused.value)


def test_a_key_is_told_to_be_there_or_not() -> None:
    root = Document("a = 1", "f").root

    assert "a" in root
    assert "b" not in root
