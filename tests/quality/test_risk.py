"""The risks of JCGM 106 against independent quadrature, published figures and what must hold for any of them."""

import math
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate

from station.quality.risk import Bounds, Process, conformance, global_risks, nonconformance

NORMAL = NormalDist()
PLACES = st.floats(-3, 3)
SPREADS = st.floats(-2, 1).map(lambda power: 10.0**power)
RATIOS = st.floats(-2, 1).map(lambda power: 10.0**power)


def between(value: float, bounds: Bounds) -> bool:
    return (bounds[0] is None or value >= bounds[0]) and (bounds[1] is None or value <= bounds[1])


def by_quadrature(process: Process, u: float, tolerance: Bounds, acceptance: Bounds) -> tuple[float, float]:
    """Return both risks by integrating the joint density over true and measured values in the plane, cell by cell."""
    made = NormalDist(process.mean, process.sd)
    wide = math.hypot(process.sd, u)
    trues = cuts(process.mean, 9 * process.sd, tolerance)
    reads = cuts(process.mean, 9 * wide, acceptance)
    consumer = producer = 0.0
    for left, right in trues:
        for least, most in reads:
            conforms, accepted = between((left + right) / 2, tolerance), between((least + most) / 2, acceptance)
            if conforms == accepted:
                continue

            def joint(read: float, true: float) -> float:
                return made.pdf(true) * NORMAL.pdf((read - true) / u) / u

            cell, _ = integrate.dblquad(joint, left, right, least, most, epsabs=1e-10, epsrel=1e-8)
            consumer, producer = consumer + (not conforms) * cell, producer + conforms * cell
    return consumer, producer


def cuts(centre: float, reach: float, bounds: Bounds) -> list[tuple[float, float]]:
    """Return the pieces of a line of +-`reach` about `centre`, cut at the bounds and at some places between them."""
    ends = [end for end in bounds if end is not None and abs(end - centre) < reach]
    places = sorted({centre - reach, *ends, centre, centre + reach})
    return list(pairwise(places))


CASES = [
    (Process(400, 7.5), 0.4, (368, 432), (368, 431.2)),
    (Process(410, 12), 3, (368, 432), (374, 426)),
    (Process(0, 1), 0.25, (-2, 2), (-2, 2)),
    (Process(0, 1), 1.5, (-2, 1), (-1, 0.5)),
    (Process(0.3, 0.4), 0.2, (None, 1), (None, 0.6)),
    (Process(0.3, 0.4), 0.2, (-0.5, None), (-0.5, None)),
    (Process(5, 1), 0.5, (-2, 2), (-1, 1)),
]


@pytest.mark.parametrize(("process", "u", "tolerance", "acceptance"), CASES)
def test_global_risks_agree_with_quadrature_in_the_plane_to_one_in_a_hundred_million(
    process: Process, u: float, tolerance: Bounds, acceptance: Bounds
) -> None:
    found = global_risks(process, u, tolerance, acceptance)

    consumer, producer = by_quadrature(process, u, tolerance, acceptance)
    assert consumer == pytest.approx(found.consumer, abs=1e-8)
    assert producer == pytest.approx(found.producer, abs=1e-8)


def by_condition(process: Process, u: float, tolerance: Bounds, acceptance: Bounds) -> tuple[float, float]:
    """Return both risks by integrating, over the true value, how likely it is read on the wrong side."""
    low, high = -math.inf if tolerance[0] is None else tolerance[0], math.inf if tolerance[1] is None else tolerance[1]
    least, most = (end if end is not None else side * math.inf for end, side in zip(acceptance, (-1, 1), strict=True))
    made = NormalDist(process.mean, process.sd)

    def accepted(true: float) -> float:
        return made.pdf(true) * (NORMAL.cdf((most - true) / u) - NORMAL.cdf((least - true) / u))

    def rejected(true: float) -> float:
        return made.pdf(true) * (NORMAL.cdf((least - true) / u) + NORMAL.cdf((true - most) / u))

    def over(density: object, start: float, end: float) -> float:
        start, end = max(start, process.mean - 10 * process.sd), min(end, process.mean + 10 * process.sd)
        steps = [place for side in (least, most) for place in (side - 5 * u, side, side + 5 * u)]
        points = [place for place in (*steps, process.mean) if start < place < end]
        return integrate.quad(density, start, end, points=points or None, epsabs=1e-12, limit=400)[0] if start < end else 0.0

    return over(accepted, -math.inf, low) + over(accepted, high, math.inf), over(rejected, low, high)


