"""What differs between two limit files is said in words and numbers, and nothing that protects the user is passed over."""

import pytest

from station.core.limit_file import LimitSet, parse
from station.quality.limit_diff import Change, Effect, compare

HEAD = '[limits]\nproduct = "MC-100"\nrevision = "A"\neffective = 2026-11-22\nstatus = "draft"\n[rows]\n'
PEAK = {"title": '"Peak"', "unit": '"uA"', "low": "368", "high": "432", "u_max": "0.4", "method": '"DMM"'}
SAFE = PEAK | {"safety": '"high"'}
COUNT = {"title": '"Pulses"', "kind": '"count"', "unit": '"pulses"', "low": "0", "high": "0", "method": '"m"', "safety": '"both"'}
LOOSER = "CUR.310 IS A SAFETY ROW AND ITS ACCEPTED HIGH WAS 431.2 µA AND IS 432 µA"
TEXT = {"title": '"Firmware"', "kind": '"text"', "expect": '"1.4"', "method": '"UART"', "safety": '"both"'}


def limits(head: str = HEAD, **rows: dict[str, str]) -> LimitSet:
    lines = [
        f'"{name}.310" = {{ {", ".join(f"{key} = {one}" for key, one in row.items() if one)} }}' for name, row in rows.items()
    ]
    return parse(head + "\n".join(lines) + "\n", "f")


def changes(old: dict[str, str], **new: str) -> dict[str, Change]:
    return {change.key: change for change in compare(limits(CUR=old), limits(CUR=old | new)).changed}


def test_another_layout_is_the_same_content() -> None:
    found = compare(
        limits(CUR=PEAK), limits(HEAD.replace("draft", "released"), CUR=dict(reversed(PEAK.items())) | {"low": "368.0"})
    )

    assert found.same
    assert ((), (), ()) == (found.added, found.removed, found.changed)
    assert [("status", "draft", "released")] == [(change.key, change.old, change.new) for change in found.head]


def test_rows_added_and_removed_are_named() -> None:
    found = compare(limits(CUR=PEAK, WAV=PEAK), limits(CUR=PEAK, LEK=PEAK))

    assert (["LEK.310"], ["WAV.310"]) == ([row.id for row in found.added], [row.id for row in found.removed])
    assert not found.same


@pytest.mark.parametrize(
    ("key", "value", "effect", "percent", "in_u"),
    [
        ("high", "430", Effect.TIGHTENED, 3.125, 5.0),
        ("high", "433.6", Effect.LOOSENED, 2.5, 4.0),
        ("low", "370", Effect.TIGHTENED, 3.125, 5.0),
        ("low", "366", Effect.LOOSENED, 3.125, 5.0),
        ("high", '"none"', Effect.LOOSENED, None, None),
    ],
)
def test_a_moved_bound_is_tightened_or_loosened_in_percent_of_the_tolerance_and_in_u_max(
    key: str, value: str, effect: Effect, percent: float | None, in_u: float | None
) -> None:
    found = changes(PEAK, **{key: value})[key]

    assert effect is found.effect
    assert pytest.approx(percent) == found.percent
    assert pytest.approx(in_u) == found.in_u


def test_a_bound_given_where_there_was_none_tightens() -> None:
    found = compare(limits(CUR=PEAK | {"low": '"none"'}), limits(CUR=PEAK)).changed

    assert [Change("CUR.310", "low", "none", "368 µA", Effect.TIGHTENED)] == list(found)


def test_a_one_sided_bound_moves_in_percent_of_itself() -> None:
    found = changes(PEAK | {"low": '"none"'}, high="453.6")["high"]

    assert 5.0 == pytest.approx(found.percent)


def test_a_smaller_u_max_widens_what_a_guarded_row_accepts() -> None:
    found = changes(SAFE, u_max="0.2")

    assert ("0.4 µA", "0.2 µA", Effect.CHANGED, 50.0, None) == _all(found["u_max"])
    accepted = found["accepted high"]
    assert ("431.2 µA", "431.6 µA", Effect.LOOSENED) == (accepted.old, accepted.new, accepted.effect)
    assert {"u_max", "accepted high"} == set(found)


