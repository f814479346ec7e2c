import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.quality.shares import Share, wilson

# R 4.2.2, prop.test(correct = FALSE); the file names its source
PUBLISHED = json.loads((Path(__file__).parents[1] / "golden" / "store" / "wilson.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: f"{case['good']} of {case['of']}")
def test_the_interval_is_the_published_one(case: dict[str, float]) -> None:
    interval = Share(int(case["good"]), int(case["of"])).interval()

    assert interval == pytest.approx((case["low"], case["high"]), abs=PUBLISHED["tolerance"])


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), st.floats(0.5, 0.999))
def test_the_interval_holds_the_share_and_mirrors(counts: tuple[int, int], confidence: float) -> None:
    good, of = counts

    low, high = wilson(good, of, confidence)
    mirrored = wilson(of - good, of, confidence)

    assert 0.0 <= low <= good / of <= high <= 1.0
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


@given(st.integers(0, 100), st.integers(2, 50))
def test_more_units_tell_the_same_share_more_closely(good: int, times: int) -> None:
    narrow, wide = wilson(times * good, times * 100, 0.95), wilson(good, 100, 0.95)

    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_a_share_of_nothing_is_no_number() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval() is None


def test_a_share_of_few_is_not_judged() -> None:
    assert not Share(29, 29).enough
    assert Share(30, 30).enough
    assert Share(3, 4).value == 0.75
