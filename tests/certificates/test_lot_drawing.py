"""The pages of a lot report cut no word and no name for which there is room."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from station.certificates import lot_sections
from station.certificates.drawing import page_width
from station.certificates.lot_report import unsealed_lot
from tests.certificates.lots import lot, report
from tests.certificates.sealing import AT


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_no_head_of_its_table_is_broken_inside_a_word(language: str, paper: str) -> None:
    told = report(lot(), language, paper)
    heads = lot_sections.unit_heads(told.words, page_width(told.template))

    assert [told.words(key) for key in lot_sections.UNIT_HEADS] == [" ".join(cell.lines) for cell in heads]


def test_the_foot_names_the_maker_in_full_where_no_stamp_stands_beside_it() -> None:
    maker = "Example Devices GmbH, Works of the North"

    (page,) = PdfReader(BytesIO(unsealed_lot(report(lot(maker=maker)), AT, 2_000))).pages

    assert 2 == page.extract_text().count(maker)
