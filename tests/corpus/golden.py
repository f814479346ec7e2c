"""Keep what is said about every malformed file of the corpus: `python -m tests.corpus.golden` writes it anew."""

from functools import cache

from station.core.limit_file import parse
from station.core.limit_writing import from_sheet
from station.core.problems import LimitsError, Problem
from tests.corpus import limit_sheets
from tests.corpus.limit_files import CASES
from tests.corpus.making import HOME, Case

FILE = HOME / "tests" / "golden" / "corpus" / "limit_files.txt"
SHEETS = FILE.with_name("limit_sheets.txt")
NAME = "limits/case.toml"


@cache  # three tests look at the messages of each file
def problems(case: Case) -> tuple[Problem, ...]:
    """Return what is said about the malformed file of `case`; nothing when it is read."""
    try:
        parse(case.bad, NAME)
    except LimitsError as error:
        return error.problems
    return ()


def told(case: Case) -> str:
    """Return the messages about `case` as they are kept."""
    return f"== {case.name}\n" + "".join(f"{problem}\n" for problem in problems(case))


@cache
def sheet_problems(case: limit_sheets.Case) -> tuple[Problem, ...]:
    """Return what is said about the malformed spreadsheet of `case`; nothing when it is read."""
    try:
        from_sheet(case.bad, "case.csv", comma=case.comma)
    except LimitsError as error:
        return error.problems
    return ()


def sheet_told(case: limit_sheets.Case) -> str:
    """Return the messages about a spreadsheet as they are kept."""
    return f"== {case.name}\n" + "".join(f"{problem}\n" for problem in sheet_problems(case))


if __name__ == "__main__":
    FILE.write_text("\n".join(map(told, CASES)), encoding="utf-8")
    SHEETS.write_text("\n".join(map(sheet_told, limit_sheets.CASES)), encoding="utf-8")