@settings(deadline=None)  # a busy host is no fault
@given(PLACES, SPREADS, RATIOS, PLACES, st.floats(0.05, 5), st.floats(0, 2), st.sampled_from(["both", "low", "high"]))
def test_global_risks_agree_with_quadrature_for_any_process_and_limits(
    mean: float, sd: float, ratio: float, low: float, width: float, r: float, side: str
) -> None:
    u, guard = ratio * sd, min(r * ratio * sd, 0.49 * width)
    tolerance = (None if side == "high" else low, None if side == "low" else low + width)
    acceptance = tuple(None if end is None else end + way * guard for end, way in zip(tolerance, (1, -1), strict=True))
    process = Process(mean, sd)

    found = global_risks(process, u, tolerance, (acceptance[0], acceptance[1]))

    consumer, producer = by_condition(process, u, tolerance, (acceptance[0], acceptance[1]))
    assert consumer == pytest.approx(found.consumer, abs=1e-8)
    assert producer == pytest.approx(found.producer, abs=1e-8)


@pytest.mark.parametrize(
    ("tolerance", "acceptance", "u", "consumer", "producer"),
    [
        ((-2, 2), (-2, 2), 0.25, 0.008, 0.015),
        ((-2, 2), (-1.82, 1.82), 0.5, 0.008, 0.066),
        ((-2.5, 2.5), (-2.5, 2.5), 0.25, 0.0025, None),
    ],
)
def test_deavers_published_risks_come_out(
    tolerance: Bounds, acceptance: Bounds, u: float, consumer: float, producer: float | None
) -> None:
    """D. Deaver, How to maintain your confidence, NCSL 1993: a spread of the error of 1/4 (1/2, with a guard factor of 0.91)."""
    found = global_risks(Process(0, 1), u, tolerance, acceptance)

    assert consumer == pytest.approx(found.consumer, abs=1e-4)
    assert producer is None or producer == pytest.approx(found.producer, abs=2e-4)


def test_the_examples_of_jcgm_106_for_one_measured_item_come_out() -> None:
    """As we remember them: the document itself was not at hand [unverified]."""
    zener = conformance(-5.47, 0.05, (None, -5.40))  # 7.3, one-sided: Phi(1.40)
    oil = conformance(13.6, 1.8, (12.5, 16.3))  # 7.4, two-sided

    assert [0.92, 0.66] == [round(zener, 2), round(oil, 2)]


def test_the_resistors_of_jcgm_106_conform_as_often_as_it_says() -> None:
    found = global_risks(Process(1500, 0.12), 0.04, (1499.8, 1500.2), (1499.8, 1500.2))

    assert 0.90 == round(found.conforming, 2)
    assert (0.0189, 0.0372) == (round(found.consumer, 4), round(found.producer, 4))  # ours, by quadrature: see above


@settings(deadline=None)  # a busy host is no fault
@given(PLACES, SPREADS, PLACES, st.floats(0, 5))
def test_conforming_and_not_add_up_to_certainty(value: float, u: float, low: float, width: float) -> None:
    tolerance = low, low + width

    assert 1.0 == pytest.approx(conformance(value, u, tolerance) + nonconformance(value, u, tolerance), abs=1e-12)


