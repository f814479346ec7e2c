"""Both instruments are thrown at with what no driver would send; they must complain, never fall over."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.simulator.infiniivision import InfiniiVision
from station.simulator.ports import Device
from station.simulator.truevolt import Truevolt
from tests.simulator.fakes import Steps

WAVE = Steps(((0.003, 1.0), (0.007, -1.0)), edges=[0.01 * k for k in range(1000)])
MAKERS: list[Callable[[], Device]] = [
    lambda: Truevolt(WAVE, np.random.default_rng(1)),
    lambda: InfiniiVision(WAVE, np.random.default_rng(1)),
]

HEADERS = """READ? FETC? INIT ABOR *TRG *OPC *OPC? *WAI *RST *CLS *STB? *ESR? *SAV *RCL R? DATA:REM? DATA:POIN? DATA:LAST?
CONF CONF? CONF:VOLT:AC CONF:RES MEAS:VOLT:DC? MEAS:CURR:AC? MEAS? FUNC VOLT:RANG VOLT:RANG:AUTO VOLT:NPLC VOLT:RES
VOLT:RES? VOLT:NULL VOLT:NULL:VAL CURR:RANG RES:RANG VOLT:AC:BAND DET:BAND TRIG:SOUR TRIG:COUN TRIG:DEL SAMP:COUN ZERO:AUTO
DISP:TEXT DISP:TEXT? CHAN1? CHAN1:SCAL CHAN1:RANG CHAN1:PROB CHAN1:DISP CHAN2:DISP CHAN1:LAB TIM? TIM:RANG TIM:SCAL TIM:POS
TIM:REF TIM:MODE RUN STOP SING DIG TRIG:FORC TRIG:LEV TRIG:LEV? TRIG:SLOP TRIG:SWE ACQ:TYPE WAV:PRE? WAV:DATA? WAV:POIN
WAV:POIN? WAV:POIN:MODE WAV:SOUR WAV:FORM WAV:XINC? MEAS:FREQ? MEAS:VAV? MEAS:VRMS? MEAS:PWID? MEAS:RIS? MEAS:VPP MEAS:DEF
SYST:SET SYST:SET? DISP:DATA? AUT VIEW STAT? OPER:COND? TER? AER? SYST:ERR? STAT:QUES:ENAB *ESE *SRE"""

VALUES = [
    "",
    "0",
    "1",
    "-1",
    "5",
    "1E999",
    "1E-30",
    "1 V",
    "10 ms",
    "MIN",
    "MAX",
    "DEF",
    "AUTO",
    "ONCE",
    "INF",
    "ON",
    "EXT",
    "BUS",
]
VALUES += ["CHAN1", "CHAN2", "CHAN9", "LINE", "NORM", "RAW", "WORD", "ASC", "AVER", "PEAK", "HRES", "ROLL", "LEFT", "NEG", "EITH"]
VALUES += [
    '"VOLT:AC"',
    '"x',
    "#13abc",
    "#0abc",
    "#HFF",
    "#\xb2",
    "\xe9",
    "(@1,2)",
    "WAIT",
    "CYCL",
    "DISP",
    "AC",
    ",",
    "1,2",
    "'q'",
]

command = st.builds(
    lambda header, values: f"{header} {','.join(values)}".strip(),
    st.sampled_from(HEADERS.split()),
    st.lists(st.sampled_from(VALUES), max_size=3),
)
message = st.lists(command, min_size=1, max_size=4).map(";:".join)


@pytest.mark.parametrize("make", MAKERS, ids=["meter", "scope"])
@given(messages=st.lists(message, max_size=6), raw=st.binary(max_size=40))
@settings(deadline=None, max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
def test_no_command_fells_an_instrument(make: Callable[[], Device], messages: list[str], raw: bytes) -> None:
    device, now = make(), 0.0
    device.opened(now)

    for text in messages:
        now += 0.3
        device.receive(text.encode("latin-1") + b"\n", now)
        device.poll(now)
    device.receive(raw, now)
    device.closed(now + 1.0)
    device.receive(b"*CLS;:SYST:ERR?\n", now + 2.0)

    assert device.poll(now + 2.0) == b'+0,"No error"\n'
