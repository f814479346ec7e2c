"""Why a unit failed is told in the language of its report."""

import ast
import tomllib
from pathlib import Path

import pytest

from station import products
from station.certificates.terms import reason, term
from station.products.mc100_interval import said
from station.products.mc100_parts import NO_OUTPUT, unanswered
from tests.certificates.records import HOME, in_language
from tests.core.samples import number

_BOUND = number("TIM.010", low=1140.0, high=1200.0)
_OUTSIDE = "all of which is outside the limits"
_RISEN = "sein Strom stieg über 1,5 µA, während das Ladegerät angeschlossen ist; gezählte Impulse: 3"
REASONS = (
    NO_OUTPUT,
    f"{NO_OUTPUT}, and came back",
    f"{NO_OUTPUT}: it went off 12.5 s after its first pulse",
    f"{NO_OUTPUT}: it went off 12.5 s after its first pulse, and came back",
    "the unit says it is 'SN26-100402', its label says 'SN26-100401'",
    unanswered({"SN": None}, "SN"),
    unanswered({"SN": "ERR 7"}, "SN"),
    "the unit does not obey ACC 60 on its service port, whose loop-back test passed",
    "it now says 1.4.3 8F3A, timer 1170 s: not what it said at first",
    "it gives its output although its probes are not bridged",
    "its current rose above 15 µA although its probes are not bridged; pulses counted: 3",
    "its current rose above 15 µA while the charger is connected; pulses counted: 1",
    f"{said(_BOUND, 1201.25, 1203.5)}, {_OUTSIDE}",
    f"{said(_BOUND, 1201.25, float('inf'))}, {_OUTSIDE}",
    "612 µA flow 0.113 s into its record, 1.53 times its plateau of 399.8 µA",
    "200.0 µA of direct current flow behind its stop key",
    "its negative phase is of 0.0 µA, its positive one of 200.0 µA",
    "its current is 520.0 µA late in its run",
    "the battery feels no haptic pulse: the motor does not run",
)
"""One of each form that a step of ours gives when it fails a row without a number."""
_GIVEN_IN = 16  # calls


@pytest.mark.parametrize("language", ["de", "es", "zh-Hans"])
@pytest.mark.parametrize("text", REASONS)
def test_every_reason_has_its_translation(text: str, language: str) -> None:
    terms = tomllib.loads((HOME / "reports" / "languages" / f"{language}.toml").read_text(encoding="utf-8"))["terms"]

    assert text != reason(terms, text, str)


def test_in_english_a_reason_stands_as_it_is_on_record() -> None:
    english = in_language("en")

    assert list(REASONS) == [english.reason(text) for text in REASONS]


def test_the_reasons_above_are_all_that_our_steps_give() -> None:
    given = [
        node
        for file in Path(products.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fail"
    ]

    assert _GIVEN_IN == len(given), "a step fails a row for another reason: list it above, and translate it in reports/languages"


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("the unit says it is 'A', its label says 'B'", "das Gerät nennt sich 'A', sein Etikett sagt 'B'"),
        ("its current rose above 1.5 µA while the charger is connected; pulses counted: 3", _RISEN),
        ("no output, and nobody knows why", "no output, and nobody knows why"),
        ("the unit says it is , its label says 'B'", "the unit says it is , its label says 'B'"),
    ],
)
def test_what_was_read_is_taken_over_and_figures_are_written_as_the_language_does(text: str, reads: str) -> None:
    assert reads == in_language("de").reason(text)


@pytest.mark.parametrize(
    "text", [unanswered({"SN": "ERR 7 to SN"}, "SN"), "the unit says it is 'A', its label says 'B', its label says 'C'"]
)
@pytest.mark.parametrize("language", ["de", "es"])
def test_a_unit_that_answers_with_our_words_is_quoted_as_it_answered(text: str, language: str) -> None:
    assert text == in_language(language).reason(text)


def test_words_that_part_several_texts_are_no_doubt() -> None:
    terms = {"{}, {}, {} at # V, {}": "{}; {}; {} bei # V; {}"}

    assert "a; b; c bei 3 V; d" == reason(terms, "a, b, c at 3 V, d", str)
    assert "a, b, c at 3 V, d, e at 4 V, f" == reason(terms, "a, b, c at 3 V, d, e at 4 V, f", str)


def test_places_are_filled_in_their_order_each_with_its_own_kind() -> None:
    terms = {"{} of # in {} at #": "# {} # {}"}

    assert "7 a 9 b" == reason(terms, "a of 7 in b at 9", str)


def test_a_term_made_to_take_long_takes_no_time() -> None:
    known = "{}a" * 2_000 + "{}b"

    assert "a" * 50_000 == reason({known: "{}" * 2_001}, "a" * 50_000, str)


def test_a_title_has_no_places_for_texts() -> None:
    assert "Peak of x" == term({"Peak of {}": "Spitze von {}"}, "Peak of x")
