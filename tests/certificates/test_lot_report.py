"""A lot report accounts for every unit, proves itself as a certificate does, and is in order whatever its units are called."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from station.certificates import lot_report
from station.certificates.lot import OUTCOMES, Lot, LotShare, LotUnit, read_lot
from station.certificates.lot_report import LotReport, issue_lot, lot_content, lot_pages, read_lot_report
from station.certificates.lot_words import parse_lot_words, read_lot_words
from station.certificates.release import released
from station.certificates.verify import verify
from station.core.canonical import canonical
from station.core.problems import DocumentError
from tests.certificates.lots import UNITS, lot, report
from tests.certificates.random_records import layout
from tests.certificates.records import HOME
from tests.certificates.sealing import AT, sealing, trusted
from tests.certificates.validators import pdfsig, qpdf, verapdf

LANGUAGES = ("en", "de", "es")


def document(told: Lot | None = None, language: str = "en") -> bytes:
    return issue_lot(report(told, language), sealing(), AT)


def text(told: Lot | None = None, language: str = "en") -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document(told, language))).pages)


def faults(told: LotReport) -> list[str]:
    said = lot_content(told)
    return layout(replace(said, word=""), told.template, lot_pages(told, said))


def test_what_came_in_is_what_passed_failed_was_aborted_spoiled_undecided_or_is_still_tested() -> None:
    said = text()

    assert "6 units in = 1 PASS + 1 FAIL + 1 ABORTED + 1 ERROR + 1 INCONCLUSIVE + 1 UNDER TEST" in said
    assert "Each unit that came in is accounted for, once." in said
    assert all(unit.serial in said and unit.document in said for unit in UNITS)
    assert "50.0 %" in said.replace("\u00a0", " ")
    assert "n = 2 is few" in said
    assert "CUR.310" in said


@pytest.mark.parametrize(
    "told",
    [
        lot((*UNITS, UNITS[0])),
        lot((replace(UNITS[0], outcome="MISSING"),)),
        replace(lot(), runs=(("PASS", 1),)),
    ],
    ids=["a serial twice", "an outcome that is none", "a run too few"],
)
def test_figures_that_do_not_add_up_say_so_and_prove_nothing(told: Lot) -> None:
    assert not told.adds_up
    assert ["lot"] == [one.what for one in verify(document(told), trusted()).findings if not one.holds]
    assert "DO NOT USE THIS REPORT" in text(told)


def with_share(place: int, good: int, of: int = 2, low: float = 0.094531, high: float = 0.905469) -> Lot:
    told = lot()
    other = LotShare(told.shares[place].name, good, of, low, high)
    return replace(told, shares=(*told.shares[:place], other, *told.shares[place + 1 :]))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            replace(lot(), runs=(("ABORTED", 0), ("ERROR", 1), ("FAIL", 2), ("INCONCLUSIVE", 3), ("PASS", 2))),
            "1 units came to ABORTED",
        ),
        (replace(lot(), runs=(("ERROR", 2), ("ERROR", 6))), "counted twice"),
        (lot((replace(UNITS[0], runs=0), *UNITS[1:])), "came to PASS, and 0 runs"),
        (lot((*UNITS[:5], replace(UNITS[5], runs=1))), "SN26-100406 came to OPEN by 1 runs"),
        (replace(lot(), shares=lot().shares[:3]), "its yields are not"),
        (with_share(2, good=2), "the yield final is none"),
        (with_share(2, good=2, low=0.34, high=1.0), "the yield final is none"),
        (with_share(2, good=3, of=3, low=0.438503, high=1.0), "the final yield is of 3 units, the first-pass yield of 2"),
        (with_share(1, good=2, of=2, low=0.342380, high=1.0), "the line passed 2 units at the first attempt, the product 1"),
        (
            with_share(1, good=0, of=1, low=0.0, high=0.793451),
            "the line's yield is of 1 units, the product's of 2, and 6 came in",
        ),
        (with_share(3, good=0, of=0, low=0.0, high=1.0), "faults of the station spoiled 0 of 0 runs"),
        (with_share(0, good=2, low=0.342380, high=1.0), "1 units failed first at its rows, and 0 at their first attempt"),
        (replace(lot(), bars=()), "0 units failed first at its rows, and 1 at their first attempt"),
        (replace(lot(), bars=(lot().bars[0], replace(lot().bars[0], count=0))), "not in order, each once"),
    ],
)
def test_figures_that_contradict_each_other_do_not_hold_even_under_a_true_seal(told: Lot, why: str) -> None:
    report = verify(document(told), trusted(), redraw=False)

    (fault,) = [one for one in report.findings if not one.holds]
    assert told.adds_up
    assert why in fault.said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_holds_in_every_point(language: str) -> None:
    found = verify(document(language=language), trusted())

    assert found.holds, found
    assert {"seal", "seal: bytes", "seal: chain", "seal: holder", "lot", "drawing"} == {one.what for one in found.findings}
    assert found.code.startswith("LOT1|L-2026-47|")


def test_a_report_of_simulated_runs_is_stamped_and_says_so() -> None:
    told = lot(simulated=True)

    assert "SIMULATED – NOT VALID" in text(told)
    assert any("worth nothing" in note for note in verify(document(told), trusted()).notes)


def test_its_number_names_lot_and_figures_and_stands_on_every_page() -> None:
    told, other = report(), report(lot(UNITS[:5]))
    many = lot(tuple(replace(UNITS[0], serial=f"SN26-{number:06}") for number in range(200)))

    pages = [page.extract_text() for page in PdfReader(BytesIO(document(many))).pages]

    assert f"LOT-{told.lot.name}-{told.fingerprint[:8].upper()}" == told.number == report(language="de").number
    assert told.number != other.number
    assert 1 < len(pages)
    assert all(report(many).number in page for page in pages)


def test_a_report_of_the_time_before_the_numbers_is_proven_by_its_figures_and_not_drawn_again() -> None:
    older = issue_lot(replace(report(), schema=1), sealing(), AT)

    found = verify(older, trusted())

    assert found.holds
    assert [("drawing", None)] == [(one.what, one.holds) for one in found.findings if one.what == "drawing"]
    assert "use the version that made it" in found.findings[-1].said
    assert f"lot {lot().name}" == found.number


@pytest.mark.parametrize("schema", [lot_report.SCHEMA + 1, "2", True, None])
def test_a_report_of_a_schema_that_nobody_knows_is_refused(schema: object) -> None:
    files = {one.name: one.content for one in report().files()}
    drawing = {**json.loads(files["drawing.json"]), "schema": schema}

    with pytest.raises(ValueError, match=f"this version reads up to {lot_report.SCHEMA}"):
        read_lot_report({**files, "drawing.json": json.dumps(drawing).encode()})


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
@settings(max_examples=30, deadline=None)
def test_any_changed_byte_is_detected(place: float, flip: int) -> None:
    content = bytearray(document())
    content[int(place * len(content))] ^= flip

    assert not verify(bytes(content), trusted()).holds


def test_a_report_that_shows_other_figures_than_it_carries_is_detected_even_under_a_true_seal() -> None:
    carries, shows = report(), report(lot((*UNITS[:5], replace(UNITS[5], serial="SN26-100407"))))

    inside = tuple(carries.files())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LotReport, "files", lambda _: inside)
        found = verify(issue_lot(shows, sealing(), AT), trusted())

    assert ["drawing"] == [one.what for one in found.findings if not one.holds]


def test_a_report_can_be_released_as_a_certificate_can() -> None:
    assert verify(released(document(), sealing("quinn"), AT, "Released by quality"), trusted()).holds


@pytest.mark.process
def test_independent_judges_accept_every_language(tmp_path: Path) -> None:
    many = lot(tuple(replace(UNITS[0], serial=f"SN26-{number:06}") for number in range(200)))
    files = []
    for name, content in {**{one: document(language=one) for one in LANGUAGES}, "many": document(many)}.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
        files.append(tmp_path / f"{name}.pdf")

    assert all(line.endswith("146 rules, compliant") for line in verapdf(files, tmp_path))
    for file in files:
        assert qpdf(file) == ""
        assert ["valid"] == pdfsig(file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("count", [1, 6, 200])
def test_nothing_overlaps_is_cut_or_leaves_the_page(language: str, paper: str, count: int) -> None:
    units = tuple(replace(UNITS[number % 6], serial=f"SN26-{number:06}") for number in range(count))

    assert [] == faults(report(lot(units), language, paper))


@given(
    st.lists(st.text(max_size=60), min_size=1, max_size=8, unique=True),
    st.text(min_size=1, max_size=60),
    st.text(max_size=100),
    st.sampled_from(OUTCOMES),
)
@settings(max_examples=40, deadline=None)
def test_whatever_units_lot_and_maker_are_called_the_report_is_in_order(
    serials: list[str], name: str, maker: str, outcome: str
) -> None:
    units = tuple(LotUnit(serial, 1, outcome, f"X.1 {maker}", name, "revoked") for serial in serials)

    assert [] == faults(report(lot(units, name=name, maker=maker)))


@given(st.lists(st.text(max_size=20), max_size=5))
def test_a_lot_comes_back_as_it_was(serials: list[str]) -> None:
    told = lot(tuple(LotUnit(serial, 1, "PASS") for serial in serials))

    assert told == read_lot(told.dump())


@pytest.mark.parametrize(
    "bend",
    [
        lambda told: told.pop("units"),
        lambda told: told.update(schema=2),
        lambda told: told.update(others="2"),
        lambda told: told.update(simulated=0),
        lambda told: told["units"][0].update(runs="1"),
        lambda told: told["units"][0].update(more="1"),
        lambda told: told["units"][0].update(serial=5),
        lambda told: told["shares"][0].update(low="0"),
        lambda told: told.update(more=1),
    ],
)
def test_figures_that_are_not_in_their_one_form_are_refused(bend: Callable[[dict[str, object]], object]) -> None:
    told = json.loads(lot().dump())
    bend(told)

    with pytest.raises(ValueError, match=r"no lot of ours|canonical form|schema"):
        read_lot(canonical(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_and_what_is_missing_is_named(language: str) -> None:
    words = read_lot_words(HOME / "reports", language)

    assert words("sum", total=3, parts="3").startswith("3 ")
    with pytest.raises(DocumentError, match=r"words\.final: is missing"):
        parse_lot_words(words.source.replace(b"\nfinal = ", b"\nfinale = "), "x.toml")


def test_a_language_that_is_not_there_is_named() -> None:
    with pytest.raises(DocumentError, match=r"fr\.toml.*cannot be read"):
        read_lot_words(HOME / "reports", "fr")
