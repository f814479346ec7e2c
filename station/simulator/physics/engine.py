"""How a unit behaves over time: on, off, contact and timer, from one transition to the next."""

import math
from collections.abc import Callable

from station.simulator.physics.battery import UVLO_ON
from station.simulator.physics.climate import Climate
from station.simulator.physics.detector import Detector, Oscillator
from station.simulator.physics.drive import OPEN, Circuit, output_pulses, sense_pulses
from station.simulator.physics.history import History, Stretch
from station.simulator.physics.output import command, delivered, steady
from station.simulator.physics.parts import FREQUENCY, RIPPLE, SHUT_OFF, Parts
from station.simulator.physics.supply import Supply
from station.simulator.physics.timer import Timer
from station.simulator.physics.waveform import Train

_BOOT = 0.05
"""Seconds from the key to the first sense pulse."""
_SERVICE_RATE = 60.0
"""The timer's rate in a unit that was left in service mode."""
_REFRESH = 5.0
"""Seconds between two looks at a cell that is too low for the full boost voltage."""

Transition = Callable[[float], None]


def _nobody() -> None:
    """Tell nobody."""


class Engine:
    """One unit's state; each call names its moment in simulator seconds, and moments never run backwards."""

    def __init__(self, parts: Parts, climate: Climate, born: float) -> None:
        self.parts = parts
        self.history = History()
        self._climate = climate
        self._supply = Supply(parts, born)
        self._detector = Detector(parts.contact_ohm, parts.senses_contact)
        self._circuit = OPEN
        self._oscillator: Oscillator | None = None  # None: switched off
        self._timer: Timer | None = None  # None: no output pulse yet
        self._charging = self._pulsing = False
        self._level = 1
        self._rate = 1.0
        self._soft_from = born
        self._due: tuple[float, Transition] = (math.inf, self._look)
        self.heed: Callable[[], None] = _nobody
        """Told whenever a new stretch has begun."""
        self._settle(born)

    @property
    def on(self) -> bool:
        """Tell whether the unit is switched on, with output or seeking contact."""
        return self._oscillator is not None

    @property
    def next_change(self) -> float:
        """Return when the next transition is due (infinite = none is)."""
        return self._due[0]

    def advance(self, now: float) -> None:
        """Pass all transitions that are due by `now`."""
        while self._due[0] <= now:
            moment, transition = self._due
            transition(moment)
            self._settle(moment)

    def start(self, level: int, now: float) -> bool:
        """Switch on at `level` unless on already, charging, starved or dead; tell whether it is on afterwards."""
        self.advance(now)
        if not self.on and not self.parts.dead and not self._inhibited() and self._supply.feeds(now):
            self._level = level
            self._rate = _SERVICE_RATE if self.parts.service_stuck else self._rate
            self._oscillator = self._tuned(now)
            self._settle(now)
            self.advance(now)  # a cell that cannot carry it gives up at once
        return self.on

    def stop(self, now: float) -> None:
        """Switch off."""
        self.advance(now)
        self._off(now)
        self._settle(now)

    def choose(self, level: int, now: float) -> None:
        """Set the level; a running output follows at once."""
        self.advance(now)
        self._level = level
        if self._timer and self.parts.restarts_timer:
            self._timer = self._timer.restarted(now)
        self._settle(now)

    def press_level(self, level: int, now: float) -> None:
        """Press the level key: it does nothing while the unit is off."""
        self.advance(now)
        if self.on:
            self.choose(level, now)

    def buzz(self, now: float) -> None:
        """Let the vibration motor run for 200 ms."""
        self.advance(now)
        if not self.parts.dead:
            self._supply.buzz(now)
            self._settle(now)

    def charger(self, connected: bool, now: float) -> None:
        """Apply or remove VBUS; a good unit switches itself off and stays off."""
        self.advance(now)
        self._charging = connected
        if self._inhibited():
            self._off(now)
        self._settle(now)

    def connect(self, circuit: Circuit, now: float) -> None:
        """Put another circuit between the probes."""
        self.advance(now)
        self._circuit = circuit
        self._settle(now)

    def feed_through(self, lead_ohm: float, now: float) -> None:
        """Put `lead_ohm` into the battery lead."""
        self.advance(now)
        self._supply.lead(lead_ohm)
        self._settle(now)

    def hurry(self, rate: float, now: float) -> None:
        """Let the timer count `rate` times as fast."""
        self.advance(now)
        self._rate = rate
        if self._timer:
            self._timer = self._timer.at_rate(rate, now)
        self._settle(now)

    def _inhibited(self) -> bool:
        return self._charging and self.parts.charge_interlock

    def _tuned(self, now: float) -> Oscillator:
        """Return the oscillator as temperature and cell voltage make it run this time."""
        parts = self.parts
        warm, high = self._climate.celsius(now) - 25, self._supply.volts_at(self._level, now) - 3.8
        scale = 1 + parts.detune + parts.detune_per_kelvin * warm + parts.detune_per_volt * high
        return Oscillator(origin=now + _BOOT, period=1 / (FREQUENCY * scale), scale=scale)

    def _off(self, _moment: float) -> None:
        self._oscillator = self._timer = None
        self._pulsing = False
        self._detector.restart()

    def _collapse(self, moment: float) -> None:
        self._supply.starve()
        self._off(moment)

    def _change_contact(self, moment: float) -> None:
        """Start the output, softly, or go back to sense pulses."""
        self._pulsing = not self._pulsing
        self._detector.restart()
        if self._pulsing:
            self._soft_from = moment
            self._timer = self._timer or self._new_timer(moment)

    def _new_timer(self, moment: float) -> Timer:
        scale = self._oscillator.scale if self._oscillator else 1.0
        limit = SHUT_OFF / scale if self.parts.shuts_off else math.inf
        return Timer(limit, first=moment, mark=moment, rate=self._rate, early=self.parts.early)

    def _look(self, moment: float) -> None:
        """Let a transition pass that only asks for a fresh look."""

    def _settle(self, moment: float) -> None:
        """Begin a new stretch with what is true from `moment` on, and plan the next transition."""
        self._supply.use(self._level if self.on else None, moment)
        if self._oscillator:
            self._detector.watch(self._circuit.ohm, self._pulsing, moment)
        self.history.append(self._stretch(moment))
        self._due = min(self._plans(moment), key=lambda plan: plan[0])
        self.heed()

    def _plans(self, moment: float) -> list[tuple[float, Transition]]:
        """Return each transition that can come next, with its moment."""
        plans: list[tuple[float, Transition]] = [(self._supply.next_change(moment), self._look)]
        if self._oscillator:
            plans.append((self._supply.gives_up(), self._collapse))
            plans.append((self._detector.decides(self._oscillator), self._change_contact))
            plans.append((self._timer.ends() if self._timer else math.inf, self._off))
            low = self._pulsing and self._supply.drain.volts_at(moment) < UVLO_ON
            plans.append((moment + _REFRESH if low else math.inf, self._look))
        return plans

    def _stretch(self, moment: float) -> Stretch:
        parts, ohm, drain = self.parts, self._circuit.ohm, self._supply.drain
        audible = not parts.dead and (self.on or self._charging) and not math.isinf(ohm)
        return Stretch(
            start=moment,
            train=self._train(moment, self._oscillator) if self._oscillator and not math.isinf(ohm) else None,
            steady=steady(parts, self.on, drain.volts_at(moment), ohm),
            noise=parts.noise if audible else 0.0,
            ripple=RIPPLE if audible else 0.0,
            drain=drain,
        )

    def _train(self, moment: float, oscillator: Oscillator) -> Train:
        """Return the pulses from `moment` on: the output, or the sense pulses that look for skin."""
        volts = self._supply.drain.volts_at(moment)
        if not self._pulsing:
            return sense_pulses(oscillator, self._circuit, volts)
        amps = delivered(command(self.parts, self._level, self._climate.celsius(moment)), volts, self._circuit.ohm)
        return output_pulses(self.parts, oscillator, self._soft_from, amps, self._circuit)
