"""The line with which a simulator begins is waited for with one deadline, whatever comes instead."""

import os
from collections.abc import Iterator

import pytest

from station.cli.bench_process import first_line
from station.clocks.steady import SteadyClock

CLOCK = SteadyClock()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ours, theirs = os.pipe()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_the_first_line_is_read_and_no_more(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b'{"dmm": 1}\nand then\n')

    assert '{"dmm": 1}\n' == first_line(pipe[0], CLOCK, 0.02)
    assert b"and then\n" == os.read(pipe[0], 100)


@pytest.mark.parametrize("said", [b"", b'{"dmm": '])
@pytest.mark.hazard("TR-11")
def test_half_a_line_is_not_waited_for_for_ever(pipe: tuple[int, int], said: bytes) -> None:
    os.write(pipe[1], said)

    assert said.decode() == first_line(pipe[0], CLOCK, 0.02)


def test_the_end_of_the_simulator_is_not_waited_out() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"half")
    os.close(theirs)

    assert "half" == first_line(ours, CLOCK, 0.02)
    os.close(ours)
