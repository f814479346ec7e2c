import pytest

from tests.simulator.fakes import Steps, meter, steady

BIPHASIC = ((0.005, 0.8), (0.0005, 0.0), (0.005, -0.8), (0.0895, 0.0))  # 10 Hz, the shape of the product


def test_fetching_nothing_is_stale() -> None:
    talk = meter()

    talk.send("FETC?")

    assert talk.error() == -230


def test_a_change_of_settings_makes_readings_stale() -> None:
    talk = meter()
    talk.ask("READ?")

    talk.send("VOLT:NPLC 1;:FETC?")

    assert talk.error() == -230


def test_initiating_twice_is_ignored_and_named() -> None:
    talk = meter()

    talk.send("INIT;INIT")

    assert talk.error() == -213
    assert len(talk.ask("FETC?").split(",")) == 1


def test_a_change_of_settings_ends_the_wait_for_a_trigger() -> None:
    talk = meter()
    talk.send("TRIG:SOUR BUS;:INIT")
    waiting = talk.ask("STAT:OPER:COND?")

    talk.send("VOLT:NPLC 1")
    idle = talk.ask("STAT:OPER:COND?")
    talk.send("*TRG")

    assert (waiting, idle) == ("+48", "+0")
    assert talk.error() == -211


def test_the_bus_triggers_what_was_initiated() -> None:
    talk = meter()
    talk.send("TRIG:SOUR BUS;COUN 2;:SAMP:COUN 3;:INIT")
    talk.send("*TRG;*WAI")
    stuck = talk.pass_time(5.0)
    talk.device.closed(talk.now)  # *WAI waits for a second trigger that cannot come past it
    talk.send("*TRG")

    assert stuck == b""
    assert len(talk.ask("FETC?").split(",")) == 6


@pytest.mark.parametrize("query", ["READ?", "INIT;:FETC?"])
def test_a_query_that_would_wait_for_the_bus_is_a_deadlock(query: str) -> None:
    talk = meter()

    talk.send(f"TRIG:SOUR BUS;:{query}")

    assert talk.error() == -214


def test_a_level_trigger_is_refused() -> None:
    talk = meter()

    talk.send("TRIG:SOUR INT")

    assert talk.error() == -224


def test_external_triggers_start_readings_after_the_delay() -> None:
    wave = Steps(BIPHASIC, edges=[0.1 * k for k in range(1, 50)])
    talk = meter(wave)
    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 0.02;:TRIG:SOUR EXT;COUN 3;DEL 0.006")

    readings = [float(text) for text in talk.ask("READ?").split(",")]

    assert readings == pytest.approx([-0.8] * 3, abs=1e-3)
    assert talk.now == pytest.approx(0.3 + 0.006 + 0.0008, abs=0.006)


def test_edges_during_a_reading_are_ignored() -> None:
    talk = meter(Steps(BIPHASIC, edges=[0.1, 0.11, 0.15, 0.6, 0.61]))

    talk.send("CONF:VOLT:DC 1;:VOLT:NPLC 10;:TRIG:SOUR EXT;COUN INF;:INIT")
    talk.pass_time(2.0)

    assert talk.ask("DATA:POIN?") == "+2"


def test_without_edges_a_read_waits_and_a_new_client_is_heard() -> None:
    talk = meter(steady(1.0))
    talk.send("TRIG:SOUR EXT;:READ?")

    silence = talk.pass_time(60.0)
    talk.device.closed(talk.now)
    talk.send("*CLS;:ABOR")

    assert silence == b""
    assert talk.ask("STAT:OPER:COND?") == "+0"


def test_auto_delay_comes_back_when_the_integration_changes() -> None:
    talk = meter()

    talk.send("TRIG:DEL 0.5")
    before = talk.ask("TRIG:DEL:AUTO?;:TRIG:DEL?")
    talk.send("VOLT:NPLC 1")

    assert before == "0;+5.00000000E-01"
    assert talk.ask("TRIG:DEL:AUTO?;:TRIG:DEL?") == "1;+1.60000000E-04"


def test_reading_out_takes_a_block_of_text_and_never_waits() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 1;:SAMP:COUN 4;:INIT")

    early = talk.raw("R?")
    talk.pass_time(1.0)
    two = talk.raw("R? 2").decode()

    assert early == b"#10\n"
    assert two.startswith("#231")
    assert len(two[4:-1].split(",")) == 2
    assert talk.ask("DATA:POIN?") == "+2"


def test_removing_waits_when_told_to_and_is_refused_otherwise() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 1;:SAMP:COUN 4;:INIT")

    talk.send("DATA:REM? 2")
    refused = talk.error()
    waited = talk.ask("DATA:REM? 2,WAIT").split(",")

    assert refused == -222
    assert len(waited) == 2
    assert 0.08 < talk.now < 0.1


def test_the_last_reading_carries_its_unit() -> None:
    talk = meter()

    nothing = talk.ask("DATA:LAST?")
    talk.ask("READ?")

    assert nothing == "+9.91000000E+37"
    assert talk.ask("DATA:LAST?").endswith(" VDC")


def test_the_memory_keeps_ten_thousand_and_overwrites_the_oldest() -> None:
    talk = meter()
    talk.send("CONF:VOLT 1;:VOLT:NPLC 0.02;ZERO:AUTO OFF;:SAMP:COUN 10010;:INIT")

    talk.pass_time(20.0)

    assert talk.ask("DATA:POIN?;:STAT:QUES?") == "+10000;+16384"
