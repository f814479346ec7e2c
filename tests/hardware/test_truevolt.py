"""The 34461A driver: its wire transcript byte by byte, and what it does when a reading is not one."""

import random
from collections.abc import Callable, Iterator
from statistics import mean

import pytest

from station.core.errors import InstrumentError, LinkError, NoTriggerError, SequenceError, Stopped, UndecidedError
from station.hardware.truevolt import Truevolt
from station.hardware.truevolt_tables import ac_accuracy, filter_for, nplc_at_least, nplc_within, range_above, range_for
from tests.hardware.fakes import CHECK, FakeInstrument, HandClock, HandStop, MemoryStream, Transcript, checked, scpi_on

DC = (
    b':FUNC "VOLT";:VOLT:RANG 1;:VOLT:NPLC 10;:VOLT:ZERO:AUTO 1;:VOLT:IMP:AUTO 0;:VOLT:NULL 0;:CALC:SCAL 0;'
    b":TRIG:SOUR IMM;:TRIG:DEL:AUTO 1;:TRIG:COUN 1"
)
DC_ASKED = (
    b":FUNC?;:VOLT:RANG?;:VOLT:NPLC?;:VOLT:ZERO:AUTO?;:VOLT:IMP:AUTO?;:VOLT:NULL?;:CALC:SCAL?;"
    b":TRIG:SOUR?;:TRIG:DEL:AUTO?;:TRIG:COUN?;:SAMP:COUN?"
)
DC_HELD = b'"VOLT";+1.00000000E+00;+1.00000000E+01;1;0;0;0;IMM;1;+1.00000000E+00;+2'


def meter_on(answer: Callable[[bytes], bytes], mains_hz: int = 50) -> tuple[Truevolt, HandClock, MemoryStream]:
    clock = HandClock()
    scpi, stream = scpi_on(clock, answer)
    return Truevolt(scpi, clock, mains_hz), clock, stream


def test_the_wire_transcript_of_setting_up_and_of_two_readings() -> None:
    transcript = Transcript([
        (b"*RST;*OPC?\n", b"1\n"),
        (b"*CLS;*ESR?\n", b"+128\n"),
        (b":SYST:LFR?\n", b"+50\n"),
        (DC + b";:SAMP:COUN 2\n", b""), checked(DC_ASKED, DC_HELD),
        (b":ABOR;:INIT\n", b""), CHECK,
        (b":DATA:POIN?\n", b"+1\n"), (b":DATA:POIN?\n", b"+2\n"),
        checked(b":FETC?;:FETC?;" + DC_ASKED, b"+1.00000000E-01,+1.00200000E-01;" * 2 + DC_HELD),
        (b":ABOR;:INIT\n", b""), CHECK,
        (b":DATA:POIN?\n", b"+2\n"),
        checked(b":FETC?;:FETC?;" + DC_ASKED, b"+1.00000000E-01,+1.00200000E-01;" * 2 + DC_HELD),
        (b":ABOR\n", b""), CHECK,
    ])  # fmt: skip
    meter, clock, _ = meter_on(transcript)

    meter.configure()
    first = meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=2)
    meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=2)
    meter.rest()

    assert not transcript.pairs
    assert first.value == pytest.approx(0.1001)
    settled = 0.02 + 0.005  # relays move once, and one look more
    assert clock.now() == pytest.approx(2 * 2 * (0.4 + 0.005) + settled)  # two readings, twice 10 mains periods each


@pytest.mark.parametrize("answer", [b"\n", b"0\n", b"ERROR\n"])
def test_a_meter_that_does_not_say_that_it_was_reset_is_not_used(answer: bytes) -> None:
    meter, _, _ = meter_on(Transcript([(b"*RST;*OPC?\n", answer)]))

    with pytest.raises(InstrumentError, match=r"answer.* to \*RST;\*OPC\?.*look at its supply"):
        meter.configure()


def test_a_readings_budget_names_specification_resolution_and_scatter() -> None:
    meter, _ = a_meter(["+1.00000000E-01,+1.00200000E-01"])

    reading = meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=2)

    names = ["specification, of reading", "specification, of range", "resolution", "scatter"]
    assert [part.name for part in reading.u.parts] == names
    by_hand = [40e-6 * 0.1001 / 3**0.5, 7e-6 * 1.0 / 3**0.5, 1e-6 / 3**0.5, 1e-4]
    assert [part.u for part in reading.u.parts] == pytest.approx(by_hand)
    assert reading.u.unit == "V"
    assert "range 1 V, NPLC 10, 2 readings" in reading.u.budget


