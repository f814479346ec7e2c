"""A limit file is read strictly: what is refused, where, and how it is put right; and what its digest covers."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.document import SMALL
from station.core.limit import Kind, Rule, Sides
from station.core.limit_file import parse
from station.core.problems import LimitsError

HOME = Path(__file__).parents[2]
HEAD = """[limits]
product = "MC-100"
revision = "A"
effective = 2026-11-22
status = "released"

"""
ROW = 'title = "Peak", unit = "uA", nominal = 400, low = 368, high = 432, u_max = 1, method = "DMM"'
TIME = 'title = "Shut-off", unit = "s", nominal = 1170, low = 1140, high = 1200, u_max = 0.1, method = "timer"'
COUNT = 'title = "Pulses", kind = "count", unit = "pulses", low = 0, high = 0, method = "fixture"'
TEXT = 'title = "Firmware", kind = "text", expect = "1.4.2", method = "UART"'
FLAG = 'title = "Boot", kind = "flag", expect = true, method = "UART"'


def rows(*lines: str) -> str:
    """Return a limit file whose rows stand in the lines from 8 on."""
    return HEAD + "\n".join(("[rows]", *lines)) + "\n"


def row(row_id: str = "CUR.310", text: str = ROW, **changes: str) -> str:
    """Return one inline row; `changes` replaces or, when the value is empty, leaves out keys."""
    items = dict(item.split(" = ", 1) for item in text.split(", "))
    items |= changes
    return f'"{row_id}" = {{ {", ".join(f"{key} = {value}" for key, value in items.items() if value)} }}'


UNSIGNED = '[[approval]]\nname = "E"\nrole = "quality"\ndate = 2026-11-22\n'
STRANGE = ["", "[", '"', "nan", "-", "\x00", "[[", "}", "1e999", "true", "\n", "=", "'''", "9" * 50]


@dataclass(frozen=True)
class Bad:
    """A text that must be refused, and what the message must say."""

    name: str
    text: str | bytes
    line: int
    key: str
    what: str
    remedy: str


def bad_row(name: str, line: str, key: str, what: str, remedy: str) -> Bad:
    """Return a file whose second row is wrong."""
    return Bad(name, rows(row("CUR.110"), line), 9, f"rows.CUR.310{key}", what, remedy)


CORPUS = [
    bad_row("low left out", row(low=""), ".low", "is left out", 'low = "none"'),
    bad_row("high left out", row(high=""), ".high", "is left out", 'high = "none"'),
    bad_row("no bound at all", row(low='"none"', high='"none"'), ".high", "is none, and so is low", "at least one bound"),
    bad_row(
        "no bound but a range", row(low='"none"', high='"none"', range="5"), ".high", "is none, and so is low", "at least one"
    ),
    bad_row("low above high", row(low="433", nominal=""), ".low", "is above high", "Swap or correct"),
    bad_row("low above nominal", row(nominal="300"), ".nominal", "is outside low … high", "Correct the nominal"),
    bad_row("nominal above high", row(nominal="433"), ".nominal", "is outside low … high", "Correct the nominal"),
    bad_row("guard bands cross", row(u_max="17", safety='"both"'), ".u_max", "makes the guard bands cross", "Measure better"),
    bad_row("unknown unit", row(unit='"parsec"'), ".unit", "'parsec' is not a unit we know", "Use one of: nA, uA"),
    bad_row("no unit", row(unit=""), ".unit", "is missing", "Give a text in quotes"),
    bad_row("unknown key", row(lwo="1"), ".lwo", "is not a key of this table", "correct its spelling; known are:"),
    bad_row("no title", row(title=""), ".title", "is missing", "Give a text in quotes"),
    bad_row("empty title", row(title='" "'), ".title", "is empty", "Give a text in quotes"),
    bad_row("no u_max", row(u_max=""), ".u_max", "is missing", "the largest standard uncertainty"),
    bad_row("u_max of zero", row(u_max="0"), ".u_max", "is not above 0", "the largest standard uncertainty"),
    bad_row("wrong kind", row(kind='"amount"'), ".kind", "is 'amount'", "Give one of number, count, text, flag"),
    bad_row("a number in quotes", row(high='"432"'), ".high", "is '432'", "Give a number"),
    bad_row("true for a number", row(high="true"), ".high", "is True", "Give a number"),
    bad_row("infinity", row(high="inf"), ".high", "is inf", "Give a number"),
    bad_row("not a number", row(low="nan"), ".low", "is nan", "Give a number"),
    bad_row("overflow of a float", row(high="1e999"), ".high", "is inf", "Give a number"),
    bad_row(
        "overflow in SI", row(unit='"MHz"', high="1e308"), ".high", "is too large", "Give a number that can be computed with"
    ),
    bad_row("a whole number of 400 digits", row(high="9" * 400), ".high", "is 9999", "Give a number"),
    bad_row(
        "a hexadecimal of 5000 digits", row(high="0x" + "f" * 5000), ".high", "is something too large to show", "Give a number"
    ),
    bad_row("range too small", row(range="431"), ".range", "cannot hold the bounds", "at least as large"),
    bad_row("a simple safety row", row(safety='"high"', rule='"simple"'), ".rule", "is simple on a safety row", "Leave it out"),
    bad_row("a safety row guarded too little", row(safety='"high"', r="0.9"), ".rule", "guards less", "Leave r and sides out"),
    bad_row(
        "a safety row guarded on the other side", row(safety='"high"', sides='"low"'), ".rule", "guards less", "or guard more"
    ),
    bad_row("r without a rule", row(r="1"), ".r", "belongs to a guarded rule", "Remove r"),
    bad_row("r too large", row(rule='"guarded"', r="4"), ".r", "is 4", "Give a number between 0 and 3"),
    bad_row(
        "guarding a bound that is none", row(low='"none"', rule='"guarded"'), ".sides", "guards a bound that is none", "Name only"
    ),
    bad_row(
        "safety on a side without bound", row(safety='"both"', low='"none"'), ".sides", "guards a bound that is none", "Name only"
    ),
    bad_row(
        "a count without its safety bound",
        row(text=COUNT, high='"none"', safety='"high"'),
        ".high",
        "is none on a safety side",
        "protects the user",
    ),
    bad_row("a guarded count", row(text=COUNT, rule='"guarded"'), ".rule", "cannot be guarded on a count", "Leave rule out"),
    bad_row("a count with a fraction", row(text=COUNT, high="0.5"), ".low", "is not a whole number", "Give whole numbers"),
    bad_row("a count with u_max", row(text=COUNT, u_max="1"), ".u_max", "is not a key of this table", "Remove it"),
    bad_row("a text with a bound", row(text=TEXT, high="1"), ".high", "is not a key of this table", "Remove it"),
    bad_row("a text without expect", row(text=TEXT, expect=""), ".expect", "is missing", "Give a text"),
    bad_row("a flag that expects a text", row(text=FLAG, expect='"true"'), ".expect", "is 'true'", "Give true or false"),
    bad_row("a row that is no table", '"CUR.310" = 5', "", "is 5", "Give a table [rows.CUR.310]"),
    Bad(
        "a shut-off above 1200 s",
        rows(row("TIM.010", TIME, high="1200.1")),
        8,
        "rows.TIM.010.high",
        "more than 1200 s",
        "at most 1200 s",
    ),
    Bad(
        "a shut-off above 1200 s in ms",
        rows(row("TIM.010", TIME, unit='"ms"', high="1200000.1")),
        8,
        "rows.TIM.010.high",
        "more than 1200 s",
        "20 minutes",
    ),
    Bad(
        "a counted shut-off above 1200 s",
        rows(row("ID.030", COUNT, unit='"s"', high="1201")),
        8,
        "rows.ID.030.high",
        "more than 1200 s",
        "at most",
    ),
    Bad(
        "a shut-off without high",
        rows(row("TIM.010", TIME, high='"none"')),
        8,
        "rows.TIM.010.high",
        "is none for a shut-off time",
        "at most 1200 s",
    ),
    Bad("a row id that is none", rows(row("cur.31")), 8, "rows.cur.31", "'cur.31' is not a row id", "like CUR.310"),
    Bad("a row id twice", rows(row(), row()), 9, "", "is not valid TOML", "a key may stand only once"),
    Bad("no rows", HEAD + "[rows]\n", 7, "rows", "holds no row", "Add a row"),
    Bad("rows left out", HEAD, 1, "rows", "is missing", "Give a table [rows]"),
    Bad("an unknown table", rows(row()) + "[extra]\n", 9, "extra", "is not a key of this table", "Remove it"),
    Bad("an unknown key at the top", "x = 1\n" + rows(row()), 1, "x", "is not a key of this table", "Remove it"),
    Bad(
        "a date in quotes",
        rows(row()).replace("2026-11-22", '"2026-11-22"'),
        4,
        "limits.effective",
        "is '2026-11-22'",
        "without quotes",
    ),
    Bad(
        "a date with a time",
        rows(row()).replace("2026-11-22", "2026-11-22T08:00:00"),
        4,
        "limits.effective",
        "a date with a time",
        "like 2026-11-22",
    ),
    Bad(
        "a date that is none", rows(row()).replace("2026-11-22", "2026-02-30"), 4, "", "2026-02-30 is no date", "Give a date like"
    ),
    Bad(
        "an unknown status",
        rows(row()).replace("released", "ready"),
        5,
        "limits.status",
        "is 'ready'",
        "Give one of draft, review",
    ),
    Bad(
        "one approval that is no list",
        rows(row()) + '[approval]\nname = "x"\n',
        9,
        "approval",
        "is {'name': 'x'}",
        "Give tables [[approval]]",
    ),
    Bad(
        "approvals that are no tables", 'approval = ["x"]\n' + rows(row()), 1, "approval", "is ['x']", "Give tables [[approval]]"
    ),
    Bad("an approval without digest", rows(row()) + UNSIGNED, 9, "approval.0.digest", "is missing", "Give a text"),
    Bad("a byte order mark", b"\xef\xbb\xbf" + rows(row()).encode(), 1, "", "begins with a byte order mark", "without BOM"),
    Bad("UTF-16", rows(row()).encode("utf-16"), 1, "", "is not UTF-8 text", "Save the file as UTF-8"),
    Bad("Latin-1", rows(row(condition='"2 kµ"')).encode("latin-1"), 8, "", "is not UTF-8 text", "Save the file as UTF-8"),
    Bad("binary", b"\x00\x01\x02", 1, "", "is not valid TOML", "Correct this line"),
    Bad("too large", b"#" * 1_000_001, 1, "", "is larger than 1,000,000 characters", "Split it"),
    Bad("nested deeply", "x = " + "[" * 50_000, 1, "", "is nested too deeply", "Flatten it"),
    Bad(
        "dotted deeply",
        rows(row()).replace("revision = ", "revision" + ".a" * 3_000 + " = "),
        3,
        "limits.revision",
        "is something too large to show",
        "Give a text",
    ),
    Bad("a number of 5000 digits", rows(row(high="9" * 5000)), 9, "", "is not valid TOML", "Correct this line"),
    Bad("cut off", rows(row())[:-20], 8, "", "is not valid TOML", "Correct this line"),
    Bad("empty", "", 1, "limits", "is missing", "Give a table [limits]"),
]


@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.name)
@pytest.mark.hazard("LF-03", "LF-04", "LF-05", "LF-06")
def test_a_file_that_is_wrong_is_refused_with_file_line_key_and_remedy(bad: Bad) -> None:
    with pytest.raises(LimitsError) as refusal:
        parse(bad.text, "limits/bad.toml")

    found = [one for one in refusal.value.problems if one.key == bad.key and bad.what in one.what]
    assert found, f"no such problem in: {refusal.value}"
    assert bad.line == found[0].line
    assert bad.remedy in found[0].remedy
    assert f"limits/bad.toml:{bad.line}: " in str(refusal.value)


@pytest.mark.parametrize("bad", CORPUS, ids=lambda bad: bad.name)
def test_a_message_stays_short_however_wrong_the_file(bad: Bad) -> None:
    with pytest.raises(LimitsError) as refusal:
        parse(bad.text, "limits/bad.toml")

    assert max(map(len, str(refusal.value).splitlines())) < 400


def test_one_look_shows_all_that_is_wrong_in_the_order_of_lines() -> None:
    text = rows(row("CUR.110", high=""), row("CUR.111", unit='"x"'), row("CUR.112", u_max="0"))

    with pytest.raises(LimitsError) as refusal:
        parse(text.replace("released", "ready"), "f")

    assert [5, 8, 9, 10] == [problem.line for problem in refusal.value.problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_alike_whatever_ends_them_and_whatever_else_stands_in_them(end: str) -> None:
    text = "# a\u2028b\x85c\n" + rows(row("CUR.110"), "", "# comment", row(high=""))

    with pytest.raises(LimitsError) as refusal:
        parse(text.replace("\n", end), "f")

    assert [12] == [problem.line for problem in refusal.value.problems]


@pytest.mark.parametrize("header", ['[rows."CUR.310"]', "[ rows . 'CUR.310' ]  # the row", '  [rows."CUR.310"]'])
def test_a_row_may_be_a_table_of_its_own_and_its_problems_stand_in_their_own_lines(header: str) -> None:
    text = f'{HEAD}{header}\ntitle = "Peak"\nunit = "uA"\nlow = 368\nhigh = true\nu_max = 1\nmethod = "DMM"\nlwo = 1\n'

    with pytest.raises(LimitsError) as refusal:
        parse(text, "f")

    assert [(11, "rows.CUR.310.high"), (14, "rows.CUR.310.lwo")] == [(one.line, one.key) for one in refusal.value.problems]


def test_a_row_written_with_points_is_found_in_its_line() -> None:
    text = rows(row("CUR.110")) + '"CUR.310".title = "x"\n"CUR.310".high = true\n'

    with pytest.raises(LimitsError) as refusal:
        parse(text, "f")

    assert (10, "rows.CUR.310.high") in [(one.line, one.key) for one in refusal.value.problems]


def test_windows_line_ends_change_nothing() -> None:
    text = rows(row(), row("TIM.010", TIME))

    assert parse(text, "f").digest == parse(text.replace("\n", "\r\n").encode(), "f").digest


def test_every_value_is_read_in_si() -> None:
    limit = parse(rows(row(range="1000", condition='"2 kΩ"')), "f").limits["CUR.310"]

    assert (4e-4, 3.68e-4, 4.32e-4, 1e-6, 1e-3) == (limit.nominal, limit.low, limit.high, limit.u_max, limit.range)
    assert ("Peak", Kind.NUMBER, "uA", "DMM", "2 kΩ") == (
        limit.title,
        limit.kind,
        limit.unit.symbol,
        limit.method,
        limit.condition,
    )
    assert (Rule(), Sides.NONE, None) == (limit.rule, limit.safety, limit.expect)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, Rule()),
        ({"rule": '"simple"'}, Rule()),
        ({"safety": '"high"'}, Rule("guarded", 1.0, Sides.HIGH)),
        ({"safety": '"both"', "rule": '"guarded"'}, Rule("guarded", 1.0, Sides.BOTH)),
        ({"safety": '"low"', "r": "2", "sides": '"both"'}, Rule("guarded", 2.0, Sides.BOTH)),
        ({"rule": '"guarded"', "sides": '"low"', "r": "0.5"}, Rule("guarded", 0.5, Sides.LOW)),
    ],
)
def test_a_safety_row_is_guarded_and_others_when_they_say_so(changes: dict[str, str], rule: Rule) -> None:
    assert rule == parse(rows(row(**changes)), "f").limits["CUR.310"].rule


@pytest.mark.parametrize(
    ("text", "kind", "expect"), [(COUNT, Kind.COUNT, None), (TEXT, Kind.TEXT, "1.4.2"), (FLAG, Kind.FLAG, True)]
)
def test_every_kind_of_row_can_be_a_safety_row(text: str, kind: Kind, expect: str | bool | None) -> None:
    limit = parse(rows(row(text=text, safety='"both"')), "f").limits["CUR.310"]

    assert (kind, expect, True) == (limit.kind, limit.expect, limit.is_safety)


@pytest.mark.hazard("LF-03")
def test_one_sided_is_said() -> None:
    limit = parse(rows(row(low='"none"', safety='"high"')), "f").limits["CUR.310"]

    low, high = limit.acceptance
    assert low is None
    assert 4.3e-4 == pytest.approx(high)


@pytest.mark.hazard("LF-04")
def test_1200_s_itself_is_allowed() -> None:
    assert 1200.0 == parse(rows(row("TIM.010", TIME)), "f").limits["TIM.010"].high


def test_the_digest_is_of_the_content_and_not_of_the_layout() -> None:
    inline = rows(row(), row("TIM.010", TIME))
    spread = (
        '# rows first\n[rows."TIM.010"]\n' + "\n".join(TIME.split(", ")[::-1]) + '\n\n[rows]\n"CUR.310" = { '
        + ", ".join(ROW.split(", ")[::-1]).replace("400", "400.000") + " } # a comment\n" + HEAD
    )  # fmt: skip

    assert parse(inline, "f").digest == parse(spread, "another name").digest


@pytest.mark.parametrize(
    "changes",
    [
        {"title": '"Peaks"'},
        {"unit": '"mA"'},
        {"nominal": "401"},
        {"nominal": ""},
        {"low": "369"},
        {"low": '"none"'},
        {"high": "431.9999"},
        {"u_max": "0.9"},
        {"range": "1000"},
        {"method": '"DMM2"'},
        {"condition": '"2 kΩ"'},
        {"safety": '"high"'},
        {"rule": '"guarded"'},
        {"rule": '"guarded"', "r": "0.5"},
        {"rule": '"guarded"', "sides": '"low"'},
    ],
    ids=str,
)
@pytest.mark.hazard("LF-02")
def test_the_digest_changes_with_every_value_of_a_row(changes: dict[str, str]) -> None:
    assert parse(rows(row()), "f").digest != parse(rows(row(**changes)), "f").digest


def test_digests_of_different_values_all_differ() -> None:
    texts = [
        rows(row()), rows(row("CUR.311")), rows(row(), row("CUR.311")), rows(row()).replace('"A"', '"B"'),
        rows(row()).replace("MC-100", "MC-200"), rows(row()).replace("2026-11-22", "2026-11-23"),
        rows(row(text=FLAG)), rows(row(text=FLAG, safety='"both"')),
        rows(row(text=FLAG, expect="false")), rows(row(text=TEXT)), rows(row(text=TEXT, expect='"1.4.3"')),
        rows(row(text=COUNT)), rows(row(text=COUNT, high="1")),
    ]  # fmt: skip

    assert len(texts) == len({parse(text, "f").digest for text in texts})


def test_status_and_approvals_are_not_part_of_what_is_approved() -> None:
    draft = parse(rows(row()).replace("released", "draft"), "f")

    assert parse(approved(draft.digest), "f").digest == draft.digest


def approved(digest: str, role: str = "quality", status: str = "released") -> str:
    approval = f'\n[[approval]]\nname = "Eva"\nrole = "{role}"\ndate = 2026-11-22\ndigest = "{digest}"\n'
    return rows(row()).replace("released", status) + approval


def test_a_set_is_released_when_quality_approved_exactly_this_content() -> None:
    digest = parse(rows(row()), "f").digest

    limits = parse(approved(digest), "f")

    assert limits.unreleased is None
    assert ("Eva", "quality", date(2026, 11, 22), digest) == (
        limits.approvals[0].name, limits.approvals[0].role, limits.approvals[0].day, limits.approvals[0].digest
    )  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "review", "retired"])
@pytest.mark.hazard("LF-01")
def test_a_set_of_another_status_is_not_released_whoever_approved_it(status: str) -> None:
    digest = parse(rows(row()), "f").digest

    assert f"its status is {status}" == parse(approved(digest, status=status), "f").unreleased


@pytest.mark.hazard("LF-01")
def test_an_approval_by_somebody_else_releases_nothing() -> None:
    digest = parse(rows(row()), "f").digest

    assert "nobody of quality has approved it" == parse(approved(digest, role="operator"), "f").unreleased
    assert "nobody of quality has approved it" == parse(rows(row()), "f").unreleased


@pytest.mark.hazard("LF-02")
def test_a_file_changed_after_its_approval_is_not_released() -> None:
    digest = parse(rows(row()), "f").digest

    limits = parse(approved(digest).replace("432", "433"), "f")

    assert f"it was changed after its approval: the content now is {limits.digest}" == limits.unreleased


def test_the_limits_cannot_be_changed() -> None:
    limits = parse(rows(row()), "f").limits

    with pytest.raises(TypeError):
        limits["CUR.310"] = limits["CUR.310"]  # type: ignore[index]  # which is the point


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(LimitsError):
        parse(text, "f")


@settings(max_examples=200)
@given(st.data())
def test_a_file_with_something_strange_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    text = rows(row(), row("TIM.010", TIME), row("TIM.040", COUNT), row("ID.020", TEXT))
    place = data.draw(st.integers(0, len(text)))
    strange = data.draw(st.sampled_from(STRANGE))
    cut = data.draw(st.integers(0, 12))

    with suppress(LimitsError):
        limits = parse(text[:place] + strange + text[place + cut :], "f").limits.values()
        assert all(limit.high is None or limit.unit.si != "s" or limit.high <= 1200.0 for limit in limits)


def test_every_limit_file_of_the_repository_parses() -> None:
    files = sorted((HOME / "limits").glob("*.toml"))

    parsed = [parse(file.read_bytes(), file.name) for file in files]

    assert parsed
    assert all(limits.limits for limits in parsed)


def test_a_file_that_is_read_again_is_named_as_it_is_called_then() -> None:
    again = [parse(rows(row()), file) for file in ("a", "b", "a")]

    assert ["a", "b", "a"] == [limits.file for limits in again]
    assert 1 == len({limits.digest for limits in again})
    assert parse(rows(row()) + "#" + SMALL * "x", "a").limits == again[0].limits
