"""A document that a run earned and never got is issued at the next start, or the station says why not and starts all the same."""

from pathlib import Path

import pytest

from station.cli.home import make
from tests.cli.certified import opened
from tests.store.stories import ids, keep, story


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


def test_a_run_whose_documents_are_nowhere_gets_none_and_does_not_keep_the_station_from_starting(home: Path) -> None:
    with opened(home) as store:
        keep(
            store.journal, story(ids(1).new(), "SN1")
        )  # whose record names other documents than today's, and evidence of nobody's

        (said,) = store.desk.issue_owed()

        assert "was never issued, and cannot be: the evidence" in said
        assert () == store.archive.issued()
