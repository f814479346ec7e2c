"""The commands that begin a session, ask and clear: none of them energises anything."""

import re

from station.simulator.firmware.arguments import number_of, slot_of
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.refusal import RefusedError

MODEL = "EOL8"
"""The fixture's model."""
SERIAL = "SIMFX-0001"
"""The fixture's serial: it begins with SIM."""
FIRMWARE = "1.2.0"
"""The fixture's firmware."""
_LONGEST_GAP = 3_600_000_000


def hello(controller: Controller, words: list[str], now: float) -> str:
    """Start a session, with every slot in its safe state."""
    if words[0] != "1" or not re.fullmatch("[0-9A-Fa-f]{8}", words[1]):
        raise RefusedError(13, "HELLO 1 and a nonce of 8 hex digits")
    controller.make_all_safe(now)
    controller.watchdog.begin(controller.transport_now())
    bench = controller.bench
    return (
        f"proto=1 model={MODEL} serial={SERIAL} fw={FIRMWARE} slots={len(bench.slots)} buses={','.join(bench.buses)}"
        f" boots={controller.boots} reset={controller.reset} t={controller.stamp(now)}"
    )


def ping(controller: Controller, _: list[str], now: float) -> str:
    """Answer the heartbeat."""
    locks = controller.interlocks
    event = "-" if controller.news.last is None else f"{controller.news.last:02X}"
    return (
        f"t={controller.stamp(now)} boots={controller.boots} lid={'open' if locks.lid_open else 'closed'}"
        f" estop={'pressed' if locks.pressed else 'released'} latch={locks.latch}"
        f" temp={controller.bench.climate.celsius(now):.1f}"
        f" wdt={'tripped' if controller.watchdog.tripped else 'ok'} ev={event}"
    )


def clear(controller: Controller, _words: list[str], _now: float) -> str:
    """Forget a cause that is gone."""
    controller.interlocks.clear()
    return ""


def slot_state(controller: Controller, words: list[str], now: float) -> str:
    """Tell a slot's inputs and relay read-backs."""
    slot = slot_of(controller, words[0], now)
    uart = controller.uarts[slot.number - 1]
    uart.listen(slot.unit, now)
    buses = ",".join(bus.name for bus in controller.bench.routed(slot)) or "-"
    return (
        f"present={int(slot.unit is not None)} contact={int(slot.contact(now))} load={slot.load}"
        f" charger={int(slot.charging)} buses={buses} uart={uart.state} opens={slot.opens(now)}"
        f" t={controller.stamp(now)}"
    )


def arm(controller: Controller, words: list[str], now: float) -> str:
    """Clear the pulse log and start it; the reply tells the losses of contact that are forgotten with it."""
    slot = slot_of(controller, words[0], now)
    gap = number_of(words[1])
    if not 1 <= gap <= _LONGEST_GAP:
        raise RefusedError(13, "the gap is 1 us to 1 h")
    opens = slot.opens(now)
    slot.log.arm(controller.seconds(gap), now)
    return f"opens={opens} t={controller.stamp(now)}"


def pulses(controller: Controller, words: list[str], now: float) -> str:
    """Tell what the pulse log says."""
    slot = slot_of(controller, words[0], now)
    pulses = slot.log.read(now)
    first, last = ("-" if moment is None else controller.stamp(moment) for moment in (pulses.first, pulses.last))
    return (
        f"state={pulses.state} first={first} last={last} count={pulses.count} after={pulses.after}"
        f" opens={slot.opens(now)} t={controller.stamp(now)}"
    )


def loop(controller: Controller, words: list[str], now: float) -> str:
    """Test the slot's UART with its loop-back relay; the unit hears nothing."""
    slot_of(controller, words[0], now)
    return "loop=pass"
