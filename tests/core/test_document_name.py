from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from station.core.document_name import document_name, names_of, number_in

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS, TEXTS, TEXTS)
def test_the_number_is_read_from_the_name_again_and_the_name_is_found_by_it_alone(number: str, serial: str, other: str) -> None:
    name = document_name(number, serial)

    assert number == number_in(name)
    assert fnmatchcase(name, names_of(number))
    assert (number == other) == fnmatchcase(name, names_of(other))
    assert not set("/\\\0*?[") & set(name)


def test_the_names_of_plain_numbers_are_as_they_ever_were() -> None:
    assert "EOL-01-2026-000042_SN26%5F1.pdf" == document_name("EOL-01-2026-000042", "SN26_1")
    assert "EOL%5F01-2026-000042_SN26.pdf" == document_name("EOL_01-2026-000042", "SN26")
