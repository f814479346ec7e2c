"""Say in the operator's words what ends a session with the fixture, and find it in a reply or an event."""

from station.core.errors import InstrumentError, InterlockError, StationError
from station.hardware.replies import FixtureEvent, Reply

Fault = tuple[type[StationError], str]

_WATCHDOG: Fault = (InterlockError, "the fixture heard nothing from us for 2 s and made every slot safe")
_ESTOP: Fault = (InterlockError, "the E-stop was pressed; release it, then continue")
_LID: Fault = (InterlockError, "the lid was opened; close it, then continue")
_RESTARTED: Fault = (InstrumentError, "the fixture's controller restarted; look at its supply")

_CODES: dict[int, Fault] = {20: _WATCHDOG, 21: _ESTOP, 22: _LID, 40: _RESTARTED}
_LATCHES = {"none": None, "lid": _LID}
_EVENTS: dict[tuple[str, ...], Fault] = {
    ("WATCHDOG",): _WATCHDOG,
    ("ESTOP", "pressed"): _ESTOP,
    ("LID", "open"): _LID,
}


def fault_in_reply(reply: Reply, boots: int | None) -> Fault | None:
    """Return what the reply says has ended the session; `boots` is the controller's restart count when it began."""
    if reply.code in _CODES:
        return _CODES[reply.code]
    if "boots" in reply.values and boots is not None and reply.whole("boots") != boots:
        return _RESTARTED
    if reply.values.get("wdt", "ok") != "ok":
        return _WATCHDOG
    return _LATCHES.get(reply.values.get("latch", "none"), _ESTOP)


def fault_in_event(event: FixtureEvent) -> Fault | None:
    """Return what the event says has ended the session."""
    return _RESTARTED if event.name == "BOOT" else _EVENTS.get((event.name, *event.words))
