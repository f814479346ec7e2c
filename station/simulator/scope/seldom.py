"""Settings that programs send to an InfiniiVision and that no record depends on: kept, checked and read back."""

from collections.abc import Callable

from station.simulator.scpi.kinds import Choice, Real, Switch, Text, Whole
from station.simulator.scpi.numbers import real, whole
from station.simulator.scpi.settings import Setting, Settings
from station.simulator.scpi.table import Table

_CHANNELS = tuple(f"CHANnel{number}" for number in (1, 2, 3, 4))
_SECONDS, _VOLTS = Real(0, -500, 500, "S", decimals=5), Real(0, -1e6, 1e6, "V", decimals=5)


def declare(table: Table, settings: Settings) -> None:
    """Put all of them under their headers."""
    _declare_display(settings)
    _declare_files(settings)
    _declare_markers(table, settings)
    _declare_sources(settings)
    _declare_facts(table)


def _declare_display(settings: Settings) -> None:
    add = settings.add
    add("AUToscale:AMODe", Choice("NORM", ("NORMal", "CURRent")))
    add("AUToscale:CHANnels", Choice("ALL", ("ALL", "DISPlayed")))
    add("AUToscale:FDEBug", Switch(False))
    add("DISPlay:ANNotation", Switch(False))
    add("DISPlay:ANNotation:TEXT", Text("", 254))
    add(
        "DISPlay:ANNotation:COLor",
        Choice("WHIT", ("WHITe", "RED", "MARKer", "DIG", "MATH", "REF", *(f"CH{n}" for n in range(1, 5)))),
    )
    add("DISPlay:ANNotation:BACKground", Choice("OPAQ", ("OPAQue", "INVerted", "TRANsparent")))
    add("DISPlay:INTensity:WAVeform", Whole(50, 0, 100))
    add("SYSTem:PROTection:LOCK", Switch(False))
    add("SYSTem:MENU", Choice("MASK", ("MASK", "MEASure", "SEGMented", "LISTer", "POWer")))
    for mask in ("HWEenable", "MTEenable", "OVLenable"):
        add(mask, Whole(0, 0, 65_535))
    for zoom, kind in (("POSition", _SECONDS), ("RANGe", Real(1e-4, 1e-9, 500, "S")), ("SCALe", Real(1e-5, 1e-10, 50, "S"))):
        add(f"TIMebase:WINDow:{zoom}", kind)


def _declare_files(settings: Settings) -> None:
    add = settings.add
    add("HARDcopy:AREA", Choice("SCR", ("SCReen",)))
    add("HARDcopy:FACTors", Switch(False))
    add("HARDcopy:FFEed", Switch(False))
    add("HARDcopy:LAYout", Choice("PORT", ("LANDscape", "PORTrait")))
    for word in ("SAVE", "RECall"):
        add(f"{word}:FILename", Text("scope", 100))
        add(f"{word}:PWD", Text("/USB/", 100))
    add("SAVE:IMAGe:FORMat", Choice("PNG", ("PNG", "BMP", "BMP24bit", "BMP8bit", "NONE")))
    add("SAVE:IMAGe:FACTors", Switch(False))
    add("SAVE:IMAGe:INKSaver", Switch(False))
    add("SAVE:IMAGe:PALette", Choice("COL", ("COLor", "GRAYscale")))
    add("SAVE:WAVeform:FORMat", Choice("NONE", ("ASCiixy", "CSV", "BINary", "NONE")))
    add("SAVE:WAVeform:LENGth", Whole(1000, 100, 1_000_000))


def _declare_markers(table: Table, settings: Settings) -> None:
    settings.add("MARKer:MODE", Choice("OFF", ("OFF", "MEASurement", "MANual", "WAVeform")))
    for word in ("X1Y1source", "X2Y2source"):
        settings.add(f"MARKer:{word}", Choice("CHAN1", _CHANNELS))
    for axis, kind in (("X", _SECONDS), ("Y", _VOLTS)):
        first, second = (settings.add(f"MARKer:{axis}{number}Position", kind) for number in (1, 2))
        table.ask(f"MARKer:{axis}DELta", _apart(first, second))


def _declare_sources(settings: Settings) -> None:
    """Put what the scope gives out under its headers, and the waveform mathematics, whose trace nobody sees."""
    add = settings.add
    add("FUNCtion:DISPlay", Switch(False))
    add("FUNCtion:OPERation", Choice("ADD", ("ADD", "SUBTract", "MULTiply", "DIVide", "FFT", "LOWPass")))
    add("FUNCtion:SOURce1", Choice("CHAN1", _CHANNELS))
    add("FUNCtion:SOURce2", Choice("CHAN2", _CHANNELS))
    add("FFT:DISPlay", Switch(False))
    add("WGEN:OUTPut", Switch(False))
    add("WGEN:FUNCtion", Choice("SIN", ("SINusoid", "SQUare", "RAMP", "PULSe", "NOISe", "DC")))
    add("WGEN:FREQuency", Real(1e3, 0.1, 20e6, "HZ", decimals=5))
    add("WGEN:VOLTage", Real(0.5, 0.02, 20, "V", decimals=5))
    add("WGEN:VOLTage:OFFSet", Real(0, -8, 8, "V", decimals=5))
    add("MTESt:ENABle", Switch(False))


def _declare_facts(table: Table) -> None:
    facts = {
        "CALibrate:DATE": "1,11,26",
        "CALibrate:TIME": "9,0,0",
        "CALibrate:TEMPerature": "+0.0E+00",
        "CALibrate:STATus": '+0,"Calibrated"',
        "CALibrate:LABel": '"simulated"',
        "WAVeform:SEGMented:COUNt": whole(0),
        "HARDcopy:PRINter:LIST": '"none"',
    }
    for header, reply in facts.items():
        table.ask(header, _always(reply))


def _always(reply: str) -> Callable[[], str]:
    return lambda: reply


def _apart(first: Setting[float], second: Setting[float]) -> Callable[[], str]:
    return lambda: real(second.value - first.value, 5)
