"""Record pulses with a Keysight InfiniiVision X-Series oscilloscope: armed by us, proven armed, proven triggered, read exactly.

AUToscale and DIGitize are never used: the first changes everything, the second blocks, and a raw socket has no device clear.
The time base is as the 1000A Series Service Guide has it (table 8: 50 ppm up to 30 degC, and 5 ppm for each year).
[unverified]: that the 1200 X-Series has the same, and its DC gain and offset. Check them against your data sheet.
"""

from station.core.clock import Clock, Stop
from station.core.errors import InstrumentError, NoTriggerError, SequenceError
from station.core.uncertainty import rectangular
from station.core.waveform import Waveform
from station.hardware.link import ADVICE
from station.hardware.polling import poll
from station.hardware.record import Asked, Preamble, parse_preamble, waveform
from station.hardware.scpi import Scpi
from station.hardware.settings import Settings
from station.hardware.steps import step_up

MODELS = ("DSOX1204G", "DSOX1204A", "DSOX1202G", "DSOX1202A")
INPUT_OHM = 1e6
GAIN_ACCURACY = rectangular(0.03)  # 3 % of full scale, DC
TIME_ACCURACY = rectangular(55e-6)  # 50 ppm, and 5 ppm for a year of ageing
_OFFSET_DIVISIONS, _OFFSET_VOLTS = 0.1, 0.002
DIVISIONS, _ACROSS = 8.0, 10.0
_HEADROOM = 1.1
_SYNC_VOLTS = 1.5
_SMALLEST = 0.001
_RUN = 8
_SPARE = 2.0
_FIRST_LOOK = 0.02  # s between the first two looks whether a record is there
_CHANNEL: dict[str, float | int | str] = {
    ":CHAN1:DISP": 1,
    ":CHAN1:PROB": 1.0,  # before the scale, which it changes
    ":CHAN1:COUP": "DC",
    ":CHAN1:BWL": 1,
    ":CHAN1:INV": 0,
    ":CHAN1:OFFS": 0.0,
    ":ACQ:TYPE": "HRES",  # averages what a slow record would throw away: keeps charge, lowers noise
    ":TIM:MODE": "MAIN",
    ":TIM:REF": "CENT",
    ":TRIG:MODE": "EDGE",
    ":TRIG:EDGE:SOUR": "EXT",
    ":TRIG:EDGE:LEV": _SYNC_VOLTS,
    ":TRIG:EDGE:SLOP": "POS",
    ":TRIG:SWE": "NORM",
    ":WAV:SOUR": "CHAN1",
    ":WAV:FORM": "WORD",
    ":WAV:BYT": "LSBF",
    ":WAV:UNS": 1,
    ":WAV:POIN:MODE": "RAW",
}


def scale_for(peak: float) -> float:
    """Return the volts a division that +-`peak` V need at least."""
    return max(_HEADROOM * peak / (DIVISIONS / 2), _SMALLEST)


def offset_accuracy(scale: float) -> float:
    """Return the standard uncertainty of the offset as a fraction of full scale, on `scale` V a division."""
    return rectangular((_OFFSET_DIVISIONS * scale + _OFFSET_VOLTS) / (DIVISIONS * scale))


