"""The yield says how many runs it has, and how many there are that do not count."""

from pathlib import Path

import pytest

from station.cli.home import make, read
from station.cli.summary import print_yields
from station.store.archive import Archive
from tests.store.stories import at_work, ids, keep, story


@pytest.mark.parametrize(
    ("runs", "said"), [(1, "1 run in engineering mode does not count"), (2, "2 runs in engineering mode do not")]
)
def test_runs_in_engineering_mode_are_on_record_and_do_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], runs: int, said: str
) -> None:
    make(tmp_path)
    config, mint = read(tmp_path).config, ids(1)
    config.store.parent.mkdir()
    with at_work(config.store) as journal:
        for number in range(runs):
            keep(journal, story(mint.new(), f"SN{number}", simulated=True, run_type="debug"))

    print_yields(Archive(config.store), is_simulated=True)

    out = capsys.readouterr().out
    assert "Yield of simulated runs (0 that count)" in out
    assert said in out
    assert "on record" not in out
