from station.core.keepable import unkept


def test_text_of_any_language_can_be_kept() -> None:
    assert [None, None, None] == [unkept(text) for text in ("", "wrong lot", "Prüfling 批 \N{GRINNING FACE}")]


def test_bytes_that_are_no_text_cannot_and_the_sign_is_named() -> None:
    assert "'a\\udcff' is no text: its sign 2 cannot be written in UTF-8" == unkept("a\udcff")
