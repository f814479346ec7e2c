"""How a unit behaves over time: on, off, contact, timer and battery, from one transition to the next."""

import math
from collections.abc import Callable
from dataclasses import replace

from station.simulator.physics.battery import HAPTIC_AMPS, UVLO_OFF, UVLO_ON, Drain
from station.simulator.physics.climate import Climate
from station.simulator.physics.detector import Detector, Oscillator
from station.simulator.physics.drive import OPEN, Circuit, output_pulses, sense_pulses
from station.simulator.physics.history import History, Stretch
from station.simulator.physics.output import command, delivered, steady
from station.simulator.physics.parts import FREQUENCY, LEVEL_AMPS, RIPPLE, SHUT_OFF, Parts
from station.simulator.physics.timer import Timer
from station.simulator.physics.waveform import Train

_BOOT = 0.05
"""Seconds from the key to the first sense pulse."""
_BUZZ = 0.2
_IDLE_AMPS = 8e-3
"""What the boost converter takes with no output; the rest of the running current is in proportion to the level."""
_REFRESH = 5.0
"""Seconds between two looks at a cell that is too low for the full boost voltage."""


class Engine:
    """One unit's state; each call names its moment in simulator seconds, and moments never run backwards."""

    def __init__(self, parts: Parts, climate: Climate, born: float) -> None:
        self.parts = parts
        self.history = History()
        self._climate = climate
        self._circuit = OPEN
        self._lead_ohm = 0.0
        self._charging = self._pulsing = self._starved = False
        self._oscillator: Oscillator | None = None  # None: switched off
        self._timer: Timer | None = None  # None: no output pulse yet
        self._level = 1
        self._rate = 1.0
        self._soft_from = born
        self._quiet_from = born  # when the vibration motor stops
        self._detector = Detector(parts.contact_ohm, parts.senses_contact)
        self._drain = Drain(born, parts.soc, parts.quiescent, parts.capacity, parts.resistance)
        self._due: tuple[float, Callable[[float], None]] = (math.inf, self._nothing)
        self._settle(born)

    @property
    def on(self) -> bool:
        """Tell whether the unit is switched on, with output or seeking contact."""
        return self._oscillator is not None

    def advance(self, now: float) -> None:
        """Pass all transitions that are due by `now`."""
        while self._due[0] <= now:
            moment, transition = self._due
            transition(moment)
            self._settle(moment)

    def start(self, level: int, now: float) -> bool:
        """Switch on at `level` unless on already, charging, starved or dead; tell whether it is on afterwards."""
        self.advance(now)
        if not self.on and not self.parts.dead and not self._inhibited() and self._fed(now):
            self._level = level
            self._rate = 60.0 if self.parts.service_stuck else self._rate
            self._oscillator = self._tuned(now)
            self._settle(now)
            self.advance(now)
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
            self._quiet_from = now + _BUZZ
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
        self._lead_ohm = lead_ohm
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

    def _fed(self, now: float) -> bool:
        """Tell whether the cell is high enough to switch on; one that was too low must recover to UVLO_ON."""
        volts = self._drain.volts_at(now)
        self._starved = self._starved and volts <= UVLO_ON
        return not self._starved and volts > UVLO_OFF

    def _tuned(self, now: float) -> Oscillator:
        """Return the oscillator as temperature and cell voltage make it run this time."""
        parts = self.parts
        volts = replace(self._drain, amps=self._amps()).volts_at(now)
        warm, high = self._climate.celsius(now) - 25, volts - 3.8
        scale = 1 + parts.detune + parts.detune_per_kelvin * warm + parts.detune_per_volt * high
        return Oscillator(origin=now + _BOOT, period=1 / (FREQUENCY * scale), scale=scale)

    def _off(self, _moment: float) -> None:
        self._oscillator = self._timer = None
        self._pulsing = False
        self._detector.restart()

    def _collapse(self, moment: float) -> None:
        self._starved = True
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

    def _nothing(self, moment: float) -> None:
        """Let a transition pass that only asks for a fresh look."""

    def _settle(self, moment: float) -> None:
        """Begin a new stretch with what is true from `moment` on, and plan the next transition."""
        soc = float(self._drain.soc_at_one(moment))
        self._drain = replace(self._drain, start=moment, soc=soc, amps=self._amps(moment))
        if self._oscillator:
            self._detector.watch(self._circuit.ohm, self._pulsing, moment)
        self.history.append(self._stretch(moment))
        self._due = min(self._plans(moment), key=lambda plan: plan[0])

    def _amps(self, moment: float = -math.inf) -> float:
        """Return what is taken out of the cell from `moment` on, in ampere."""
        motor = HAPTIC_AMPS if moment < self._quiet_from else 0.0
        if not self.on and moment > -math.inf:
            return self.parts.quiescent + motor
        share = LEVEL_AMPS[self._level - 1] / LEVEL_AMPS[-1]
        return _IDLE_AMPS + (self.parts.running - _IDLE_AMPS) * share + motor

    def _plans(self, moment: float) -> list[tuple[float, Callable[[float], None]]]:
        """Return each transition that can come next, with its moment."""
        plans: list[tuple[float, Callable[[float], None]]] = [
            (self._quiet_from if self._quiet_from > moment else math.inf, self._nothing)
        ]
        if self._oscillator:
            plans.append((self._drain.reaches(UVLO_OFF, self._lead_ohm), self._collapse))
            plans.append((self._detector.decides(self._oscillator), self._change_contact))
            plans.append((self._timer.ends() if self._timer else math.inf, self._off))
            low = self._pulsing and self._drain.volts_at(moment) < UVLO_ON
            plans.append((moment + _REFRESH if low else math.inf, self._nothing))
        return plans

    def _stretch(self, moment: float) -> Stretch:
        parts, ohm = self.parts, self._circuit.ohm
        powered = not parts.dead and (self.on or self._charging)
        audible = powered and not math.isinf(ohm)
        return Stretch(
            start=moment,
            train=self._train(moment, self._oscillator) if self._oscillator and not math.isinf(ohm) else None,
            steady=steady(parts, self.on, self._drain.volts_at(moment), ohm),
            noise=parts.noise if audible else 0.0,
            ripple=RIPPLE if audible else 0.0,
            drain=self._drain,
        )

    def _train(self, moment: float, oscillator: Oscillator) -> Train:
        """Return the pulses from `moment` on: the output, or the sense pulses that look for skin."""
        volts = self._drain.volts_at(moment)
        if not self._pulsing:
            return sense_pulses(oscillator, self._circuit, volts)
        amps = delivered(command(self.parts, self._level, self._climate.celsius(moment)), volts, self._circuit.ohm)
        return output_pulses(self.parts, oscillator, self._soft_from, amps, self._circuit)
