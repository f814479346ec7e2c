"""Limits travel through a spreadsheet and come back the same, or are refused by line and column."""

import csv
import io
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core import limit_writing
from station.core.limit_file import parse
from station.core.limit_writing import from_sheet, to_file, to_sheet
from station.core.problems import LimitsError
from station.core.sheet_cells import Trouble, column_name, day_of, flag_of, number_of, number_text, plain, protected, text_of
from tests.core.limit_content import CONTENTS, TEXTS, Content, plainly
from tests.corpus.making import RELEASED

HEAD = "limits,product,MC-100\nlimits,revision,A\nlimits,effective,2026-11-22\n"
NAMES = "id,title,unit,low,high,u_max,method"
ROW = "CUR.310,Peak,uA,368,432,0.4,DMM"
SHEET = f"{HEAD}\n{NAMES}\n{ROW}\n"


def problems(sheet: str | bytes, *, comma: bool = False) -> list[str]:
    data = sheet.encode() if isinstance(sheet, str) else sheet
    with pytest.raises(LimitsError) as refusal:
        from_sheet(data, "s.csv", comma=comma)
    return [str(problem) for problem in refusal.value.problems]


def with_cell(column: str, cell: str) -> str:
    names, cells = NAMES.split(","), ROW.split(",")
    cells[names.index(column)] = cell
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return f"{HEAD}\n{NAMES}\n{out.getvalue()}"


@settings(max_examples=120, deadline=None)
@given(CONTENTS, st.booleans())
def test_a_round_trip_keeps_the_digest(content: Content, comma: bool) -> None:
    text = plainly(content).encode()

    limits, written = from_sheet(to_sheet(text, "f", comma=comma), "s.csv", comma=comma)

    digest = parse(text, "f").digest
    assert [digest, digest] == [limits.digest, parse(written, "g").digest]


