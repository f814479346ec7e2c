"""What the proof of the wiring makes of what meters say, with a fixture that does as it is told."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from station.core.clock import Stop
from station.core.errors import LinkError, WiringError
from station.hardware.scpi_text import Identity
from station.hardware.wiring import Wiring
from tests.hardware.conftest import Spawn
from tests.hardware.test_fixture import Held, holding


@dataclass
class FakeMeter:
    """A meter whose input hangs on bus `on` and whose trigger on bus `by`; it is its own instrument."""

    held: Held
    serial: str
    on: str
    by: str
    ohm: float = math.inf  # with no bus shorted
    armed_at: int = 0
    rested: bool = False
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        self.identity = Identity("", "34461A", self.serial, "")

    @property
    def driver(self) -> "FakeMeter":
        return self

    def resistance(self, _: Stop) -> float:
        done = [body for body in self.held.far.executed if body.startswith(f"ROUTE {self.on} ")]
        return 0.3 if done and done[-1].endswith("zero") else self.ohm

    def await_edge(self, _: Stop) -> None:
        self.armed_at, self.rested = len(self.held.far.executed), False

    def saw_edge(self) -> bool:
        return f"SYNC {self.by} pulse" in self.held.far.executed[self.armed_at :]

    def rest(self) -> None:
        self.rested = True


@pytest.fixture
def held(spawn: Spawn) -> Iterator[Held]:
    with holding(spawn) as made:
        made.fixture.begin()
        yield made


def wiring(held: Held, *meters: FakeMeter) -> Wiring:
    names = ["dmm", "dmm2", "dmm3", "dmm4"][: len(meters)]
    buses = {name: f"D{number}" for number, name in enumerate(names, 1)}
    return Wiring(held.fixture, dict(zip(names, meters, strict=True)), {}, buses, held.clock)


def said(made: Wiring) -> str:
    with pytest.raises(WiringError) as caught:
        made.prove_pools()
    assert not made.is_proven
    return str(caught.value)


def test_meters_that_see_their_own_bus_are_proven_once_and_left_at_rest_with_every_bus_off(held: Held) -> None:
    meters = [FakeMeter(held, f"A{number}", f"D{number}", f"D{number}") for number in (1, 2)]
    made = wiring(held, *meters)

    made.prove_pools()
    asked = list(held.far.executed)
    made.prove_pools()

    assert made.is_proven
    assert asked == held.far.executed
    assert all(meter.rested for meter in meters)
    assert ["ROUTE D1 1 zero", "ROUTE D1 off", "ROUTE D2 1 zero", "ROUTE D2 off"] == [one for one in asked if "ROUTE" in one]


def test_two_crossed_pairs_are_named_as_two(held: Held) -> None:
    meters = [FakeMeter(held, f"A{number}", f"D{bus}", f"D{number}") for number, bus in ((1, 2), (2, 1), (3, 4), (4, 3))]

    what = said(wiring(held, *meters))

    assert "the inputs of dmm (serial A1) and dmm2 (serial A2) are crossed" in what
    assert "the inputs of dmm3 (serial A3) and dmm4 (serial A4) are crossed" in what
    assert 2 == what.count("crossed")


def test_a_meter_that_sees_a_short_where_none_is_has_a_bad_cable(held: Held) -> None:
    meters = [FakeMeter(held, "A1", "D1", "D1"), FakeMeter(held, "A2", "D2", "D2", ohm=0.1)]

    assert "the input of dmm2 (serial A2) is shorted although no bus is: look at its cable" in said(wiring(held, *meters))


@pytest.mark.parametrize(
    ("request_", "answer"), [("ROUTE D1 1 zero", "ERR 23 no unit"), ("SYNC D1 pulse", "ERR 13 bad argument")]
)
def test_a_fixture_that_cannot_help_to_prove_it_is_refused(held: Held, request_: str, answer: str) -> None:
    held.far.answers[request_] = lambda: answer
    meters = [FakeMeter(held, f"A{number}", f"D{number}", f"D{number}") for number in (1, 2)]

    what = said(wiring(held, *meters))

    assert "cannot be proven" in what
    assert "fixtures/README.md" in what


def test_a_meter_that_breaks_in_the_proof_proves_nothing_and_its_bus_is_turned_off(held: Held) -> None:
    class Dead(FakeMeter):
        def resistance(self, _: Stop) -> float:
            if "zero" in self.held.far.executed[-1]:
                raise LinkError("the meter is gone")
            return math.inf

    made = wiring(held, Dead(held, "A1", "D1", "D1"), FakeMeter(held, "A2", "D2", "D2"))

    with pytest.raises(LinkError, match="the meter is gone"):
        made.prove_pools()

    assert not made.is_proven
    assert "ROUTE D1 off" == held.far.executed[-1]
