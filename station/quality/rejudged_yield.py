"""Count the first-pass yield as it was and as other limits would have made it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from station.core.verdict import Verdict
from station.quality.runs import EndedRun
from station.quality.shares import Share
from station.quality.yields import yields


@dataclass(frozen=True, slots=True)
class YieldChange:
    """First-pass yield of the product before and after; `lowest` counts what cannot be told as failed, `highest` as passed."""

    before: Share
    lowest: Share
    highest: Share


def yield_change(
    runs: Iterable[EndedRun], outcomes: Mapping[str, Verdict | None], since: str = "", until: str = ""
) -> YieldChange:
    """Return the first-pass yields of the window from all `runs` in history; `outcomes` are the new verdicts by run."""
    runs = tuple(runs)

    def counted(untold: Verdict) -> Share:
        return yields([_as_judged(run, outcomes, untold) for run in runs], since, until).product.first

    return YieldChange(yields(runs, since, until).product.first, counted(Verdict.FAIL), counted(Verdict.PASS))


def _as_judged(run: EndedRun, outcomes: Mapping[str, Verdict | None], untold: Verdict) -> EndedRun:
    if run.run_id not in outcomes:
        return run
    after = outcomes[run.run_id]
    return replace(run, outcome=(untold if after is None else after).name)
