"""A document that a run earned and never got is issued at the next start, or the station says why not and starts all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from station.cli import assemble
from station.cli.home import Home, make, read
from station.clocks.steady import SteadyClock
from tests.store.stories import ids, keep, story


@pytest.fixture
def home(tmp_path: Path) -> Home:
    make(tmp_path)
    return read(tmp_path)


@contextmanager
def opened(home: Home) -> Iterator[assemble.Kept]:
    clock = SteadyClock()
    with assemble.kept(home.config, clock, ids(5), ()) as store:
        yield store


def test_a_template_that_was_changed_since_draws_no_document_of_an_earlier_run(home: Home) -> None:
    with opened(home) as store:
        keep(store.journal, story(ids(1).new(), "SN1"))  # whose record names another template than today's

        said = list(assemble.issue_owed(home, store, assemble.template_of(home)))

        assert ["SN1, PASS at 2026-11-02T08:00:00.000000Z, was never issued, and its template was changed since"] == [
            one.partition(": put")[0].removeprefix("the document of ") for one in said
        ]
        assert () == store.archive.issued()


def test_a_document_that_cannot_be_drawn_does_not_keep_the_station_from_starting(home: Home) -> None:
    with opened(home) as store:
        keep(store.journal, story(ids(1).new(), "SN1"))  # whose evidence is nowhere
        todays = replace(home, certificate_digest="sha256:4")

        (said,) = assemble.issue_owed(todays, store, assemble.template_of(home))

        assert "was never issued, and cannot be: the evidence" in said
        assert () == store.archive.issued()
