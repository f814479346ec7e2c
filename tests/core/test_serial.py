import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.serial import SET_82, serial_fault


def test_the_set_has_82_characters() -> None:
    assert 82 == len(SET_82)


@given(st.text(sorted(SET_82), min_size=1, max_size=20))
def test_one_to_twenty_characters_of_the_set_are_a_serial(serial: str) -> None:
    assert serial_fault(serial) is None


@pytest.mark.parametrize(
    ("serial", "said"),
    [
        ("", "is empty"),
        ("x" * 21, "has 21 characters"),
        ("SN 1", "holds ' '"),
        ("SN1\n", r"holds '\n'"),
        ("SN\x1d1", r"holds '\x1d'"),
        ("größe", "'ß', 'ö'"),
        ("SN\u0661", "may not"),
        ("#$@[]", "'#', '$', '@'"),
    ],
)
@pytest.mark.hazard("SN-01")
def test_what_is_no_serial_is_said_in_words(serial: str, said: str) -> None:
    assert said in (serial_fault(serial) or "")


@given(st.text(min_size=1, max_size=30))
def test_a_serial_is_whatever_is_short_and_of_the_set(serial: str) -> None:
    assert (serial_fault(serial) is None) == (len(serial) <= 20 and set(serial) <= SET_82)


def test_every_letter_and_digit_of_ascii_is_in_the_set() -> None:
    assert set(string.ascii_letters + string.digits) < SET_82