def a_meter(readings: list[str], points: list[str] | None = None) -> tuple[Truevolt, FakeInstrument]:
    replies: Iterator[str] = iter(readings)
    counts: Iterator[str] = iter(points) if points else iter(lambda: "+9999", None)
    instrument = FakeInstrument(
        {":FETC?": lambda: next(replies), ":DATA:POIN?": lambda: next(counts), ":SYST:LFR?": lambda: "+50"}
    )
    meter, _, _ = meter_on(instrument)
    return meter, instrument


def test_readings_at_edges_are_first_looked_at_when_as_many_were_nearly_there_last_time() -> None:
    begun, asked = [0.0], list[int]()

    def stored() -> str:
        asked[-1] += 1
        return f"+{min(10, int((clock.now() - begun[0]) / 0.1))}"  # an edge each tenth of a second

    def answer(sent: bytes) -> bytes:
        begun[0] = clock.now() if b":INIT" in sent else begun[0]
        return instrument(sent)

    instrument = FakeInstrument(
        {":FETC?": lambda: ",".join(["+1.00000000E-01"] * 10), ":DATA:POIN?": stored, ":SYST:LFR?": lambda: "+50"}
    )
    meter, clock, _ = meter_on(answer)
    for _ in range(3):
        asked.append(0)
        meter.triggered_voltage(HandStop(), range=0.1, delay=0.001, aperture=0.01, count=10, patience=5.0)
        assert clock.now() - begun[0] <= 1.1  # of the second that ten edges take

    assert asked[0] > 8
    assert asked[1] <= asked[0] / 2
    assert asked[2] <= asked[0] / 2


def test_the_first_look_at_edges_finds_them_half_of_the_time_after_a_while() -> None:
    looks, wanted, chance = list[int](), [0.0], random.Random(1)

    def stored() -> str:
        looks[-1] += 1
        return f"+{10 * (clock.now() >= wanted[0])}"

    def answer(sent: bytes) -> bytes:
        if b":INIT" in sent:
            wanted[0] = clock.now() + chance.uniform(0.9, 1.0)  # nine periods of a tenth of a second, and the rest of one
        return instrument(sent)

    instrument = FakeInstrument(
        {":FETC?": lambda: ",".join(["+1.00000000E-01"] * 10), ":DATA:POIN?": stored, ":SYST:LFR?": lambda: "+50"}
    )
    meter, clock, _ = meter_on(answer)
    late = []
    for _ in range(400):
        looks.append(0)
        meter.triggered_voltage(HandStop(), range=0.1, delay=0.001, aperture=0.01, count=10, patience=5.0)
        late.append(clock.now() - wanted[0])

    assert mean(looks[100:]) < 1.7
    assert mean(late[100:]) < 0.04


def test_an_edge_that_comes_at_a_known_time_is_not_looked_for_before() -> None:
    looks = list[float]()

    def stored() -> str:
        looks.append(clock.now())
        return "+1"

    instrument = FakeInstrument({":FETC?": lambda: "+1.00000000E-01", ":DATA:POIN?": stored, ":SYST:LFR?": lambda: "+50"})
    meter, clock, _ = meter_on(instrument)
    meter.triggered_voltage(HandStop(), range=0.1, delay=0.1, aperture=0.03, count=1, patience=5.0, after=2.0)

    assert looks == [pytest.approx(2.0 + 0.1 + 2 * 0.02 + 0.005)]  # one mains period, and its zero


def test_an_overload_is_tried_once_on_the_next_range() -> None:
    meter, instrument = a_meter(["+9.90000000E+37", "+1.50000000E-01"])

    reading = meter.dc_voltage(HandStop(), range=0.1, aperture=0.02, count=1)

    assert reading.value == 0.15
    assert "range 1 V" in reading.u.budget
    assert [told for told in instrument.told if told.startswith(":VOLT:RANG ")] == [":VOLT:RANG 0.1", ":VOLT:RANG 1"]


@pytest.mark.hazard("TR-07")
def test_an_overload_on_both_ranges_is_undecided_and_never_a_number() -> None:
    meter, _ = a_meter(["+9.90000000E+37"] * 3)

    with pytest.raises(UndecidedError, match="over range"):
        meter.dc_voltage(HandStop(), range=0.1, aperture=0.02, count=1)


