"""The analog side of one channel: its gain and offset errors inside the specification, its noise, its converter."""

import numpy as np

from station.simulator.ports import Floats
from station.simulator.scope.channel import Screen
from station.simulator.scope.record import CODES, Codes

GAIN_LIMIT = 0.02  # of reading
OFFSET_DIVISIONS, OFFSET_VOLTS, OFFSET_FRACTION = 0.1, 2e-3, 0.01  # ±(0.1 div + 2 mV + 1 % of the offset)
_NOISE = 0.003  # rms, of full scale
_LIMITED_NOISE = 0.6  # what the 20 MHz filter leaves of it
_FINE_NOISE = 0.25  # what averaging inside high resolution leaves of it


class Frontend:
    """One channel's amplifier and converter; `rng` draws its errors once and its noise always."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._gain = 1.0 + GAIN_LIMIT * _inside(rng)
        self._offset = _inside(rng)

    def shown(self, volts: Floats, screen: Screen) -> Floats:
        """Return what (n,) volts at the connector look like on the screen, in volts, without noise."""
        sign = -screen.probe if screen.inverted else screen.probe
        centred = volts - volts.mean() if screen.alternating and len(volts) else volts
        limit = OFFSET_DIVISIONS * screen.scale + OFFSET_VOLTS * screen.probe + OFFSET_FRACTION * abs(screen.offset)
        shown: Floats = sign * self._gain * centred
        shown += self._offset * limit
        return shown

    def codes(self, volts: Floats, screen: Screen, bits: int) -> Codes:
        """Digitise (n,) volts at the connector with `bits` bits, on the 16-bit scale; beyond the screen codes stick."""
        levels = 1 << bits
        noise = _NOISE * (_LIMITED_NOISE if screen.limited else 1.0) * (_FINE_NOISE if bits > 8 else 1.0)
        parts = self.shown(volts, screen)  # worked on in place: each further array of a long record is memory afresh
        parts -= screen.offset
        parts /= screen.height
        parts += self._rng.normal(0.0, noise, len(volts))
        parts *= levels
        np.rint(parts, out=parts)
        parts += levels // 2
        np.clip(parts, 0, levels - 1, out=parts)
        parts *= CODES // levels
        codes: Codes = parts.astype(np.uint16)
        return codes


def _inside(rng: np.random.Generator) -> float:
    """Draw a share of a limit whose two standard deviations are the limit, never outside it."""
    return float(np.clip(rng.normal(0.0, 0.5), -1.0, 1.0))