def _all(change: Change) -> tuple[str, str, Effect, float | None, float | None]:
    return change.old, change.new, change.effect, change.percent, change.in_u


def test_the_same_bounds_in_another_prefix_are_no_change_of_bounds() -> None:
    found = changes(PEAK, unit='"mA"', low="0.368", high="0.432", u_max="0.0004")

    assert [("unit", "uA", "mA")] == [(key, one.old, one.new) for key, one in found.items()]


def test_another_unit_makes_numbers_that_cannot_be_compared() -> None:
    found = changes(PEAK, unit='"uV"')

    assert {"unit", "low", "high", "u_max"} == set(found)
    assert (Effect.CHANGED, None, None) == (found["high"].effect, found["high"].percent, found["high"].in_u)


def test_texts_rules_and_recipes_are_compared_too() -> None:
    found = changes(
        PEAK, title='"Top"', condition='"2 kΩ"', rule='"guarded"', r="0.5", nominal="400", range="500", recipes='["sample"]'
    )

    assert ("nothing", "2 kΩ") == (found["condition"].old, found["condition"].new)
    assert ("simple", "guarded r = 0.5 on both") == (found["rule"].old, found["rule"].new)
    assert ("none", "400 µA") == (found["nominal"].old, found["nominal"].new)
    assert ("all", "sample") == (found["recipes"].old, found["recipes"].new)
    assert Effect.TIGHTENED is found["accepted low"].effect


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SAFE, {"safety": ""}, ["CUR.310 SAFETY WAS HIGH AND IS NONE: A WRONG PASS IS NO LONGER GUARDED AGAINST THERE", LOOSER]),
        (
            SAFE | {"safety": '"both"'},
            {"safety": '"low"'},
            ["CUR.310 SAFETY WAS BOTH AND IS LOW: A WRONG PASS IS NO LONGER", LOOSER],
        ),
        (PEAK, {"safety": '"both"'}, ["CUR.310 SAFETY WAS NONE AND IS BOTH: MORE IS GUARDED"]),
        (SAFE, {"high": "440"}, ["CUR.310 IS A SAFETY ROW AND ITS HIGH WAS 432 µA AND IS 440 µA"]),
        (SAFE, {"u_max": "0.2"}, ["CUR.310 IS A SAFETY ROW AND ITS ACCEPTED HIGH WAS 431.2 µA AND IS 431.6 µA"]),
        (SAFE | {"r": "2"}, {"r": ""}, ["CUR.310 IS A SAFETY ROW AND ITS ACCEPTED HIGH WAS 430.4 µA AND IS 431.2 µA"]),
        (SAFE, {"low": "300"}, []),
        (SAFE, {"high": "430"}, []),
        (PEAK, {"high": "440"}, []),
        (COUNT, {"high": "1"}, ["CUR.310 IS A SAFETY ROW AND ITS HIGH WAS 0 pulses AND IS 1 pulses"]),
        (TEXT, {"expect": '"1.5"'}, ["CUR.310 IS A SAFETY ROW AND ITS EXPECT WAS '1.4' AND IS '1.5'"]),
        (SAFE, {"recipes": '["sample"]'}, ["CUR.310 IS A SAFETY ROW AND ITS RECIPES WAS all AND IS sample"]),
    ],
)
def test_what_touches_the_protection_of_the_user_is_shouted(old: dict[str, str], new: dict[str, str], said: list[str]) -> None:
    found = compare(limits(CUR=old), limits(CUR=old | new)).warnings

    assert len(said) == len(found)
    assert all(one.startswith(words) for one, words in zip(found, said, strict=True))


def test_the_kind_of_a_safety_row_is_shouted_and_its_removal_too() -> None:
    flag = {"title": '"Firmware"', "kind": '"flag"', "expect": "true", "method": '"UART"', "safety": '"both"'}

    assert "KIND" in compare(limits(CUR=TEXT), limits(CUR=flag)).warnings[0]
    assert ("CUR.310 (Peak) WAS A SAFETY ROW AND IS REMOVED",) == compare(limits(CUR=SAFE, WAV=PEAK), limits(WAV=PEAK)).warnings