@pytest.mark.parametrize("answer", ["+1.2345", "", "****", "9.91E37", "+1.00000000E-01,+1.00000000E-01"])
def test_a_cut_off_or_strange_reading_is_a_link_error(answer: str) -> None:
    meter, _ = a_meter([answer])

    with pytest.raises(LinkError):
        meter.dc_voltage(HandStop(), range=0.1, aperture=0.02, count=1)


@pytest.mark.hazard("TR-10")
def test_a_setting_that_moved_under_us_voids_the_reading() -> None:
    meter, instrument = a_meter([])

    def touched() -> str:
        instrument.settings[":VOLT:NPLC"] = "0.02"
        return "+1.00000000E-01"

    instrument.answers[":FETC?"] = touched

    with pytest.raises(InstrumentError, match=r"0\.02.* to :VOLT:NPLC\?, not 10: it was rounded"):
        meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)


@pytest.mark.hazard("TR-10")
@pytest.mark.parametrize("key", [":VOLT:NULL", ":CALC:SCAL"])
def test_a_reading_that_a_key_of_the_panel_reckons_with_is_void(key: str) -> None:
    """Null takes what flows just then off every later reading: a direct current that should fail the unit reads zero."""
    meter, instrument = a_meter([])

    def pressed() -> str:
        instrument.settings[key] = "1"
        return "+0.00000000E+00"

    instrument.answers[":FETC?"] = pressed

    with pytest.raises(InstrumentError, match=rf"'1' to {key}\?, not 0.*somebody touched the front panel"):
        meter.dc_voltage(HandStop(), range=0.1, aperture=0.2, count=1)


@pytest.mark.hazard("TR-10")
def test_a_null_of_the_alternating_voltage_voids_its_reading_too() -> None:
    meter, instrument = a_meter([])

    def pressed() -> str:
        instrument.settings[":VOLT:AC:NULL"] = "1"
        return "+0.00000000E+00"

    instrument.answers[":FETC?"] = pressed

    with pytest.raises(InstrumentError, match=r"to :VOLT:AC:NULL\?, not 0"):
        meter.ac_voltage(HandStop(), range=0.1, lowest=8.0, count=1)


def test_after_a_moved_setting_everything_is_written_afresh() -> None:
    meter, instrument = a_meter(["+1.00000000E-01"] * 3)
    meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)
    instrument.settings[":VOLT:RANG"] = "10"
    with pytest.raises(InstrumentError):
        meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)

    meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)

    assert instrument.told.count(":VOLT:RANG 1") == 2


@pytest.mark.hazard("TR-09")
def test_a_meter_that_was_power_cycled_gives_no_reading() -> None:
    meter, instrument = a_meter([])

    def rebooted() -> str:
        instrument.status = 128
        return "+1.00000000E-01"

    instrument.answers[":FETC?"] = rebooted

    with pytest.raises(InstrumentError, match="switched off and on"):
        meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)


def test_the_trigger_delay_is_written_after_the_integration_time_that_would_reset_it() -> None:
    meter, instrument = a_meter(["+1.00000000E-01"])

    meter.triggered_voltage(HandStop(), range=0.45, delay=4e-4, aperture=4.1e-3, count=1, patience=3.0)

    written = [told for told in instrument.told if " " in told]
    assert written.index(":TRIG:DEL 0.0004") > written.index(":VOLT:NPLC 0.2")
    assert {":TRIG:SOUR EXT", ":TRIG:SLOP POS", ":TRIG:COUN 1", ":SAMP:COUN 1", ":VOLT:RANG 1"} <= set(written)


def test_edges_that_do_not_come_are_a_trigger_error_and_leave_the_meter_idle() -> None:
    meter, instrument = a_meter([], ["+3"] * 1000)

    with pytest.raises(NoTriggerError, match="3 of 10 edges on SYNC within 2 s"):
        meter.triggered_voltage(HandStop(), range=0.45, delay=0.0, aperture=0.004, count=10, patience=2.0)

    assert instrument.told[-3] == ":ABOR"


@pytest.mark.hazard("TR-11")
def test_readings_that_do_not_come_by_themselves_are_an_instrument_error() -> None:
    meter, _ = a_meter([], ["+0"] * 1000)

    with pytest.raises(InstrumentError, match="0 of 1 readings"):
        meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)


