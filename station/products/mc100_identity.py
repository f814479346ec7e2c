"""Ask the MC-100 who it is, first of all, and whether it has left service mode and is still the same, last of all."""

from station.core.errors import SequenceError, UndecidedError, UnfitError
from station.core.verdict import Verdict
from station.products.mc100_course import OFF_AFTER
from station.products.mc100_parts import held, payload, unanswered
from station.sequencer.sequence import step
from station.sequencer.unit import Unit

WARM = (20.0, 26.0)  # degC: between them the limits hold, and the accuracy that the instruments promise


def fit_to_test(unit: Unit) -> float:
    """Return the temperature in degC of a slot in which a unit can be tested; raises UnfitError, which ends the run."""
    contact = unit.nest.contact()
    if not contact.present or not contact.closed:
        raise UnfitError("the fixture finds no unit, or its needles do not touch: seat the unit again")
    if not unit.nest.loopback():
        raise UnfitError("the slot's UART fails its own loop-back test: have the fixture checked")
    warm = unit.nest.temperature()
    if not WARM[0] <= warm <= WARM[1]:
        raise UnfitError(f"it is {warm:g} °C at the slots; the limits hold from {WARM[0]:g} to {WARM[1]:g} °C")
    return warm


@step("Seat and identity", "ID.010", "ID.020", "ID.030")
def identity(unit: Unit) -> None:
    """Prove the slot healthy, then ask the unit who it is; silence on a healthy line is the unit's fault."""
    unit.nest.arm(gap=OFF_AFTER)  # from here on the fixture counts how often its needles lose the unit
    warm = fit_to_test(unit)
    with held(unit):
        asked = {ask: unit.nest.tell(f"{ask}?") for ask in ("SN", "VER", "CRC", "TIMER")}
    serial, version, crc, timer = (payload(ask, answer) for ask, answer in asked.items())
    _not_mixed_up(unit, serial)
    if serial == unit.serial:
        unit.measure("ID.010", True, detail={"serial": serial})
    else:
        unit.fail("ID.010", unanswered(asked, "SN") or f"the unit says it is {serial!r}, its label says {unit.serial!r}")
    if version is None or crc is None:
        unit.fail("ID.020", unanswered(asked, "VER", "CRC"))
    else:
        unit.measure("ID.020", f"{version} {crc}", detail={"temperature": warm})
    if timer is None:
        unit.fail("ID.030", unanswered(asked, "TIMER"))
    elif unit.limits["ID.030"].unit.si != "s":
        raise SequenceError("ID.030 must have the unit s: the unit tells its timer's constant in whole seconds")
    else:
        unit.measure("ID.030", int(timer))


def _not_mixed_up(unit: Unit, serial: str | None) -> None:
    """Raise UnfitError where the unit says another serial, and that is no fault of it: nothing is known of the one on the label.

    It may be in a wrong slot, or left from an earlier tray, or its label was read with capitals for small letters. A unit that
    says what nobody ever scanned fails.
    """
    if serial in (None, unit.serial):
        return
    if unit.known(serial):
        raise UnfitError(
            f"the unit in slot {unit.slot} says that it is {serial}, which was scanned too, or before; {unit.serial} was scanned "
            "for this slot: put each into its own. Where it is in its own, its label is another's: keep both apart for quality"
        )
    if serial.casefold() == unit.serial.casefold():
        raise UnfitError(
            f"the unit says that it is {serial!r}, and {unit.serial!r} was scanned: release Caps Lock, or have the scanner's "
            "setup corrected, and scan its label again"
        )


@step("Service mode left", "SVC.010")
def service_left(unit: Unit) -> None:
    """Prove that the customer gets a unit in normal mode, with the firmware and the timer constant that were read at first.

    Whatever the recipe, it must be the unit that was measured: one that the needles lost in between may be another one.
    """
    unit.close_window()
    unit.nest.press("stop")
    with held(unit):
        asked = {ask: unit.nest.tell(f"{ask}?") for ask in ("MODE", "VER", "CRC", "TIMER", "SN")}
        healthy = unit.nest.loopback()
    if not healthy:
        raise UnfitError("the slot's UART fails its own loop-back test: have the fixture checked")
    mode, version, crc, timer, serial = (payload(ask, answer) for ask, answer in asked.items())
    _same_unit(unit, serial)
    _in_its_time(unit)
    if fault := unanswered(asked, *asked):
        unit.fail("SVC.010", fault)
    elif not _as_at_first(unit, f"{version} {crc}", str(timer)):
        unit.fail("SVC.010", f"it now says {version} {crc}, timer {timer} s: not what it said at first")
    else:
        unit.measure("SVC.010", mode == "NORMAL", detail={"mode": mode})


def _same_unit(unit: Unit, serial: str | None) -> None:
    """Raise UndecidedError where another unit may have been measured than the one that said its serial at first."""
    known = unit.measurements.get("ID.010")
    if known is not None and known.verdict is Verdict.PASS and serial not in (None, unit.serial):
        raise UndecidedError(f"the unit in the slot now says that it is {serial!r}: it was changed while it was tested")
    contact = unit.nest.contact()
    if contact.opens or not contact.closed:
        raise UndecidedError(f"the fixture's needles lost contact {max(1, contact.opens)} times: seat the unit again")


def _in_its_time(unit: Unit) -> None:
    """Raise UndecidedError where the unit's frequency may let its shut-off come too early or late, whoever timed it, or nobody.

    One oscillator makes both: the pulses that its timer counts, over its frequency, are its shut-off time. A comparator that
    missed the last second of them timed a run that was shorter.
    """
    bound, pulses, hertz = unit.limits.get("TIM.010"), unit.limits.get("TIM.030"), unit.reading("WAV.010")
    if bound is None or pulses is None or pulses.nominal is None or hertz is None:
        return
    seconds = pulses.nominal / hertz.value
    around = 2.0 * seconds * hertz.u.u / hertz.value
    if not (bound.low or 0.0) + around <= seconds <= (bound.high or 0.0) - around:
        said = f"at {hertz.value:.3f} Hz its {pulses.nominal:g} pulses take {seconds:.1f} s, at or outside the bounds of TIM.010"
        timed = "TIM.010" in unit.measurements
        raise UndecidedError(f"{said}: {'have the comparator checked' if timed else 'test the unit by the real-time recipe'}")


def _as_at_first(unit: Unit, firmware: str, timer: str) -> bool:
    said = {row_id: one.value for row_id, one in unit.measurements.items() if row_id in ("ID.020", "ID.030")}
    return said.get("ID.020", firmware) == firmware and str(said.get("ID.030", timer)) == timer
