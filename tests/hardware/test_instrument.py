"""An instrument after trouble: resynchronised or reached again, always set up in full, or given up."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from station.core.config import InstrumentConfig
from station.core.equipment import Certificate
from station.core.errors import IdentityError, LinkError, Stopped
from station.hardware.instrument import Instrument
from station.hardware.scpi import Scpi
from station.hardware.truevolt import Truevolt
from tests.hardware.fakes import FakeInstrument, HandClock, HandStop, MemoryStream, scpi_on

CONFIG = InstrumentConfig(
    "dmm", "34461A", "TCPIP0::there::5025::SOCKET", "MY1", Certificate("C1", date(2026, 1, 1), date(2027, 1, 1))
)


@dataclass
class Rack:
    """A meter that can be unplugged, and counts how often it was connected."""

    clock: HandClock = field(default_factory=HandClock)
    streams: list[MemoryStream] = field(default_factory=list)
    tries: int = 0
    plugged: bool = True
    serial: str = "MY1"

    def __post_init__(self) -> None:
        who = {"*IDN?": lambda: f"Keysight Technologies,34461A,{self.serial},A.02", ":SYST:LFR?": lambda: "+50"}
        self.meter = FakeInstrument({**who, ":DATA:POIN?": lambda: "+1", ":FETC?": lambda: "+1.00000000E+00", "*ESE?": self.tag})

    def tag(self) -> str:
        return f"+{self.meter.settings['*ESE']}"

    def connect(self) -> Scpi:
        self.tries += 1
        if not self.plugged:
            raise LinkError("nothing answers")
        scpi, stream = scpi_on(self.clock, self.meter)
        self.streams.append(stream)
        return scpi

    def instrument(self) -> Instrument[Truevolt]:
        return Instrument(CONFIG, self.connect, lambda scpi: Truevolt(scpi, self.clock, 50), self.clock)

    def break_off(self, instrument: Instrument[Truevolt]) -> None:
        self.meter.answers[":FETC?"] = lambda: "+1.00"
        with pytest.raises(LinkError):
            instrument.driver.dc_voltage(HandStop(), range=1.0, aperture=0.02, count=1)
        self.meter.answers[":FETC?"] = lambda: "+1.00000000E+00"


@pytest.fixture
def rack() -> Rack:
    return Rack()


def test_a_sound_instrument_is_left_alone(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.meter.told.clear()

    instrument.ready(HandStop())

    assert rack.meter.told == []


@pytest.mark.hazard("TR-14")
def test_a_dirty_link_is_resynchronised_and_the_instrument_set_up_in_full(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.meter.told.clear()

    instrument.ready(HandStop())

    assert rack.tries == 1
    assert rack.meter.told[:4] == ["*ESE 1", "*ESE?", "*IDN?", "*IDN?"]
    assert "*RST" in rack.meter.told
    assert instrument.driver.dc_voltage(HandStop(), range=1.0, aperture=0.02, count=1).value == 1.0


@pytest.mark.hazard("TR-13")
def test_a_lost_connection_is_opened_again(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone = "the peer closed the connection"

    instrument.ready(HandStop())

    assert rack.tries == 2
    assert rack.streams[0].closed


@pytest.mark.hazard("TR-13")
def test_an_instrument_that_stays_away_is_given_up_after_three_tries(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone, rack.plugged = "the peer closed the connection", False

    rack.clock.waits.clear()

    with pytest.raises(LinkError, match="dmm cannot be reached again"):
        instrument.ready(HandStop())
    assert rack.tries == 4
    assert rack.clock.waits == [0.0, 0.5, 2.0]  # the pauses grow, and they end
    rack.plugged = True
    instrument.ready(HandStop())

    assert rack.tries == 5


@pytest.mark.hazard("TR-14")
def test_an_instrument_that_was_reached_again_is_set_up_in_full(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone = "the peer closed the connection"
    rack.meter.settings.clear()
    rack.meter.told.clear()

    instrument.ready(HandStop())
    instrument.driver.dc_voltage(HandStop(), range=1.0, aperture=0.02, count=1)

    assert rack.meter.told[rack.meter.told.index("*IDN?") + 1 :][:2] == ["*RST", "*OPC?"]
    written = {line.split()[0] for line in rack.meter.told if " " in line}
    assert {":FUNC", ":VOLT:RANG", ":VOLT:NPLC", ":TRIG:SOUR", ":SAMP:COUN"} <= written


@pytest.mark.hazard("TR-13", "SP-01")
def test_a_stop_is_heard_while_an_instrument_is_waited_for(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone, rack.plugged = "the peer closed the connection", False
    stop = HandStop()
    rack.clock.alarms.append((rack.clock.now() + 0.1, lambda: stop.set("E-stop")))

    with pytest.raises(Stopped, match="E-stop"):
        instrument.ready(stop)

    assert rack.tries == 2  # the first, and one before the pause in which the stop came


@pytest.mark.hazard("EQ-05")
def test_another_instrument_in_its_place_is_not_accepted(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone, rack.serial = "the peer closed the connection", "MY2"

    with pytest.raises(IdentityError, match="MY2; expected is 34461A, serial MY1"):
        instrument.ready(HandStop())


@pytest.mark.hazard("EQ-05")
def test_a_stranger_in_its_place_never_stands_on_record_beside_its_certificate(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.break_off(instrument)
    rack.streams[0].gone, rack.serial = "the peer closed the connection", "MY2"
    with pytest.raises(IdentityError):
        instrument.ready(HandStop())

    assert ("MY1", "C1") == (instrument.equipment().serial, instrument.equipment().certificate)


@pytest.mark.hazard("TR-14")
def test_a_suspect_instrument_is_set_up_afresh(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.meter.told.clear()
    instrument.suspect("a setting moved")

    instrument.ready(HandStop())
    instrument.ready(HandStop())

    assert rack.meter.told.count("*RST") == 1


def test_closing_leaves_it_idle(rack: Rack) -> None:
    instrument = rack.instrument()

    instrument.close()

    assert ":ABOR" in rack.meter.told
    assert rack.streams[0].closed


def test_closing_one_that_is_gone_is_no_error(rack: Rack) -> None:
    instrument = rack.instrument()
    rack.streams[0].gone = "the peer closed the connection"

    instrument.close()

    assert rack.streams[0].closed