class InfiniiVision:
    """An InfiniiVision that is open, identified and set up."""

    def __init__(self, scpi: Scpi, clock: Clock) -> None:
        self._scpi = scpi
        self._clock = clock
        self._settings = Settings(scpi)
        self._asked: Asked | None = None
        self._whole = 0.0  # s of the clock: no record that was asked for is there before
        self._scale = 0.1

    @property
    def offset_accuracy(self) -> float:
        """Return the standard uncertainty of the offset as a fraction of full scale, on the scale used last."""
        return offset_accuracy(self._scale)

    def configure(self) -> None:
        """Bring it from whatever state it is in to ours; done at opening and after every trouble."""
        self._settings.forget()
        self._asked = None
        self._scpi.start_afresh()
        self._settings.hold(_CHANNEL)

    def rest(self) -> None:
        """Leave it stopped, waiting for nothing."""
        self._asked = None
        self._scpi.command(":STOP")

    def arm(self, stop: Stop, *, span: float, peak: float, before: float, points: int) -> None:
        """Wait for the next edge on SYNC: `span` s, `before` s of it earlier, +-`peak` V; returns once it is truly armed.

        Time and volts a division are rounded up to the steps 1-2-5, where every oscilloscope is calibrated.
        """
        asked = Asked(span, before, step_up(span / _ACROSS), points)
        self._scale = step_up(scale_for(peak))
        self._asked = None
        screen = {":CHAN1:SCAL": self._scale, ":TIM:SCAL": asked.division, ":TIM:POS": asked.centre}
        self._settings.hold({**_CHANNEL, **screen})
        self._scpi.numbers(":TER?", ":AER?")  # reading clears them: what they say from now on is of this record
        begun = self._clock.now()
        self._scpi.command(":SING")
        if not poll(self._clock, stop, self._armed, expected=max(before, 0.0), patience=2.0 * max(before, 0.0) + _SPARE):
            raise InstrumentError(f"{self._scpi.name} answers 0 to :AER?, it does not arm; {ADVICE}")
        self._asked, self._whole = asked, begun + asked.length

    def read(self, stop: Stop, *, patience: float, forced: bool = False) -> Waveform:
        """Return the record that `arm` asked for; raises NoTriggerError when no edge came within `patience` s."""
        asked, self._asked = self._asked, None
        if asked is None:
            raise SequenceError("the oscilloscope was asked for a record that nobody armed")
        left, after = max(0.0, self._whole - self._clock.now()), asked.length - asked.before
        if not poll(self._clock, stop, self._stopped, expected=left, patience=patience + after + _SPARE, pause=_FIRST_LOOK):
            raise self._late(patience)
        if not forced and self._scpi.number(":TER?") != 1:
            cause = "somebody touched its front panel; test the unit again"
            raise InstrumentError(f"{self._scpi.name} answered 0 to :TER?, it stopped without a trigger: {cause}")
        return self._fetched(asked)

    def look(self, stop: Stop, *, span: float, peak: float, points: int) -> Waveform:
        """Return a record of `span` s, holding +-`peak` V, taken at once: armed like any other, then forced."""
        self.arm(stop, span=span, peak=peak, before=0.0, points=points)
        self._scpi.command(":TRIG:FORC")
        return self.read(stop, patience=_SPARE, forced=True)

    def await_edge(self, stop: Stop) -> None:
        """Wait for the next edge on SYNC, whose record nobody asks for."""
        self.arm(stop, span=0.01, peak=1.0, before=0.0, points=1000)

    def saw_edge(self) -> bool:
        """Return whether the edge of `await_edge` has come; it answers so once."""
        return self._scpi.number(":TER?") == 1

    def _armed(self) -> bool:
        return self._scpi.number(":AER?") == 1

    def _stopped(self) -> bool:
        return not int(self._scpi.number(":OPER:COND?")) & _RUN

    def _late(self, patience: float) -> InstrumentError:
        triggered = self._scpi.number(":TER?") == 1
        self.rest()
        if triggered:
            return InstrumentError(f"{self._scpi.name} answered 1 to :TER? but does not finish its record; {ADVICE}")
        return NoTriggerError(f"{self._scpi.name} saw no edge on SYNC within {patience:g} s")

    def _fetched(self, asked: Asked) -> Waveform:
        preamble = self._preamble(asked)  # errors are read before the block is asked for
        codes = self._scpi.block_twice(":WAV:DATA?", _SPARE, 2 * preamble.points)
        self._settings.confirm("reading a record")
        return waveform(codes, preamble, asked, self._scpi.name)

    def _preamble(self, asked: Asked) -> Preamble:
        answers = self._scpi.command_and_ask([f":WAV:POIN {asked.points_of_record}"], [":WAV:PRE?"] * 2)
        return parse_preamble(self._scpi.agreed(":WAV:PRE?", *answers), self._scpi.name)
