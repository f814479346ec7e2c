"""A stop in any step, by any hand: the slot is safe at once, the others go on, and a FAIL stays a FAIL. `make soak` runs all."""

import pytest

from tests.stops.stops import every_moment, steps, story

PARTS = 7
EACH = 4  # moments of a part: every hand


@pytest.mark.parametrize("part", range(PARTS))
def test_a_stop_in_any_step_ends_safe_and_takes_no_verdict_back(part: int) -> None:
    moments = every_moment(steps())
    chosen = moments[part :: len(moments) // (PARTS * EACH)][part::PARTS]

    stories = [story(moment) for moment in chosen]

    assert [] == [f"{one.moment}: {one.verdict}: {'; '.join(one.breaches)}" for one in stories if one.breaches]
    assert "ABORTED" in {one.verdict for one in stories}
