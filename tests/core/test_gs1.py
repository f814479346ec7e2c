"""What a scanner gives is read as the label says, or refused in a sentence."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.gs1 import GS, PREFIXES, Scan, ScanError, check_digit, parse_scan
from station.core.serial import SET_82, serial_fault

GTIN = "09501101530003"  # of the GS1 General Specifications' own examples
OTHER = "04012345678901"
LABEL = f"]d201{GTIN}1126112210L-7{GS}21SN-0042"
WORDS = st.text(sorted(SET_82), min_size=1, max_size=20)
GTINS = st.text("0123456789", min_size=13, max_size=13).map(lambda digits: digits + check_digit(digits))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PIECES = ["]d2", "01", GTIN, "11", "261122", "10", "21", "(01)", "(21)", GS, "|", "A", "\r", "\x00"]
MOST = {"10": "L-7", "21": "SN-0042", "01": GTIN, "11": "261122"}


def say(elements: dict[str, str], *, prefix: str = "]d2", gs: str = GS) -> str:
    """Write an element string: what a label's code holds."""
    parts = [ai + value + ("" if ai in ("01", "11") else gs) for ai, value in elements.items()]
    return prefix + "".join(parts).removesuffix(gs)


def speak(elements: dict[str, str]) -> str:
    """Write the human-readable line under a code."""
    return "".join(f"({ai}){value}" for ai, value in elements.items())


@st.composite
def scans(draw: st.DrawFn) -> tuple[Scan, dict[str, str]]:
    """Draw what a label may say, and its elements in any order."""
    gtin, serial = draw(GTINS), draw(WORDS)
    lot, made = draw(st.none() | WORDS), draw(st.none() | DAYS)
    elements = {"01": gtin, "21": serial}
    elements |= {"10": lot} if lot is not None else {}
    elements |= {"11": made.strftime("%y%m%d")} if made is not None else {}
    return Scan(gtin, serial, lot, made, ""), dict(draw(st.permutations(sorted(elements.items()))))


def refusal(text: str, gtin: str | None = GTIN, required: tuple[str, ...] = ()) -> str:
    with pytest.raises(ScanError) as caught:
        parse_scan(text, gtin=gtin, required=required)
    return str(caught.value)


def test_a_label_is_read() -> None:
    assert Scan(GTIN, "SN-0042", "L-7", date(2026, 11, 22), LABEL) == parse_scan(LABEL, gtin=GTIN)


@pytest.mark.parametrize("prefix", [*PREFIXES, ""])
@pytest.mark.parametrize("end", ["", "\r", "\n", "\r\n"])
def test_the_prefix_and_the_end_of_the_line_may_be_there_or_not(prefix: str, end: str) -> None:
    text = say(MOST, prefix=prefix)

    assert Scan(GTIN, "SN-0042", "L-7", date(2026, 11, 22), text) == parse_scan(text + end, gtin=GTIN)


@pytest.mark.parametrize("order", list(permutations(MOST)), ids="".join)
def test_elements_come_in_any_order(order: tuple[str, ...]) -> None:
    elements = {ai: MOST[ai] for ai in order}

    assert ("SN-0042", "L-7") == ((scan := parse_scan(say(elements), gtin=GTIN)).serial, scan.lot)
    assert scan.serial == parse_scan(speak(elements), gtin=GTIN).serial


def test_a_bare_serial_is_a_serial_only() -> None:
    assert Scan(None, "SN-0042", None, None, "SN-0042") == parse_scan("SN-0042\r\n", gtin=GTIN)


@pytest.mark.parametrize("serial", ["2100045", "10", "(1)", "01095", "(A)01", "11261122"])
def test_a_bare_serial_may_begin_like_an_element(serial: str) -> None:
    assert Scan(None, serial, None, None, serial) == parse_scan(serial)


def test_one_gs_after_a_fixed_element_or_at_the_end_is_allowed() -> None:
    assert "SN1" == parse_scan(f"]d201{GTIN}{GS}11261122{GS}21SN1{GS}").serial


def test_the_human_readable_line_is_read() -> None:
    line = f"(01){GTIN}(11)261122(10)L-7(21)SN(0042)"

    assert Scan(GTIN, "SN(0042)", "L-7", date(2026, 11, 22), line) == parse_scan(line)


