"""Say what an uncertainty is good for: how much of what a row allows it uses, and how it stands to the tolerance."""

import math

from station.core.uncertainty import Uncertainty

_AGREE = 1e-6  # relative: what rounding on the way to the record and back may change


def share_of(part: float, u: float) -> float:
    """Return which share of the variance u^2 a contribution `part` makes; 0 where nothing is uncertain."""
    return (part / u) ** 2 if u > 0 else 0.0


def tolerance_ratio(low: float | None, high: float | None, value: float, expanded: float) -> float | None:
    """Return how many times U fits into the tolerance on either side: TUR = (high - low) / 2U (ANSI/NCSL Z540.3).

    Of a row with one bound it is the distance of `value` to that bound over U. None where nothing is uncertain or bounded.
    """
    if expanded <= 0.0 or (low is None and high is None):
        return None
    if low is not None and high is not None:
        return (high - low) / (2.0 * expanded)
    bound = high if low is None else low
    return None if bound is None else abs(bound - value) / expanded


def adds_up(uncertainty: Uncertainty) -> bool:
    """Return whether the parts give the u that is stated: a record that was made by `combine` does."""
    whole = math.sqrt(math.fsum(part.u**2 for part in uncertainty.parts))
    lines = all(
        math.isclose(part.u, abs(part.sensitivity) * part.standard, rel_tol=_AGREE, abs_tol=1e-30) for part in uncertainty.parts
    )
    return lines and math.isclose(whole, uncertainty.u, rel_tol=_AGREE, abs_tol=1e-30)