@settings(deadline=None)  # a busy host is no fault
@given(PLACES, SPREADS, PLACES, SPREADS, PLACES, st.floats(0.01, 5))
def test_what_is_known_of_the_process_weighs_as_bayes_says(
    value: float, u: float, mean: float, sd: float, low: float, width: float
) -> None:
    assume(abs(value - mean) < 6 * math.hypot(u, sd))  # else there is nothing left to normalise by
    made, tolerance = NormalDist(mean, sd), (low, low + width)
    best = (value / u**2 + mean / sd**2) / (1 / u**2 + 1 / sd**2)
    reach = 10 / math.sqrt(1 / u**2 + 1 / sd**2)

    def weight(true: float) -> float:
        return made.pdf(true) * NORMAL.pdf((value - true) / u) / u

    def over(start: float, end: float) -> float:
        start, end = max(start, best - reach), min(end, best + reach)
        return integrate.quad(weight, start, end, points=[best] if start < best < end else None)[0] if start < end else 0.0

    inside = over(*tolerance) / over(-math.inf, math.inf)
    assert inside == pytest.approx(conformance(value, u, tolerance, Process(mean, sd)), abs=1e-7)


@settings(deadline=None)  # a busy host is no fault
@given(PLACES, SPREADS, SPREADS, PLACES, st.floats(0.1, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_wider_guard_band_never_raises_the_consumers_risk_nor_lowers_the_producers(
    mean: float, sd: float, u: float, low: float, width: float, one: float, other: float
) -> None:
    tolerance = low, low + width
    narrow, wide = (
        global_risks(Process(mean, sd), u, tolerance, (low + share * 0.49 * width, low + width - share * 0.49 * width))
        for share in sorted((one, other))
    )

    assert wide.consumer <= narrow.consumer + 1e-12
    assert wide.producer >= narrow.producer - 1e-12


def test_small_risks_keep_their_digits() -> None:
    assert 6.220960574271785e-16 == pytest.approx(nonconformance(8, 1, (None, 16)), rel=1e-9)
    assert 6.220960574271785e-16 == pytest.approx(conformance(8, 1, (16, None)), rel=1e-9)
    assert 6.220960574271785e-16 == pytest.approx(conformance(8, 1, (None, 0)), rel=1e-9)


def test_a_measurement_without_error_takes_no_risk() -> None:
    found = global_risks(Process(0.5, 1), 0.0, (-1, 1), (-1, 1))

    assert [0.0, 0.0] == pytest.approx([found.consumer, found.producer], abs=1e-15)
    assert found.conforming == pytest.approx(found.accepted, abs=1e-15)
    assert [0.0, 1.0, 1.0, 0.0] == [
        nonconformance(0, 0.0, (-1, 1)), nonconformance(2, 0.0, (-1, 1), Process(0, 1)), conformance(0, 0.0, (-1, 1)),
        conformance(2, 0.0, (-1, 1)),
    ]  # fmt: skip


def test_limits_at_the_mean_itself_are_no_special_case() -> None:
    found = global_risks(Process(0, 1), 1.0, (None, 0.0), (None, 0.0))
    beside = global_risks(Process(0, 1), 1.0, (None, 1e-9), (None, -1e-9))

    assert [0.125, 0.125] == pytest.approx([found.consumer, found.producer], abs=1e-15)  # the angle between the two is pi / 4
    assert [0.125, 0.125] == pytest.approx([beside.consumer, beside.producer], abs=1e-8)


@pytest.mark.parametrize("mean", [5e-324, -6e-255, 1e-170, -1e-17])
def test_a_mean_beside_a_limit_by_next_to_nothing_is_none_either(mean: float) -> None:
    found = global_risks(Process(mean, 1), 1.0, (0.0, 1.0), (0.0, 1.0))
    beside = global_risks(Process(0, 1), 1.0, (0.0, 1.0), (0.0, 1.0))

    assert [beside.consumer, beside.producer] == pytest.approx([found.consumer, found.producer], abs=1e-14)


@pytest.mark.parametrize(("mean", "sd"), [(math.nan, 1), (0, 0), (0, -1), (0, math.inf), (math.inf, 1)])
def test_what_is_no_process_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match="a process has"):
        Process(mean, sd)


@pytest.mark.parametrize(("value", "u"), [(math.nan, 1), (0, -1), (0, math.nan), (math.inf, 1)])
def test_what_is_no_measurement_is_refused(value: float, u: float) -> None:
    with pytest.raises(ValueError, match="a measurement is"):
        nonconformance(value, u, (0, 1))
