"""Where several instruments of a kind measured, the document says which measured what; with one of each nothing changes."""

from dataclasses import replace

import pytest

from station.certificates.content import Content, content
from station.certificates.drawing import draw_page, page_box, pages
from station.certificates.template import Template, parse_template
from station.core.events import Event, Measured, RunStarted, StepEnded
from station.core.record import RunRecord, replay
from station.core.uncertainty import Part
from tests.certificates.records import HOME, changed, equipment, events, in_language, mc100, stopped_after, template, waveforms
from tests.charts.recorder import Recorder

NUMBER = "EOL-01-2026-000042"
METERS, SCOPES = ("MY60041873", "MY60041874", "MY60041875"), ("CN61230144", "CN61230145")
FAILED = stopped_after(changed(mc100(), "CUR.310", 451.2e-6), "CUR.310")
ORIGINS = {
    "CUR.110": ("dmm MY60041874 VOLT 1 V gain",),
    "CUR.310": ("dmm MY60041873 VOLT 1 V gain", "dmm MY60041874 VOLT 1 V gain"),
    "WAV.010": ("scope CN61230144 time base",),
    "TIM.010": ("fixture timer",),
}


def told(*serials: str, failed: bool = False) -> RunRecord:
    """Return the record of a unit that instruments with these `serials` measured."""
    dmm, scope, *others = equipment(simulated=False)
    lent = tuple(
        replace(one, serial=serial, lent=True)
        for one, known in ((dmm, METERS), (scope, SCOPES)) for serial in known if serial in serials
    )  # fmt: skip

    def measured(event: Event) -> Event:
        match event:
            case RunStarted():
                return replace(event, equipment=(*lent, *others))
            case Measured():
                parts = tuple(Part("part", 1e-9, origin=origin) for origin in ORIGINS.get(event.id, ("resistor 1",)))
                return replace(event, parts=parts)
            case StepEnded():
                return replace(event, instruments=serials)
            case _:
                return event

    return replay(measured(event) for event in events(FAILED if failed else mc100(), simulated=False, because="CUR.310"))


def said(record: RunRecord, by: Template | None = None) -> Content:
    return content(record, by or template(), NUMBER)


def drawn(record: RunRecord, by: Template) -> list[Recorder]:
    what = said(record, by)
    placed = pages(what, waveforms(), by)
    surfaces = [Recorder() for _ in placed]
    for number, (surface, page) in enumerate(zip(surfaces, placed, strict=True), 1):
        draw_page(surface, what, by, page, number, len(placed))
    return surfaces


def letters(found: Content) -> dict[str, str]:
    return {line.id: line.instruments for line in found.results if line.instruments}


def before() -> Template:
    """Return the template as it was before it had words for who measured what."""
    source = template().source.decode()
    kept = [line for line in source.splitlines() if not line.startswith("measured_with")]
    return parse_template("\n".join(kept), "certificate.toml", HOME / "reports")


def test_each_of_several_has_a_letter_behind_its_role_and_each_row_the_letters_of_those_that_measured_it() -> None:
    found = said(told(*METERS[:2], SCOPES[0]))

    assert ["DMM A", "DMM B", "Oscilloscope"] == [row[0] for row in found.instruments[:3]]
    assert {"CUR.110": "B", "CUR.310": "A, B"} == letters(found)


def test_letters_go_on_from_meters_to_oscilloscopes_so_that_each_stands_for_one() -> None:
    found = said(told(*METERS, *SCOPES))

    roles = ["DMM A", "DMM B", "DMM C", "Oscilloscope D", "Oscilloscope E"]
    assert roles == [row[0] for row in found.instruments[:5]]
    assert "D" == letters(found)["WAV.010"]


def test_one_of_each_has_no_letter_and_the_document_is_what_it_always_was() -> None:
    one = told(METERS[0], SCOPES[0])

    assert {} == letters(said(one))
    assert ["DMM", "Oscilloscope"] == [row[0] for row in said(one).instruments[:2]]
    assert [page.texts for page in drawn(one, before())] == [page.texts for page in drawn(one, template())]


def test_a_document_of_an_earlier_template_is_drawn_without_letters_as_it_was() -> None:
    found = said(told(*METERS, *SCOPES), before())

    assert {} == letters(found)
    assert ["DMM"] * 3 == [row[0] for row in found.instruments[:3]]
    assert not [one for page in drawn(told(*METERS), before()) for one in page.texts if "measured with" in one.text]


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.parametrize("failed", [False, True])
def test_nothing_overlaps_and_the_words_stand_in_the_head(language: str, failed: bool) -> None:
    by = in_language(language)
    surfaces = drawn(told(*METERS, *SCOPES, failed=failed), by)

    sheet = page_box(by).inner(30, 10, 30, 20)
    for surface in surfaces:
        assert [] == surface.collisions()
        assert [] == surface.outside(sheet)
    assert by.label("measured_with") in {one.text for surface in surfaces for one in surface.texts}


def test_a_nonconformance_report_says_which_meters_measured_the_row_that_failed() -> None:
    assert "A, B" == letters(said(told(*METERS[:2], failed=True)))["CUR.310"]
