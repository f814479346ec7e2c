import pytest

from station.core.budget import certified, within
from station.core.budget_use import adds_up, share_of, tolerance_ratio
from station.core.uncertainty import Part, Uncertainty, combine


def test_shares_are_of_the_variance_and_make_a_whole() -> None:
    whole = combine("b", "V", (Part("one", 3.0), Part("other", 4.0)))

    assert [0.36, 0.64] == pytest.approx([share_of(part.u, whole.u) for part in whole.parts])
    assert 0.0 == share_of(0.0, 0.0)


@pytest.mark.parametrize(
    ("low", "high", "value", "expanded", "ratio"),
    [
        (90.0, 110.0, 95.0, 2.0, 5.0),
        (None, 2.0, 0.5, 0.5, 3.0),
        (1.0, None, 4.0, 0.5, 6.0),
        (None, None, 4.0, 0.5, None),
        (90.0, 110.0, 95.0, 0.0, None),
    ],
)
def test_the_tolerance_is_so_many_times_the_uncertainty(
    low: float | None, high: float | None, value: float, expanded: float, ratio: float | None
) -> None:
    assert ratio == tolerance_ratio(low, high, value, expanded)


def test_a_budget_that_was_combined_adds_up() -> None:
    assert adds_up(combine("b", "V", (within("a", 3e-9, sensitivity=-2.0), certified("c", 0.0), Part("d", 1e-12))))
    assert adds_up(Uncertainty(3.0, "V", "as a whole"))


@pytest.mark.parametrize(
    "forged",
    [
        Uncertainty(1.0, "V", "b", (Part("a", 3.0),)),
        Uncertainty(3.0, "V", "b", (Part("a", 3.0, amount=1.0, sensitivity=2.0),)),
    ],
)
def test_a_budget_that_was_written_by_hand_shows(forged: Uncertainty) -> None:
    assert not adds_up(forged)
