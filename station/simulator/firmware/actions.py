"""The commands that move relays, press keys and talk to the unit; most of them energise."""

import re
from collections.abc import Callable

from station.simulator.bench import PATHS
from station.simulator.firmware.arguments import bus_of, number_of, slot_of
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.refusal import RefusedError
from station.simulator.physics.engine import Engine
from station.simulator.resistors import LOADS
from station.simulator.slot import Slot

_KEYS: dict[str, Callable[[Engine, float], object]] = {
    "start 1": lambda engine, now: engine.start(1, now),
    "start 2": lambda engine, now: engine.start(2, now),
    "start 3": lambda engine, now: engine.start(3, now),
    "level 1": lambda engine, now: engine.press_level(1, now),
    "level 2": lambda engine, now: engine.press_level(2, now),
    "level 3": lambda engine, now: engine.press_level(3, now),
    "stop": lambda engine, now: engine.stop(now),
    "haptic": lambda engine, now: engine.buzz(now),
}
_LATEST = 60_000_000


def load(controller: Controller, words: list[str], now: float) -> str:
    """Close a load, make before break; `open` is always allowed."""
    slot = slot_of(controller, words[0], now)
    if words[1] not in LOADS:
        raise RefusedError(14, "no such load")
    if words[1] != "open":
        controller.energise(slot)
    controller.bench.load(slot.number, words[1], now)
    return f"load={slot.load} t={controller.stamp(now)}"


def route(controller: Controller, words: list[str], now: float) -> str:
    """Connect an instrument to a slot, or disconnect it."""
    bus = bus_of(controller, words[0])
    if words[1:] == ["off"]:
        bus.follow(None, now)
        controller.bench.route(bus, None, "-", now)
        return f"bus={bus.name} slot=- path=-"
    if len(words) != 3:
        raise RefusedError(13, "ROUTE bus n path, or ROUTE bus off")
    slot = slot_of(controller, words[1], now)
    if words[2] not in PATHS[bus.name[0]]:
        raise RefusedError(14, "no such path")
    if words[2] == "zero":
        controller.allow()  # the bus ends at its short: an empty slot will do
    else:
        controller.energise(slot)
    if bus.slot not in (None, slot):
        raise RefusedError(24, "the bus is routed to another slot: turn it off first")
    if any(other is not bus and other.name[0] == bus.name[0] for other in controller.bench.routed(slot)):
        raise RefusedError(24, "another bus of its kind is on the slot: turn that off first")
    controller.bench.route(bus, slot.number, words[2], now)
    return f"bus={bus.name} slot={slot.number} path={bus.path}"


def sync(controller: Controller, words: list[str], now: float) -> str:
    """Let a bus's SYNC follow a slot, hold it low, or raise it for a moment."""
    bus = bus_of(controller, words[0])
    if words[1] == "pulse":
        bus.pulse(now)
        return f"bus={bus.name} t={controller.stamp(now)}"
    slot = None if words[1] == "off" else slot_of(controller, words[1], now)
    bus.follow(slot, now)
    return f"bus={bus.name} sync={slot.number if slot else '-'}"


def key(controller: Controller, words: list[str], now: float) -> str:
    """Press one of the unit's keys, `haptic` some microseconds later if asked to; `stop` is always allowed."""
    slot = slot_of(controller, words[0], now)
    if words[1] == "haptic" and len(words) == 3:
        return _press_later(controller, slot, number_of(words[2]), now)
    act = _KEYS.get(" ".join(words[1:]))
    if act is None:
        raise RefusedError(13, "KEY n start k, level k, stop or haptic, k from 1 to 3")
    if words[1] == "stop":
        slot.log.freeze(now)
    else:
        controller.energise(slot)
    if slot.unit:
        act(slot.unit.engine, now)
    return f"t={controller.stamp(now)}"


def _press_later(controller: Controller, slot: Slot, microseconds: int, now: float) -> str:
    if not 1 <= microseconds <= _LATEST:
        raise RefusedError(13, "the press is 1 us to 60 s ahead")
    controller.energise(slot)
    moment = now + controller.seconds(microseconds)
    slot.press_haptic_at(moment)
    return f"t={controller.stamp(moment)}"


def charger(controller: Controller, words: list[str], now: float) -> str:
    """Apply VBUS, or take it away."""
    slot = slot_of(controller, words[0], now)
    if words[1] not in ("on", "off"):
        raise RefusedError(13, "CHARGER n on, or CHARGER n off")
    if words[1] == "on":
        controller.energise(slot)
    controller.bench.charge(slot.number, words[1] == "on", now)
    return f"charger={int(slot.charging)} t={controller.stamp(now)}"


def uart(controller: Controller, words: list[str], now: float) -> str:
    """Talk to the unit, or hear what it said."""
    slot = slot_of(controller, words[0], now)
    if words[1:] == ["READ"]:
        return f"data={controller.uarts[slot.number - 1].read(slot.unit, now)}"
    if len(words) != 3 or words[1] != "SEND" or not re.fullmatch("([0-9A-Fa-f]{2}){1,60}", words[2]):
        raise RefusedError(13, "UART n SEND with 1 to 60 bytes in hex, or UART n READ")
    controller.energise(slot)
    if slot.unit:
        slot.unit.service.hear(bytes.fromhex(words[2]), now)
    return ""


def safe(controller: Controller, words: list[str], now: float) -> str:
    """Bring one slot, or all, to the safe state."""
    if words[0] == "all":
        controller.make_all_safe(now)
    else:
        controller.make_safe(slot_of(controller, words[0], now), now)
    return f"t={controller.stamp(now)}"
