"""What strangers craft never breaks the verifier, even under a true seal: each oddity is a finding that does not hold."""

import pytest

from station.certificates.carried import DRAWING, LIMITS, LOGO, RECORD, TEMPLATE
from station.certificates.opened import UnreadableError, opened
from station.certificates.verify import verify
from tests.certificates.crafted import bent, crafted, with_names
from tests.certificates.sealing import carried, trusted

HUGE = 10**400


def faults(content: bytes) -> dict[str, str]:
    return {one.what: one.said for one in verify(content, trusted()).findings if one.holds is not True}


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday", ""])
def test_a_moment_that_no_clock_tells_is_a_record_that_cannot_be_read(at: str) -> None:
    assert "when it ran cannot be told" in faults(bent(RECORD, "started.at", at))["record"]
    assert "when it ran cannot be told" in faults(bent(RECORD, "ended.at", at))["record"]


@pytest.mark.parametrize("offset", [10**18, -(10**18), HUGE, 10**11])
def test_a_wall_clock_that_no_factory_has_is_a_record_that_cannot_be_read(offset: int) -> None:
    assert "when it ran cannot be told" in faults(bent(RECORD, "started.tz_offset_min", offset))["record"]


def test_a_value_larger_than_any_number_is_not_proven_and_not_drawn() -> None:
    found = faults(bent(RECORD, "rows.*.measured.value", HUGE))

    assert "does not prove PASS" in found["record"]
    assert "cannot be drawn again from its record: OverflowError" in found["drawing"]


def test_a_curve_that_no_paper_holds_is_not_drawn() -> None:
    found = faults(bent(DRAWING, "curves.*.volts.*", 1e308))

    assert "cannot be drawn again from its record" in found["drawing"]


def test_a_logo_that_is_a_picture_by_its_first_bytes_alone_is_not_drawn() -> None:
    words = carried().sources.template.source.replace(b'# logo = "logo.png"', b'logo = "logo.png"')

    found = faults(crafted({TEMPLATE: words, LOGO: b"\x89PNG\r\n\x1a\n" + b"garbage" * 20}))

    assert "cannot be drawn again from its record" in found["drawing"]


@pytest.mark.parametrize("name", [RECORD, DRAWING])
@pytest.mark.parametrize("content", [b"[" * 100_000, b"1" * 100_000, b"\xff", b""], ids=["deep", "long", "no text", "nothing"])
def test_what_no_parser_takes_is_named(name: str, content: bytes) -> None:
    assert "cannot be read" in faults(crafted({name: content}))["record"]


def test_limits_that_no_parser_takes_are_named() -> None:
    assert "cannot be read" in faults(crafted({LIMITS: b"a = " + b"[" * 100_000}))["limits"]


@pytest.mark.parametrize("names", [["record.json"], [1, 2, 3], [[], []], []], ids=["odd", "numbers", "lists", "none"])
def test_a_table_of_files_that_is_none_is_no_document(names: list[object]) -> None:
    content = with_names(names)

    assert not verify(content, trusted()).holds
    if len(names) % 2:
        with pytest.raises(UnreadableError, match="not written as a station writes"):
            opened(content)
