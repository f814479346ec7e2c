"""The simulated operator's port serves one client at a time, and the station shares it with whoever else has a hand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from station.cli.hand import Hand
from station.core.errors import StationError


@contextmanager
def operator(*answers: str) -> Iterator[tuple[str, list[str]]]:
    """A port that gives each client one of the answers, and turns it away unheard for an empty one."""
    heard: list[str] = []

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection, connection.makefile("rw") as file:
                if answer:
                    heard.append(file.readline().strip())
                    file.write(answer + "\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}", heard
        thread.join()


def test_each_sentence_has_a_connection_of_its_own_and_is_said_again_when_nobody_heard_it() -> None:
    with operator("", "", "OK slot=1", "OK slot=1") as (address, heard), Hand(address) as hand:
        hand.place(1, "SN1", "noisy")
        hand.remove(1)

    assert ["PLACE 1 SN1 noisy", "REMOVE 1"] == heard


def test_the_hand_sees_which_units_are_in() -> None:
    empty, full = "OK serial=- on=0 load=open", "OK serial=SN7 on=0 load=open"
    with operator(empty, "", full, "ERR no such slot: 1 to 2") as (address, heard):
        seated = Hand(address).seated()

    assert {2: "SN7"} == seated
    assert ["LOOK 1", "LOOK 2", "LOOK 3"] == heard


def test_what_the_operator_refuses_is_told() -> None:
    with (
        operator("ERR slot 1 is occupied by SN9") as (address, _),
        pytest.raises(StationError, match=r"occupied by SN9.*PLACE 1"),
    ):
        Hand(address).place(1, "SN1")


def test_a_port_that_always_serves_somebody_else_is_told() -> None:
    with operator(*[""] * 200) as (address, _), pytest.raises(StationError, match="somebody else talks to it"):
        Hand(address).place(1, "SN1")


def test_a_simulator_that_is_not_there_is_told_with_its_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"socket://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(StationError, match=r"no simulator at .*station simulate"):
        Hand(address).place(1, "SN1")


@pytest.mark.parametrize("address", ["", "127.0.0.1:5031", "socket://127.0.0.1", "http://127.0.0.1:1"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(StationError, match="is not like socket://"):
        Hand(address)