@settings(max_examples=60, deadline=None)
@given(CONTENTS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\r\n", "\n"]), st.data())
def test_what_a_spreadsheet_does_when_it_saves_changes_nothing(
    content: Content, delimiter: str, end: str, data: st.DataObject
) -> None:
    text = plainly(content).encode()
    cells = list(csv.reader(io.StringIO(to_sheet(text, "f").decode("utf-8-sig"), newline="")))
    wide = max(map(len, cells))
    out = io.StringIO(newline="")
    sparing = csv.writer(out, delimiter=delimiter, lineterminator=end)
    quoting = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer = quoting if data.draw(st.booleans()) else sparing
    for line in cells:
        writer.writerows([line + [""] * (wide - len(line)), [""] * wide][: data.draw(st.integers(1, 2))])
    first = data.draw(st.sampled_from(["", "\ufeff"])) + data.draw(st.sampled_from(["", f"sep={delimiter}{end}"]))

    limits, _ = from_sheet((first + out.getvalue()).encode(), "s.csv")

    assert parse(text, "f").digest == limits.digest


def test_the_released_file_comes_back_the_same_but_as_a_draft_that_nobody_approved() -> None:
    limits, text = from_sheet(to_sheet(RELEASED, "f"), "s.csv")

    assert parse(RELEASED, "f").digest == limits.digest
    assert ("draft", ()) == (limits.status, limits.approvals)
    assert "its status is draft" == parse(text, "g").unreleased
    assert list(parse(RELEASED, "f").limits) == list(limits.limits)


def test_recipes_of_a_row_travel_in_one_cell() -> None:
    text = RELEASED.replace(b'"TIM.010" = {', b'"TIM.010" = { recipes = ["real-time", "sample"],')

    limits, _ = from_sheet(to_sheet(text, "f"), "s.csv")

    assert parse(text, "f").digest == limits.digest
    assert ("real-time", "sample") == limits.limits["TIM.010"].recipes


def test_a_file_that_cannot_be_read_is_not_written_as_a_sheet() -> None:
    with pytest.raises(LimitsError, match="low"):
        to_sheet(RELEASED.replace(b"low = 90,", b""), "f")


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("low", "0,4", "s.csv:6: column D, low of CUR.310: is '0,4', with a decimal comma or a comma between thousands. Write a"),
        ("high", "1,432", "column E, high of CUR.310: is '1,432', with a decimal comma or a comma between thousands"),
        ("high", "1,432.5", "is '1,432.5'. Give a number in digits, without blanks or signs between thousands"),
        ("high", "1 432", "is '1 432'. Give a number in digits"),
        ("high", "432 uA", "is '432 uA'. Give a number in digits"),
        ("low", "", "column D, low of CUR.310: is left out. Give a number, or none when there is no such bound"),
        ("low", "nan", "is 'nan'. Give a number in digits"),
        ("low", "1e999", "column D, low of CUR.310: is inf. Give a number"),
        ("low", "9" * 401, "Give a number in digits"),
        ("low", "٣", "Give a number in digits"),
        ("high", "01. Apr", "is '01. Apr', a date: the spreadsheet took a number for one. Format the column as text"),
        ("high", "4/3/2026", "is '4/3/2026', a date"),
        ("high", "#REF!", "is '#REF!', an error of the spreadsheet. Correct the formula"),
        ("high", "43 %", "is '43 %'. Give the number alone: its unit stands in the column unit"),
        ("u_max", "none", "column F, u_max of CUR.310: is 'none'. Give a number"),
        ("title", "=A1&B1", "column B, title of CUR.310: is '=A1&B1', which a spreadsheet takes for a formula. Write ' in front"),
        ("title", "", "title of CUR.310: is missing. Give a text."),
        ("unit", "µA", "column C, unit of CUR.310: 'µA' is not a unit we know"),
        ("low", "433", "low of CUR.310: is above high. Swap or correct the bounds"),
        ("id", "cur.310", "cur.310: 'cur.310' is not a row id. Write it: capitals, a point and three digits"),
        ("id", "", "s.csv:6: column A: has no id. Give the row its id"),
    ],
)
def test_a_cell_that_is_wrong_is_told_by_line_column_and_remedy(column: str, cell: str, said: str) -> None:
    (problem,) = problems(with_cell(column, cell))

    assert problem.startswith("s.csv:6: ")
    assert said in problem


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (
            SHEET.replace("2026-11-22", "22.11.2026"),
            "s.csv:3: column C, effective of the head: is '22.11.2026'. Write the day like",
        ),
        (SHEET.replace("2026-11-22", "2026-02-30"), "s.csv:3: column C, effective of the head: is '2026-02-30', which is no day"),
        (SHEET.replace("2026-11-22", ""), "s.csv:3: column C, effective of the head: is missing. Give a date like 2026-11-22."),
        (SHEET.replace("limits,revision,A\n", ""), "s.csv:1: revision of the head: is missing. Give a text."),
        (
            SHEET.replace("limits,revision", "limits,product"),
            "s.csv:2: column B: gives product again. Remove one of the two lines",
        ),
        (
            SHEET.replace("limits,revision", "limits,status"),
            "s.csv:2: column B: gives 'status', which is not of the head. Give prod",
        ),
        (SHEET.replace("limits,revision", "limit,revision"), "s.csv:2: begins with 'limit'. Begin with limits, or with id"),
        (SHEET.replace("low,", "lwo,"), "s.csv:5: has no column low. Add what is missing"),
        (SHEET.replace("method", "method,nots"), "s.csv:5: column H: is named 'nots'. Name it one of: id, title"),
        (SHEET.replace("method", "method,low"), "s.csv:5: column H: is named low again. Remove one of the two columns"),
        (SHEET + ROW, "s.csv:7: column A: is CUR.310, which stands in line 6 already. Remove one of the two rows"),
        (SHEET.replace("DMM", "DMM,,stray"), "s.csv:6: column I: stands in a column without a name. Remove it, or name"),
        (f"{HEAD}\n{NAMES}\n", "s.csv:5: holds no row. Add a line for each row below the names"),
        (HEAD, "s.csv:3: has no line of column names. Add one: id, title"),
        ("", "s.csv:1: is no sheet of limits: no line begins with limits or id"),
        (SHEET.replace("Peak", '"Peak'), "s.csv:6: is not valid CSV: unexpected end of data. Correct the quotes"),
        (SHEET.encode("utf-16"), "s.csv:1: is not UTF-8 text. In the spreadsheet choose"),
        (SHEET.replace("Peak", "Peäk").encode("latin-1"), "s.csv:6: is not UTF-8 text"),
        (b"x" * 1_000_001, "s.csv:1: is larger than 1,000,000 bytes"),
    ],
)
def test_a_sheet_that_is_wrong_is_told_by_line_and_remedy(sheet: str | bytes, said: str) -> None:
    found = problems(sheet)

    assert any(said in problem for problem in found), found


