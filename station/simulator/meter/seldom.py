"""Settings that programs send to a Truevolt and that nothing here depends on: kept, checked and read back."""

from station.simulator.meter.functions import FUNCTIONS
from station.simulator.scpi.kinds import Choice, Real, Switch, Text
from station.simulator.scpi.settings import Settings

_LOWEST_HZ, _VOLTS = Real(20, 3, 200, "HZ"), Real(10, 0.1, 750, "V")


def declare(settings: Settings) -> None:
    """Put the settings under their headers: counters' inputs, temperature probes, second readings, the 34401A's mathematics."""
    for counter in ("FREQuency", "PERiod"):
        settings.add(f"[SENSe]:{counter}:RANGe:LOWer", _LOWEST_HZ)
        settings.add(f"[SENSe]:{counter}:VOLTage:RANGe[:UPPer]", _VOLTS)
        settings.add(f"[SENSe]:{counter}:VOLTage:RANGe:AUTO", Switch(True))
    settings.add("[SENSe]:FREQuency:TIMeout:AUTO", Switch(False))
    probe = "[SENSe]:TEMPerature:TRANsducer:"
    settings.add(f"{probe}TYPE", Choice("FRTD", ("FRTD", "RTD", "FTHermistor", "THERmistor")))
    for wired in ("RTD", "FRTD"):
        settings.add(f"{probe}{wired}:TYPE", Real(85, 85, 85))
        settings.add(f"{probe}{wired}:RESistance[:REFerence]", Real(100, 49, 2100, "OHM"))
    for function in FUNCTIONS:
        if "RATio" not in function.header:
            settings.add(f"[SENSe]:{function.header}:SECondary", Text("OFF"))
    settings.add("CALCulate[:STATe]", Switch(False))
    settings.add("CALCulate:FUNCtion", Choice("NULL", ("NULL", "DB", "DBM", "AVERage", "LIMit")))
    settings.add("CALCulate:NULL:OFFSet", Real(0, -1e15, 1e15))
