"""Write and read the cells of a spreadsheet so that what a spreadsheet does to texts, numbers and dates is undone or noticed."""

import re
from dataclasses import dataclass
from datetime import date

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_LONGEST = 400  # digits and signs of a number; Python reads no whole number of thousands
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[^\W\d_]*"
_DATE = re.compile(
    rf"\d{{1,4}}([-./ ])\d{{1,2}}(?:\1\d{{1,4}})?|\d{{1,2}}[-. ]*{_MONTH}.*|{_MONTH}[-. ]*\d{{1,4}}", re.IGNORECASE
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a cell cannot be understood, and what to do about it."""

    what: str
    remedy: str


def protected(text: str) -> str:
    """Return `text` as a cell that a spreadsheet leaves alone: with ' before what it would take for something else."""
    return f"'{text}" if _tempts(text) else text


def plain(cell: str) -> str | None:
    """Return the text that `cell` holds, without the ' that protects it; None when the cell is empty."""
    if cell.startswith("'"):
        return cell[1:]
    return cell.strip() or None


def text_of(cell: str) -> str | Trouble:
    """Return the text in a cell that is not empty, or what is wrong with it."""
    if cell.lstrip().startswith("="):
        return Trouble(f"is {_shown(cell)}, which a spreadsheet takes for a formula", "Write ' in front of it")
    return plain(cell) or ""


def number_text(value: float, *, comma: bool) -> str:
    """Return a number as a cell, with all its digits, and with a decimal comma where that is wanted."""
    said = str(value) if isinstance(value, int) else repr(value)
    return said.replace(".", ",") if comma else said


def number_of(cell: str, *, comma: bool) -> float | Trouble:
    """Return the number in a cell that is not empty (whole ones as int), or why there is none."""
    said = plain(cell) or ""
    wrong, right = (".", ",") if comma else (",", ".")
    if wrong in said and _NUMBER.fullmatch(said.replace(wrong, right, 1).replace(",", ".")):
        return _wrong_sign(said, comma=comma)
    pointed = said.replace(",", ".") if comma else said
    if len(said) <= _LONGEST and _NUMBER.fullmatch(pointed):
        return int(pointed) if _WHOLE.fullmatch(pointed) else float(pointed)
    return _no_number(said)


def flag_of(cell: str) -> bool | str:
    """Return the truth in a cell; what is neither true nor false is returned as it is, for the reader to refuse."""
    said = plain(cell) or ""
    return _TRUTH.get(said.lower(), said)


def day_of(cell: str) -> date | Trouble:
    """Return the day in a cell; only the spelling that means one day everywhere is taken."""
    said = plain(cell) or ""
    if not _ISO_DAY.fullmatch(said):
        return Trouble(
            f"is {_shown(said)}", "Write the day like 2026-11-22: other spellings mean different days in different countries"
        )
    try:
        return date.fromisoformat(said)
    except ValueError:
        return Trouble(f"is {_shown(said)}, which is no day", "Give a day of the calendar, like 2026-11-22")


def column_name(number: int) -> str:
    """Return the letters above the column `number` (from 0): A, B … Z, AA and so on."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _tempts(text: str) -> bool:
    """Return whether a spreadsheet, or our own reader, would take `text` for a formula, a number, a date, a truth or nothing."""
    looks_else = text[:1] in "=+-@'#" or text[:1].isdigit() or text.lower() in _TRUTH or _DATE.fullmatch(text)
    return text != text.strip() or bool(looks_else)


def _wrong_sign(said: str, *, comma: bool) -> Trouble:
    if comma:
        return Trouble(f"is {_shown(said)}, with a point where the file has decimal commas", "Write a decimal comma")
    remedy = "Write a decimal point, or say --decimal-comma when all numbers of the file have commas"
    return Trouble(f"is {_shown(said)}, with a decimal comma or a comma between thousands", remedy)


def _no_number(said: str) -> Trouble:
    if said.startswith("#"):
        return Trouble(f"is {_shown(said)}, an error of the spreadsheet", "Correct the formula, and save its value")
    if _DATE.fullmatch(said):
        remedy = "Format the column as text, and write the number anew"
        return Trouble(f"is {_shown(said)}, a date: the spreadsheet took a number for one", remedy)
    if said.endswith("%"):
        return Trouble(f"is {_shown(said)}", "Give the number alone: its unit stands in the column unit")
    return Trouble(f"is {_shown(said)}", "Give a number in digits, without blanks or signs between thousands")


def _shown(cell: str) -> str:
    said = repr(cell)
    return said if len(said) <= 40 else said[:37] + "..."
