"""The page about the store knows every table and every column."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
SCHEMA = (ROOT / "tests" / "golden" / "store" / "schema.sql").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\) STRICT", SCHEMA, re.DOTALL))
PLAIN = {"version", "name", "applied_at"}  # said in words


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_is_in_the_reference(table: str) -> None:
    columns = set(re.findall(r"^    ([a-z]\w*) +(?:BLOB|TEXT|INTEGER|REAL)", TABLES[table], re.MULTILINE))

    assert columns
    assert re.search(rf"\b{table}\b", PAGE)
    own = {f"{table}_id"} if f"{table}_id" in columns else set()
    missing = {one for one in columns - own - PLAIN if not re.search(rf"\b{one}\b", PAGE)}
    assert missing == set()