def test_a_scanner_may_type_another_sign_for_gs() -> None:
    text = say(MOST, gs="|")

    assert Scan(GTIN, "SN-0042", "L-7", date(2026, 11, 22), text) == parse_scan(text, gtin=GTIN, replacement="|")
    assert "SN-0042" == parse_scan(LABEL, replacement="|").serial


@pytest.mark.parametrize("sign", ["A", "-", "||"])
def test_a_sign_that_a_serial_may_hold_cannot_stand_for_gs(sign: str) -> None:
    with pytest.raises(ValueError, match="cannot stand for GS"):
        parse_scan(LABEL, replacement=sign)


@pytest.mark.parametrize(
    ("text", "wrong", "remedy"),
    [
        ("", "nothing came", "Scan the label again"),
        ("\r\n", "nothing came", "Scan the label again"),
        (LABEL.replace("0003", "0004"), f"check digit of GTIN {GTIN[:-1]}4 is 4 and should be 3", "set the unit aside"),
        (LABEL.replace(GTIN, OTHER), f"{OTHER} is another product; this station tests {GTIN}", "to its own station"),
        (LABEL.replace("SN-", "SN "), "holds ' '", "set the unit aside"),
        (LABEL.replace("L-7", "L#7"), "the lot 'L#7' holds '#'", "set the unit aside"),
        (LABEL.replace("SN-0042", "S" * 21), "has 21 characters; at most 20", "set the unit aside"),
        (LABEL.replace("L-7", "L" * 21), "the lot 'LLLLLLLLLLLLLLLLLLLLL' has 21 characters", "scanner's setup"),
        (LABEL.replace("L-7", ""), "the lot is empty", "set the unit aside"),
        (LABEL.replace("SN-0042", ""), "the serial is empty", "set the unit aside"),
        (LABEL.replace(GS, ""), "it has no (21) serial, or the GS before it was swallowed", "must send GS1 with GS"),
        (f"]d221SN101{GTIN}", "it has no (01) GTIN", "must send GS1 with GS"),
        (f"]d201{GTIN}10L01{GTIN}{GS}21SN1", "the lot 'L0109501101530003' holds the whole GTIN", "scanner's setup"),
        (f"]d201{GTIN}21S01{GTIN}", "the serial 'S0109501101530003' holds the whole GTIN", "scanner's setup"),
        (f"S01{GTIN}", "holds the whole GTIN", "scanner's setup"),
        (f"]d201{GTIN}", "it has no (21) serial", "must send GS1 with GS"),
        ("]d2", "it has no (01) GTIN and (21) serial", "must send GS1 with GS"),
        (f"]d201{GTIN}21A{GS}21B", "(21) serial stands twice", "set the unit aside"),
        (f"(01){GTIN}(21)A(21)B", "(21) serial stands twice", "set the unit aside"),
        (f"]d201{GTIN}9921A", "an element begins with '99'; a label here has only (01) GTIN, (10) lot", "set the unit aside"),
        (f"(01){GTIN}(99)1(21)A", "an element begins with '99'", "set the unit aside"),
        (f"]d201{GTIN}10L{GS}{GS}21A", r"an element begins with '\x1d2'", "set the unit aside"),
        (f"{GS}01{GTIN}21A", r"an element begins with '\x1d0'", "set the unit aside"),
        (LABEL.replace("261122", "260230"), "the production date 260230 is no day written YYMMDD", "set the unit aside"),
        (LABEL.replace("261122", "261100"), "the production date 261100 is no day", "set the unit aside"),
        (LABEL.replace("261122", "2611X2"), "(11) production date '2611X2' is not 6 digits", "set the unit aside"),
        (f"01{GTIN[:-1]}", "(01) GTIN '0950110153000' is not 14 digits", "set the unit aside"),
        (f"01{GTIN[:-2]}X321A", "is not 14 digits", "set the unit aside"),
        ("]d1SN1", "']d1' is not the sign of a GS1 code", "GS1 DataMatrix on the unit's label"),
        ("]", "']' is not the sign of a GS1 code", "GS1 DataMatrix on the unit's label"),
        ("SN\t1", r"it holds the control characters '\t'", "scanner's setup"),
        ("SN1\n\n", r"it holds the control characters '\n'", "scanner's setup"),
        ("SN\u200b1", r"'\u200b'", "scanner's setup"),
        ("\x00", r"'\x00'", "scanner's setup"),
        ("SN\u0421", r"scanned 'SN\u0421'", "set the unit aside"),
        ("]d201" + "\u0661" * 14 + "21A", "is not 14 digits", "set the unit aside"),
        ("x" * 5000, "has 5000 characters", "set the unit aside"),
    ],
)  # fmt: skip
@pytest.mark.hazard("SN-07", "SN-08", "SN-09")
def test_what_is_wrong_is_refused_with_what_was_scanned_and_what_to_do(text: str, wrong: str, remedy: str) -> None:
    said = refusal(text)

    assert said.startswith("scanned '")
    assert wrong in said
    assert remedy in said
    assert len(said) < 500


