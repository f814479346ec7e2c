"""A disk that takes no more evidence costs the units that run, and no other."""

from pathlib import Path

import pytest

from station.core.errors import StoreError
from station.core.verdict import Verdict
from tests.world.world import world


@pytest.mark.hazard("ST-02")
def test_where_no_evidence_can_be_kept_what_runs_is_our_error_and_nothing_more_is_started(tmp_path: Path) -> None:
    with world(tmp_path, slots=2, documents=False) as made:
        desk = made.home.config.evidence / ".unfinished"
        desk.parent.mkdir(parents=True, exist_ok=True)
        desk.write_text("no folder")
        line = made.line({1: "SN1", 2: "SN2"}, ["SN3", "SN4"])

        outcomes = line.test()

    assert {"SN1": Verdict.ERROR, "SN2": Verdict.ERROR} == {one.serial: one.verdict for one in outcomes}
    assert ["SN3", "SN4"] == sorted(line.tray.left)
    assert "evidence cannot be kept" in str(line.tray.over)
    assert isinstance(line.tray.over, StoreError)
