import random
import threading
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.clocks.steady import SteadyClock
from station.store.ids import Ids, moment, to_bytes, to_text, unix_ms


class ClockThatSays(SteadyClock):
    """A wall clock that says what it is told, one after the other."""

    def __init__(self, *milliseconds: int) -> None:
        super().__init__()
        self._said = iter(milliseconds)

    def utc(self) -> str:
        at = datetime.fromtimestamp(next(self._said) / 1000, UTC)
        return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def test_an_id_is_a_uuid_of_version_7_with_its_moment() -> None:
    made = Ids(ClockThatSays(1645557742000), lambda count: (1 << count) - 1).new()

    assert made == "017f22e2-79b0-7fff-bfff-ffffffffffff"  # the moment of RFC 9562's example in A.6
    assert uuid.UUID(made).variant == uuid.RFC_4122
    assert uuid.UUID(made).version == 7
    assert moment(made) == 1645557742000


@given(st.lists(st.integers(0, 4_000_000_000_000), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_ids_rise_whatever_the_wall_clock_does(milliseconds: list[int], chance: random.Random) -> None:
    source = Ids(ClockThatSays(*milliseconds), chance.getrandbits)

    made = [source.new() for _ in milliseconds]

    assert made == sorted(set(made))
    assert [to_bytes(one) for one in made] == sorted(to_bytes(one) for one in made)
    assert all(uuid.UUID(one).version == 7 and uuid.UUID(one).variant == uuid.RFC_4122 for one in made)


def test_ids_are_minted_once_though_many_slots_ask() -> None:
    source, found = Ids(SteadyClock(), random.Random(1).getrandbits), list[str]()

    slots = [threading.Thread(target=lambda: found.extend([source.new() for _ in range(200)])) for _ in range(4)]
    for slot in slots:
        slot.start()
    for slot in slots:
        slot.join()

    assert len(set(found)) == 800


def test_the_same_seed_and_clock_mint_the_same_ids() -> None:
    first, second = (Ids(ClockThatSays(5, 5), random.Random(3).getrandbits) for _ in range(2))

    assert [first.new(), first.new()] == [second.new(), second.new()]


@given(st.binary(min_size=16, max_size=16))
def test_text_and_bytes_are_the_same_id(raw: bytes) -> None:
    assert to_bytes(to_text(raw)) == raw


@pytest.mark.parametrize("text", ["", "7", "017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF", "{017f22e2-79b0-7fff-bfff-ffffffffffff}"])
def test_what_is_not_an_id_in_its_one_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"badly formed|canonical form"):
        to_bytes(text)


def test_milliseconds_are_whole() -> None:
    assert unix_ms("1970-01-01T00:00:01.001999Z") == 1001
