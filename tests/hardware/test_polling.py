"""Waiting for an instrument: never too early to end, never much too late to notice, and in few looks."""

from hypothesis import given
from hypothesis import strategies as st

from station.hardware.polling import poll
from tests.hardware.fakes import HandClock, HandStop


def looks(ready: float, *, expected: float, patience: float, pause: float) -> tuple[bool, list[float]]:
    """Return what came of waiting for something that is ready at `ready` s, and when it was looked at."""
    clock, seen = HandClock(), list[float]()

    def done() -> bool:
        seen.append(clock.now())
        return clock.now() >= ready

    return poll(clock, HandStop(), done, expected=expected, patience=patience, pause=pause), seen


times = st.floats(0.0, 20.0)
pauses = st.floats(0.002, 0.02)


@given(times, times, st.floats(0.1, 10.0), pauses)
def test_whatever_is_ready_within_the_patience_is_found(ready: float, expected: float, patience: float, pause: float) -> None:
    found, seen = looks(ready, expected=expected, patience=patience, pause=pause)

    assert found or ready > patience
    assert seen[0] == min(expected, patience)
    assert found or seen[-1] >= patience


@given(times, times, st.floats(0.1, 10.0), pauses)
def test_it_is_noticed_within_a_twentieth_of_a_second_or_a_fiftieth_of_the_patience(
    ready: float, expected: float, patience: float, pause: float
) -> None:
    found, seen = looks(ready, expected=expected, patience=patience, pause=pause)

    if found:
        assert seen[-1] <= max(ready, seen[0]) + max(0.05, 0.02 * patience) + 1e-9
        assert len(seen) <= 20 + max(0.0, seen[-1] - seen[0]) / 0.05
