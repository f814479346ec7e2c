import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.charts import fonts
from station.charts.legible import fitting, legible, shortened, wrap

words = st.text(st.characters(codec="utf-8"), max_size=80)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ωµ≥−½ ő Ж α", "Ωµ≥−½ ő Ж α"),
        ("<img src=x>", "<img src=x>"),
        ("中", "[U+4E2D]"),
        ("\u202ex\u200b", "[U+202E]x[U+200B]"),
        ("ש", "[U+05E9]"),
        ("a\u0334", "a[U+0334]"),
        ("o\u0308", "ö"),
        ("tab\tand\nline", "tab and line"),
        ("\x00", "[U+0000]"),
        ("😀", "[U+1F600]"),
    ],
)
def test_what_the_typeface_cannot_set_is_named_and_not_left_out(given: str, shown: str) -> None:
    assert shown == legible(given)


@given(words)
def test_every_sign_that_is_set_has_a_glyph_and_setting_twice_changes_nothing(text: str) -> None:
    shown = legible(text)

    assert all(fonts.has(character) for character in shown)
    assert shown == legible(shown)


@given(words, st.floats(20, 200), st.floats(4, 20))
def test_wrapped_lines_fit_and_nothing_is_lost(text: str, width: float, size: float) -> None:
    lines = wrap(text, width, size)

    assert all(len(line) == 1 or fonts.width(line, size) <= width for line in lines)
    assert legible(text).replace(" ", "") == "".join(lines).replace(" ", "")


def test_a_number_stays_with_its_unit() -> None:
    assert wrap("the limit is 428\u00a0µA", fonts.width("the limit is 428", 8), 8) == ("the limit is", "428\u00a0µA")


def test_a_text_is_made_smaller_only_as_far_as_told() -> None:
    assert fitting("short", 100, 8, 3) == 8
    assert 3 <= fitting("rather long for its place", 40, 8, 3) < 8
    assert fitting("x" * 1000, 40, 8, 3) == 3


def test_a_shortened_text_says_so() -> None:
    short = shortened("a serial number that is far too long", 60, 8)

    assert short.endswith("…")
    assert fonts.width(short, 8) <= 60
    assert shortened("SN1", 60, 8) == "SN1"