def test_all_problems_of_a_sheet_come_at_once_in_the_order_of_its_lines() -> None:
    sheet = SHEET.replace("368", "0,4").replace("2026-11-22", "22/11/26") + "CUR.311,Peak,uB,1,2,0.1,\n"

    assert [3, 6, 7, 7] == [int(problem.split(":")[1]) for problem in problems(sheet)]


def test_a_number_not_understood_is_told_even_where_the_reader_does_not_ask_for_it() -> None:
    sheet = f"{HEAD}\n{NAMES},kind,expect,nominal\nID.010,Boot,,,,,UART,flag,WAHR,\nID.020,Boot,,,,,UART,text,x,1;5\n"

    found = problems(sheet)

    assert ["expect of ID.010: is 'WAHR'. Give true or false" in found[0], "nominal of ID.020: is '1;5'" in found[1]] == [
        True,
        True,
    ]


def test_empty_columns_at_the_side_are_nothing() -> None:
    limits, _ = from_sheet(SHEET.replace("method\n", "method,,\n").encode(), "s.csv")

    assert ["CUR.310"] == list(limits.limits)


def test_decimal_commas_are_understood_when_they_are_said_and_points_are_then_refused() -> None:
    sheet = SHEET.replace(",", ";").replace("0.4", "0,4")

    limits, _ = from_sheet(sheet.encode(), "s.csv", comma=True)

    assert 4e-7 == limits.limits["CUR.310"].u_max
    assert "is '0.4', with a point where the file has decimal commas" in problems(sheet.replace("0,4", "0.4"), comma=True)[0]
    assert "with a decimal comma" in problems(sheet)[0]


def test_a_sheet_whose_content_would_come_back_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit_writing, "to_file", lambda _: RELEASED)

    assert ["s.csv:1: cannot be written as a limit file with the same content. Report this sheet."] == problems(SHEET)


@settings(deadline=None)  # a busy host is no fault
@given(TEXTS)
def test_a_text_comes_back_from_its_cell(text: str) -> None:
    cell = protected(text)

    assert text == text_of(cell)
    assert text == plain(cell)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "'x", "#x", "1.4.2", "007", "TRUE", "false", "MAR1", "sep 2", "Dez. 24", " x"]
)
def test_what_a_spreadsheet_would_take_for_something_else_is_protected(text: str) -> None:
    assert f"'{text}" == protected(text)


@pytest.mark.parametrize(
    "text", ["Peak current L3", "MC-100", "A", "DMM DCV, triggered", "marginal", "decided", "none", "L1, 500 Ω"]
)
def test_what_it_leaves_alone_is_not(text: str) -> None:
    assert text == protected(text)


@settings(deadline=None)  # a busy host is no fault
@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)), st.booleans())
def test_a_number_comes_back_from_its_cell(number: float, comma: bool) -> None:
    found = number_of(number_text(number, comma=comma), comma=comma)

    assert (number, type(number)) == (found, type(found))


@pytest.mark.parametrize(("cell", "number"), [("'0.4", 0.4), (" 5 ", 5), ("+1.5E-3", 0.0015), (".5", 0.5), ("5.", 5.0)])
def test_numbers_are_read_in_every_usual_spelling(cell: str, number: float) -> None:
    assert number == number_of(cell, comma=False)


def test_truths_are_read_in_any_letters_and_other_words_are_left_for_the_reader_to_refuse() -> None:
    assert [True, False, True, "VRAI", ""] == [flag_of(cell) for cell in ("TRUE", "false", "'True", "VRAI", "")]


def test_a_day_is_read_with_and_without_its_protection() -> None:
    assert [date(2026, 11, 22)] * 2 == [day_of("2026-11-22"), day_of("'2026-11-22")]
    assert isinstance(day_of("2026-W01-1"), Trouble)


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"] == [column_name(number) for number in (0, 25, 26, 51, 52, 701, 702)]


def test_a_limit_file_is_written_from_content_of_any_type_it_may_have() -> None:
    head: dict[str, object] = {"effective": date(2026, 1, 1), "product": 'say "µ"\n'}

    text = to_file({"limits": head, "rows": {"A": {"x": True, "n": 1e-05, "l": ["a"]}}, "other": 1})

    found = tomllib.loads(text.decode())
    assert {"limits": head, "rows": {"A": {"x": True, "n": 1e-05, "l": ["a"]}}} == found
