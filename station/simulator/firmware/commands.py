"""The fixture's vocabulary: which function answers which word, and with how many arguments."""

from collections.abc import Callable

from station.simulator.firmware import actions, queries
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.refusal import RefusedError

Command = Callable[[Controller, list[str], float], str]

_COMMANDS: dict[str, tuple[range, Command]] = {
    "HELLO": (range(2, 3), queries.hello),
    "PING": (range(1), queries.ping),
    "CLEAR": (range(1), queries.clear),
    "SLOT?": (range(1, 2), queries.slot_state),
    "ARM": (range(2, 3), queries.arm),
    "PULSES?": (range(1, 2), queries.pulses),
    "LOOP": (range(1, 2), queries.loop),
    "LOAD": (range(2, 3), actions.load),
    "ROUTE": (range(2, 4), actions.route),
    "SYNC": (range(2, 3), actions.sync),
    "KEY": (range(2, 4), actions.key),
    "CHARGER": (range(2, 3), actions.charger),
    "UART": (range(2, 4), actions.uart),
    "SAFE": (range(1, 2), actions.safe),
}


def execute(controller: Controller, words: list[str], now: float) -> str:
    """Execute one request at `now` and return what follows OK; RefusedError says why not."""
    name, *arguments = words
    if name not in _COMMANDS:
        raise RefusedError(11, "unknown command")
    counts, command = _COMMANDS[name]
    if len(arguments) not in counts:
        raise RefusedError(13, "wrong number of arguments")
    return command(controller, arguments, now)
