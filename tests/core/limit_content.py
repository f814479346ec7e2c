"""Draw the content of limit files, and write it in any layout that means the same."""

import json
from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from station.core.units import UNITS

Row = dict[str, object]
Content = dict[str, dict[str, object]]

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(str.strip),
    st.sampled_from(
        ["=SUM(A1)", "'quoted'", "+1", "-", "@x", "1.4.2 8F3A", "01.40", "MAR1", "SEP 2", "3/4", "1E5", "TRUE", "none", "#REF!",
         "a;b", "a,b", 'say "µA"', "two\nlines", "tab\there", " blank ", "\u00a0x", "sep=;", "limits,id", "2026-11-22", "Ω"]
    ),
)  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def amounts(low: float, high: float) -> st.SearchStrategy[float]:
    """Return whole, short and long numbers between `low` and `high`."""
    short = st.decimals(low, high, places=3, allow_nan=False).map(float)
    return st.one_of(st.integers(round(low), round(high)), short, st.floats(low, high))


@st.composite
def numbers(draw: st.DrawFn) -> Row:
    """Draw a row of numbers, one-sided or not, guarded or not."""
    symbol = draw(st.sampled_from([name for name, unit in UNITS.items() if unit.si != "s"]))
    low, high = sorted((draw(amounts(-900, 900)), draw(amounts(901, 3000))))
    u_max = draw(amounts(1, 9)) / 100
    row: Row = {"title": draw(TEXTS), "unit": symbol, "low": low, "high": high, "u_max": u_max, "method": draw(TEXTS)}
    side = draw(st.sampled_from(["both", "low", "high"]))
    if side != "both":
        row["high" if side == "low" else "low"] = "none"
    row |= draw(st.sampled_from([{}, {"rule": "guarded", "sides": side, "r": 0.5}, {"safety": side}, {"rule": "simple"}]))
    return row | draw(st.fixed_dictionaries({}, optional={"condition": TEXTS, "range": st.just(4000)}))


@st.composite
def exact(draw: st.DrawFn) -> Row:
    """Draw a row of texts, of flags or of counts."""
    what: Row = draw(
        st.one_of(
            TEXTS.map(lambda text: {"kind": "text", "expect": text}),
            st.booleans().map(lambda flag: {"kind": "flag", "expect": flag}),
            st.integers(0, 10**15).map(lambda most: {"kind": "count", "unit": "pulses", "low": 0, "high": most}),
        )
    )
    return {"title": draw(TEXTS), "method": draw(TEXTS), **what, "safety": draw(st.sampled_from(["none", "both"]))}


IDS = st.from_regex(r"[A-Z][A-Z0-9]{1,5}\.[0-9]{3}", fullmatch=True)
HEADS: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {"product": TEXTS, "revision": TEXTS, "effective": DAYS}, optional={"author": TEXTS}
)
CONTENTS: st.SearchStrategy[Content] = st.builds(
    lambda head, rows: {"limits": head, "rows": rows},
    HEADS,
    st.dictionaries(IDS, st.one_of(numbers(), exact()), min_size=1, max_size=5),
)


def value(content: object, draw: st.DrawFn | None = None) -> str:
    """Return a value as TOML; with `draw`, in one of the spellings that mean the same."""
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, str):
        return json.dumps(content, ensure_ascii=draw is not None and draw(st.booleans()) and content.isascii())
    assert isinstance(content, int | float)
    spellings = [repr(content), *([f"{content}.0", f"{content:+d}", f"{float(content)!r}"] if isinstance(content, int) else [])]
    return spellings[0] if draw is None or abs(content) > 2**53 else draw(st.sampled_from(spellings))


def plainly(content: Content, status: str = "draft") -> str:
    """Return `content` as a limit file, one row a line."""
    head = "".join(f"{key} = {value(one)}\n" for key, one in content["limits"].items())
    rows = "".join(f"{value(row_id)} = {{ {_inside(row)} }}\n" for row_id, row in content["rows"].items())
    return f'[limits]\nstatus = "{status}"\n{head}\n[rows]\n{rows}'


def _inside(row: object) -> str:
    assert isinstance(row, Mapping)
    return ", ".join(f"{key} = {value(one)}" for key, one in row.items())


@st.composite
def spread_out(draw: st.DrawFn, content: Content) -> str:
    """Draw another layout of `content`: any order of tables, rows and keys, comments, blank lines, other spellings."""
    parts = [_table("limits", {**content["limits"], "status": draw(st.sampled_from(["draft", "review"]))}, draw)]
    for row_id, row in content["rows"].items():
        assert isinstance(row, dict)
        parts.append(_table(f"rows.{value(row_id)}", row, draw))
    return "# a comment\n" + "\n".join(draw(st.permutations(parts)))


def _table(name: str, items: Mapping[str, object], draw: st.DrawFn) -> str:
    keys = draw(st.permutations(list(items)))
    ends = [draw(st.sampled_from(["\n", "  # why\n", "\n\n", "\r\n"])) for _ in keys]
    return f"[{name}]\n" + "".join(f"{key}\t= {value(items[key], draw)}{end}" for key, end in zip(keys, ends, strict=True))