def test_a_long_reading_hears_a_stop() -> None:
    meter, instrument = a_meter([], ["+0"] * 1000)
    stop = HandStop()

    def pressed() -> str:
        stop.set("somebody pressed stop")
        return "+0"

    instrument.answers[":DATA:POIN?"] = pressed

    with pytest.raises(Stopped):
        meter.dc_voltage(stop, range=1.0, aperture=2.0, count=100)


def test_ac_is_read_until_two_readings_agree() -> None:
    meter, instrument = a_meter(["+1.00000000E-01", "+1.20000000E-01", "+1.26000000E-01", "+1.26010000E-01"])

    reading = meter.ac_voltage(HandStop(), range=0.14, lowest=10.0, count=1)

    assert reading.value == 0.12601
    assert instrument.settings[":VOLT:AC:BAND"] == "3"
    assert instrument.settings[":FUNC"] == '"VOLT:AC"'
    assert meter.input_ohm == 1e6


def test_an_ac_signal_that_never_settles_is_given_with_its_unsteadiness_in_the_budget() -> None:
    meter, _ = a_meter([f"+{1 + 2 * (turn % 2)}.00000000E-01" for turn in range(20)])

    reading = meter.ac_voltage(HandStop(), range=0.5, lowest=10.0, count=1)

    assert reading.value == pytest.approx(0.2)
    assert reading.u.u > 0.09


def test_an_ac_overload_goes_one_range_up() -> None:
    meter, _ = a_meter(["+9.90000000E+37", "+9.90000000E+37", "+1.26000000E-01", "+1.26000000E-01"])

    assert meter.ac_voltage(HandStop(), range=0.1, lowest=10.0, count=1).value == 0.126


def test_a_mains_frequency_that_is_not_the_stations_is_refused() -> None:
    meter, _ = a_meter([])
    wrong = Truevolt(meter._scpi, HandClock(), 60)  # noqa: SLF001 - the same wire, another configuration

    with pytest.raises(InstrumentError, match="mains_hz"):
        wrong.configure()


@pytest.mark.parametrize(
    ("aperture", "mains", "longest"),
    [(4.1e-3, 50, 0.2), (4.1e-3, 60, 0.2), (3e-3, 50, 0.02), (0.2, 50, 10), (0.2, 60, 10), (2.0, 50, 100)],
)
def test_the_longest_integration_that_fits_is_taken(aperture: float, mains: int, longest: float) -> None:
    assert nplc_within(aperture, mains) == longest


def test_an_aperture_shorter_than_the_shortest_integration_is_the_steps_fault() -> None:
    with pytest.raises(SequenceError, match="does not fit"):
        nplc_within(1e-4, 50)


@pytest.mark.parametrize(("aperture", "mains", "shortest"), [(0.2, 50, 10), (0.2, 60, 100), (0.02, 50, 1), (0.0, 50, 0.02)])
def test_the_shortest_integration_that_is_long_enough_is_taken(aperture: float, mains: int, shortest: float) -> None:
    assert nplc_at_least(aperture, mains) == shortest


def test_an_aperture_beyond_the_longest_integration_is_the_steps_fault() -> None:
    with pytest.raises(SequenceError, match="several readings"):
        nplc_at_least(3.0, 50)


@pytest.mark.parametrize(("volts", "full"), [(0.1, 0.1), (0.12, 0.1), (0.121, 1.0), (-5.0, 10.0), (1000.0, 1000.0)])
def test_the_smallest_range_that_holds_the_value_is_taken(volts: float, full: float) -> None:
    assert range_for(volts) == full


def test_there_is_no_range_beyond_the_last() -> None:
    assert range_above(1000.0) is None
    with pytest.raises(SequenceError, match="no range"):
        range_for(1001.0)


def test_a_signal_below_the_lowest_filter_cannot_be_read() -> None:
    with pytest.raises(SequenceError, match="3 Hz"):
        filter_for(0.5)


def test_the_accuracy_gets_worse_towards_the_filters_corner() -> None:
    assert ac_accuracy(1.0, 3.0).reading > ac_accuracy(1.0, 5.0).reading > ac_accuracy(1.0, 10.0).reading


def test_a_reading_that_is_another_when_asked_again_is_never_used() -> None:
    meter, instrument = a_meter(["+1.00000000E-01"])
    copies = ["+1.00000000E-01", "+1.10000000E-01"]
    instrument.lasting = ()
    instrument.answers[":FETC?"] = copies.pop

    with pytest.raises(InstrumentError, match=r":FETC\?.* differently when asked again: its line is bad"):
        meter.dc_voltage(HandStop(), range=1.0, aperture=0.2, count=1)
