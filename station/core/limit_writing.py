"""Write limits: as a spreadsheet (CSV) that comes back the same, and as a limit file, one row a line."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from datetime import date

from station.core.limit_file import LimitSet, parse, read
from station.core.limit_sheet import COLUMNS, HEAD, Sheet
from station.core.problems import LimitsError, Problem
from station.core.sheet_cells import number_text, protected


def to_sheet(text: bytes, file: str, *, comma: bool = False) -> bytes:
    """Return the limit file `text` as a spreadsheet; with `comma` numbers have decimal commas, and ; parts the cells.

    In UTF-8 with a byte order mark, by which spreadsheets know it. Raises LimitsError when the file cannot be read.
    """
    parse(text, file)
    content = tomllib.loads(text.decode())
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    head = content["limits"]
    writer.writerows(("limits", key, _cell(head[key], comma=comma)) for key in HEAD if key in head)
    writer.writerow(COLUMNS)
    for row_id, row in content["rows"].items():
        writer.writerow([row_id, *(_cell(row[key], comma=comma) if key in row else "" for key in COLUMNS[1:])])
    return out.getvalue().encode("utf-8-sig")


def from_sheet(data: bytes, file: str, *, comma: bool = False) -> tuple[LimitSet, bytes]:
    """Return the limits in the spreadsheet `data`, and the limit file that holds them: a draft that nobody has approved.

    Raises LimitsError with all that is wrong, by line and column of the sheet.
    """
    sheet = Sheet(data, file, comma=comma)
    limits = read(sheet, file)
    text = to_file(sheet.content)
    if parse(text, file).digest != limits.digest:
        raise LimitsError([Problem(file, 1, "", "cannot be written as a limit file with the same content", "Report this sheet")])
    return limits, text


def to_file(content: Mapping[str, object]) -> bytes:
    """Return a limit file with `content` as its reader took it: tables `limits` and `rows`."""
    lines = ["# README.md beside this file says what each key means, and how a limit is changed.", "", "[limits]"]
    lines += [f"{key} = {_value(value)}" for key, value in _table(content, "limits").items()]
    lines += ["", "[rows]"]
    for row_id, row in _table(content, "rows").items():
        inside = ", ".join(f"{key} = {_value(value)}" for key, value in row.items()) if isinstance(row, Mapping) else ""
        lines.append(f"{_value(row_id)} = {{ {inside} }}")
    return ("\n".join(lines) + "\n").encode()


def _table(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = content[key]
    return table if isinstance(table, Mapping) else {}


def _cell(value: object, *, comma: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number_text(value, comma=comma)
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, date):
        return protected(value.isoformat())
    return "none" if value == "none" else protected(str(value))


def _value(value: object) -> str:
    """Return a value as TOML writes it; texts of TOML are texts of JSON as long as no control character is in them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
