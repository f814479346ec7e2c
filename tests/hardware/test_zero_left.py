"""The zero of a path that could not be read: who goes on in the loan never measures it for the unit."""

from collections.abc import Iterator

import pytest

from station.core.errors import LoanError, UndecidedError
from station.hardware.bench import StationBench
from station.hardware.lending import Lending
from tests.hardware.conftest import Spawn
from tests.hardware.fakes import HandStop
from tests.hardware.test_fixture import FILE, Held, holding
from tests.hardware.test_instrument import Rack


@pytest.fixture
def held(spawn: Spawn) -> Iterator[Held]:
    with holding(spawn) as made:
        made.fixture.begin()
        yield made


def test_a_zero_that_could_not_be_read_ends_the_loan(held: Held) -> None:
    rack = Rack()
    bench = StationBench(held.fixture, FILE, {"dmm": rack.instrument()}, {}, Lending(rack.clock, lambda _: None), held.clock)

    with bench.dmm(3, HandStop(), "battery") as dmm:
        rack.meter.answers[":FETC?"] = lambda: "+9.90000000E+37"
        with pytest.raises(UndecidedError):
            dmm.zero_voltage(range=1000.0)
        rack.meter.answers[":FETC?"] = lambda: "+1.00000000E-06"

        with pytest.raises(LoanError, match="outside its loan"):
            dmm.dc_voltage(range=5.0)

    assert held.far.executed[-1] == "ROUTE D1 off"