@pytest.mark.parametrize("order", list(permutations(MOST)), ids="".join)
@pytest.mark.hazard("SN-09")
def test_a_swallowed_gs_is_found_where_the_labels_are_known_to_carry_every_element(order: tuple[str, ...]) -> None:
    text = say({ai: MOST[ai] for ai in order})

    with pytest.raises(ScanError):
        parse_scan(text.replace(GS, ""), gtin=GTIN, required=("10", "11"))
    assert "SN-0042" == parse_scan(text, gtin=GTIN, required=("10", "11")).serial


def test_a_swallowed_gs_cannot_be_proven_where_an_element_may_be_absent() -> None:
    assert "SN-004210L-7" == parse_scan(f"]d201{GTIN}21SN-004210L-7").serial
    assert "it has no (10) lot" in refusal(f"]d201{GTIN}21SN-004210L-7", required=("10",))


@given(scans(), st.sampled_from([*PREFIXES, ""]), st.sampled_from([GS, "|", "~"]))
def test_reading_inverts_saying(said: tuple[Scan, dict[str, str]], prefix: str, gs: str) -> None:
    scan, elements = said
    text = say(elements, prefix=prefix or ("]d2" if next(iter(elements)) != "01" else ""), gs=gs)

    assert Scan(scan.gtin, scan.serial, scan.lot, scan.date, text) == parse_scan(text, replacement="" if gs == GS else gs)


@given(scans())
def test_reading_inverts_speaking_unless_a_word_holds_what_looks_like_an_element(said: tuple[Scan, dict[str, str]]) -> None:
    scan, elements = said
    elements = {ai: value.replace("(", "<") for ai, value in elements.items()}

    assert scan.serial.replace("(", "<") == parse_scan(speak(elements)).serial


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@pytest.mark.hazard("SN-01", "LF-08")
def test_whatever_is_scanned_is_read_or_refused_and_never_gives_a_serial_that_is_none(text: str) -> None:
    with suppress(ScanError):
        scan = parse_scan(text, replacement="|")
        assert serial_fault(scan.serial) is None
        assert scan.gtin is None or scan.gtin[-1] == check_digit(scan.gtin[:-1])


@given(GTINS, st.integers(0, 13), st.integers(1, 9), st.sampled_from([say, speak]))
@pytest.mark.hazard("SN-08")
def test_one_changed_digit_of_a_gtin_is_always_found(
    gtin: str, place: int, change: int, write: Callable[[dict[str, str]], str]
) -> None:
    wrong = gtin[:place] + str((int(gtin[place]) + change) % 10) + gtin[place + 1 :]

    assert "check digit" in refusal(write({"01": wrong, "21": "SN1"}), gtin=None)


@given(st.integers(0, len(LABEL) - 1))
def test_a_label_that_lost_one_character_is_refused_or_keeps_its_gtin(place: int) -> None:
    with suppress(ScanError):
        assert GTIN == parse_scan(LABEL[:place] + LABEL[place + 1 :], gtin=GTIN).gtin


@pytest.mark.parametrize(("digits", "check"), [("0950110153000", "3"), ("0401234567890", "1"), ("0000000000000", "0")])
def test_check_digits_of_known_numbers(digits: str, check: str) -> None:
    assert check == check_digit(digits)
