"""Every yield against its definition, counted the slow way."""

from hypothesis import given
from hypothesis import strategies as st

from station.quality.runs import EndedRun
from station.quality.shares import Share
from station.quality.yields import Bar, pareto, rolled, yields

OUTCOMES = ("PASS", "FAIL", "ERROR", "INCONCLUSIVE", "ABORTED")


def run(serial: str, day: int, outcome: str, *, run_id: str = "", run_type: str = "production", process: str = "p") -> EndedRun:
    started = f"2026-11-{day:02d}T08:00:00.000000Z"
    first_fail = f"CUR.{310 + day % 3}" if outcome == "FAIL" else ""
    return EndedRun(
        run_id or f"{serial}{day}", "MC-100", serial, process, "EOL-01", 1, started, started[:10], run_type, outcome, first_fail
    )


@st.composite
def histories(draw: st.DrawFn) -> list[EndedRun]:
    count = draw(st.integers(0, 25))
    return [
        run(
            draw(st.sampled_from("ABCDE")),
            draw(st.integers(1, 6)),
            draw(st.sampled_from(OUTCOMES)),
            run_id=f"{number:04x}",
            run_type=draw(st.sampled_from(["production", "production", "production", "golden", "debug"])),
            process=draw(st.sampled_from("pq")),
        )
        for number in draw(st.permutations(range(count)))
    ]


def brute(runs: list[EndedRun], outcomes: tuple[str, ...], since: str, until: str) -> list[list[str]]:
    """Return the outcomes of each unit's attempts in order, of units whose first attempt is in the window."""
    counted = [one for one in runs if one.run_type == "production" and one.outcome in outcomes]
    found = []
    for unit in {(one.serial, one.process) for one in counted}:
        mine = sorted((one.started_at, one.run_id, one.day, one.outcome) for one in counted if (one.serial, one.process) == unit)
        if since <= mine[0][2] < (until or "9"):
            found.append([outcome for *_, outcome in mine])
    return found


def share(units: list[list[str]], passes: list[bool]) -> Share:
    return Share(passes.count(True), len(units))


WINDOWS = st.sampled_from([("", ""), ("2026-11-02", "2026-11-05"), ("2026-11-04", ""), ("", "2026-11-03")])


@given(histories(), WINDOWS)
def test_the_yields_of_units_are_as_defined_by_both_policies(runs: list[EndedRun], window: tuple[str, str]) -> None:
    found = yields(runs, *window)

    for one, outcomes in ((found.product, OUTCOMES[:2]), (found.line, OUTCOMES[:4])):
        units = brute(runs, outcomes, *window)
        late = [unit for unit in units if unit[0] != "PASS"]
        assert one.first == share(units, [unit[0] == "PASS" for unit in units])
        assert one.second == share(units, ["PASS" in unit[:2] for unit in units])
        assert one.third == share(units, ["PASS" in unit[:3] for unit in units])
        assert one.ever == share(units, ["PASS" in unit for unit in units])
        assert one.last == share(units, [unit[-1] == "PASS" for unit in units])
        assert one.recovered == share(late, ["PASS" in unit for unit in late])
        assert one.first.good <= one.second.good <= one.third.good <= one.ever.good


@given(histories(), WINDOWS)
def test_the_yields_of_runs_are_as_defined(runs: list[EndedRun], window: tuple[str, str]) -> None:
    since, until = window
    inside = [
        one.outcome
        for one in runs
        if one.run_type == "production" and one.outcome != "ABORTED" and since <= one.day < (until or "9")
    ]

    found = yields(runs, since, until)

    assert found.runs == Share(inside.count("PASS"), len(inside))
    assert found.station_errors == Share(inside.count("ERROR") + inside.count("INCONCLUSIVE"), len(inside))


@given(histories(), WINDOWS)
def test_the_bars_are_the_first_fails_of_first_attempts(runs: list[EndedRun], window: tuple[str, str]) -> None:
    bars = pareto(runs, *window)

    product = yields(runs, *window).product
    assert sum(bar.count for bar in bars) == product.first.of - product.first.good
    assert [bar.count for bar in bars] == sorted((bar.count for bar in bars), reverse=True)
    assert not bars or abs(bars[-1].cumulative - 1) < 1e-12


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_given_does_not_matter(runs: list[EndedRun], chance: object) -> None:
    assert yields(runs) == yields(list(reversed(runs)))


def test_a_station_error_is_the_lines_loss_and_not_the_products() -> None:
    found = yields([run("A", 1, "ERROR"), run("A", 2, "PASS"), run("B", 1, "PASS")])

    assert found.product.first == Share(2, 2)
    assert found.line.first == Share(1, 2)
    assert found.line.second == Share(2, 2)
    assert found.station_errors == Share(1, 3)


def test_a_passed_unit_that_later_fails_counts_as_failed_at_last() -> None:
    found = yields([run("A", 1, "PASS"), run("A", 2, "FAIL")])

    assert found.product.last == Share(0, 1)
    assert found.product.ever == Share(1, 1)


def test_a_retest_counts_on_the_day_of_the_first_attempt() -> None:
    runs = [run("A", 1, "FAIL"), run("A", 5, "PASS")]

    assert yields(runs, "2026-11-05").product.first == Share(0, 0)
    assert yields(runs, "2026-11-01", "2026-11-02").product.second == Share(1, 1)


def test_runs_that_started_at_once_are_ordered_by_their_ids() -> None:
    assert yields([run("A", 1, "PASS", run_id="2"), run("A", 1, "FAIL", run_id="1")]).product.first == Share(0, 1)


def test_the_most_frequent_first_fail_stands_first() -> None:
    runs = [run("A", 1, "FAIL"), run("B", 2, "FAIL"), run("C", 1, "FAIL"), run("D", 1, "PASS"), run("A", 2, "FAIL")]

    assert pareto(runs) == (Bar("CUR.311", 2, 2 / 3, 2 / 3), Bar("CUR.312", 1, 1 / 3, 1.0))
    assert pareto([]) == ()


def test_a_route_yields_the_product_of_its_processes() -> None:
    assert rolled([Share(9, 10), Share(8, 10)]) == 0.9 * 0.8
    assert rolled([Share(9, 10), Share(0, 0)]) is None
