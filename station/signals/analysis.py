"""Analyse a record of pulses of any family: a safe value from its edges, and a better one from its template where that holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from station.core.errors import UndecidedError
from station.core.waveform import Waveform
from station.signals.charges import mean_net_charge, mean_phase_charge, rest
from station.signals.durations import burst_frequency, phase_gap, phase_width, pulse_frequency, reciprocal
from station.signals.estimate import Estimate
from station.signals.order import Family
from station.signals.pulse_fit import PulseFit, fit_pulses
from station.signals.ramp import ramp_ratio
from station.signals.train import Train, is_square, take_apart

_AGREE = 6.0  # standard uncertainties between the two tiers: more is a contradiction


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a record of pulses says.

    `tier` is "template" where frequency, durations and phase charge come from the fit, else "edges", and then `reason` says why.
    `pulses` were seen, `missing` ones are missing between them. `values` are in SI units (charges in V·s); `refused` says for
    what cannot be told why not.
    """

    family: Family
    tier: str
    reason: str
    pulses: int
    missing: int
    values: Mapping[str, Estimate]
    refused: Mapping[str, str]

    def value(self, name: str) -> Estimate:
        """Return the quantity `name`; raises UndecidedError with the reason where the record does not tell it."""
        if name not in self.values:
            raise UndecidedError(self.refused.get(name, f"the record does not tell its {name.replace('_', ' ')}"))
        return self.values[name]

    @property
    def frequency(self) -> Estimate:
        """Return the frequency of the pulses in Hz."""
        return self.value("frequency")

    @property
    def burst_frequency(self) -> Estimate:
        """Return the frequency in Hz at which pairs of bursts of both polarities repeat."""
        return self.value("burst_frequency")

    @property
    def positive_width(self) -> Estimate:
        """Return the width of the positive phase in s, at half height of both its edges; of a square how long it is high."""
        return self.value("positive_width")

    @property
    def negative_width(self) -> Estimate:
        """Return the width of the negative phase in s, at half height of both its edges; of a square how long it is low."""
        return self.value("negative_width")

    @property
    def gap(self) -> Estimate:
        """Return the pause between the phases of a pulse in s, from half height to half height."""
        return self.value("gap")

    @property
    def phase_charge(self) -> Estimate:
        """Return the charge of the positive phase in V·s, of the negative one where none is positive."""
        return self.value("phase_charge")

    @property
    def net_charge(self) -> Estimate:
        """Return what a pulse, or a pair of bursts of both polarities, leaves over, in V·s: always by integration."""
        return self.value("net_charge")

    @property
    def first_pulse_ratio(self) -> Estimate:
        """Return the height of the first pulse over that of the steady ones."""
        return self.value("first_pulse_ratio")

    @property
    def noise(self) -> Estimate:
        """Return the noise between pulses in V RMS, the converter's own included."""
        return self.value("noise")

    @property
    def tau(self) -> Estimate:
        """Return the time constant of the edges in s; the template alone tells it."""
        return self.value("tau")


def analyse(wave: Waveform, floor: float, *, zero: float | None = None) -> Analysis:
    """Return what `wave` says about its pulses, which are at least `floor` V high.

    `zero` is the level without output in V where it is known: a square of half duty does not show it, and without it has no
    charge. Raises UndecidedError with the reason where the record is clipped, too short, not resolved or not recognised. An
    alias looks like a slower train; two records at two sampling rates tell them apart, one does not.
    """
    train = take_apart(wave, floor, zero)
    fitted, reason = _template(train)
    values, refused = _safe(train, fitted.tau.value if fitted else train.tau)
    if fitted:
        values |= _better(fitted, train)
    else:
        refused["tau"] = reason
    order = train.order
    return Analysis(
        order.family, "template" if fitted else "edges", reason, int(order.first.size), order.comb.missing, values, refused
    )


def _template(train: Train) -> tuple[PulseFit | None, str]:
    """Return the template's findings, or None and why they are not to be used."""
    try:
        fitted = fit_pulses(train)
        _agree(pulse_frequency(train), reciprocal(fitted.period))
    except UndecidedError as why:
        return None, str(why)
    return fitted, ""


def _agree(safe: Estimate, better: Estimate) -> None:
    """Refuse a template that contradicts the edges it began with."""
    if abs(safe.value - better.value) > _AGREE * (safe.u**2 + better.u**2) ** 0.5:
        raise UndecidedError(f"the template says {better.value:.9g} Hz, the edges {safe.value:.9g} Hz")


def _safe(train: Train, tau: float | None) -> tuple[dict[str, Estimate], dict[str, str]]:
    """Measure all that edges and areas tell; return it, and for the rest the reasons why they do not tell it."""
    verbs: dict[str, Callable[[], Estimate]] = {
        "frequency": lambda: pulse_frequency(train),
        "burst_frequency": lambda: burst_frequency(train),
        "positive_width": lambda: phase_width(train, 1),
        "negative_width": lambda: phase_width(train, -1),
        "gap": lambda: phase_gap(train),
        "phase_charge": lambda: mean_phase_charge(train, tau),
        "net_charge": lambda: mean_net_charge(train, tau),
        "first_pulse_ratio": lambda: ramp_ratio(train),
        "noise": lambda: rest(train).noise,
    }
    found: dict[str, Estimate] = {}
    refused: dict[str, str] = {}
    for name, measure in verbs.items():
        try:
            found[name] = measure()
        except UndecidedError as why:
            refused[name] = str(why)
    return found, refused


def _better(fitted: PulseFit, train: Train) -> dict[str, Estimate]:
    """Return what the template tells better than the edges."""
    better = {"tau": fitted.tau, "frequency": reciprocal(fitted.period)}
    if is_square(train):
        high, period = fitted.lengths[0], fitted.period
        return better | {
            "positive_width": high,
            "negative_width": Estimate(period.value - high.value, (period.u**2 + high.u**2) ** 0.5),
        }
    if train.order.family is Family.BIPHASIC:
        names = (
            ("positive_width", "gap", "negative_width") if train.order.lead > 0 else ("negative_width", "gap", "positive_width")
        )
        better |= dict(zip(names, fitted.lengths, strict=True))
        return better | {"phase_charge": fitted.charges[0 if train.order.lead > 0 else 1]}
    signs = sorted(set(train.phases.sign.tolist()), reverse=True)
    better |= {
        ("positive_width" if sign > 0 else "negative_width"): each for sign, each in zip(signs, fitted.lengths, strict=True)
    }
    return better | {"phase_charge": fitted.charges[0]}
