"""What never changes of a Truevolt: queries about its calibration, network, licences and hours, with their replies."""

from collections.abc import Callable

from station.simulator.scpi.numbers import NOT_A_NUMBER, quoted, real, whole
from station.simulator.scpi.table import Table

_NOBODY = "NONE"


def install_facts(table: Table, mains_hz: int) -> None:
    """Put the queries into `table`; `mains_hz` is what the meter found at its power inlet."""
    for facts in (_system(mains_hz), _CALIBRATION, _NETWORK):
        for header, reply in facts.items():
            table.ask(header, _always(reply))


def _system(mains_hz: int) -> dict[str, str]:
    return {
        "SYSTem:LFRequency": whole(mains_hz),
        "SYSTem:LFRequency:ACTual": whole(mains_hz),
        "SYSTem:TEMPerature": real(38.0),
        "SYSTem:LICense:CATalog": quoted(""),
        "SYSTem:UPTime": "+0,+0,+10,+0",
        "SYSTem:LOCK:OWNer": _NOBODY,
        "SYSTem:LOCK:REQuest": "1",
        "SYSTem:LOCK:NAME": quoted("LAN"),
        "SYSTem:SECurity:COUNt": "+1",
        "SYSTem:USB:HOST:ENABle": "1",
        "ROUTe:TERMinals": "FRON",
        "TEST:ALL": "+0",
        "MEMory:NSTates": "+5",
        "[SENSe]:DATA2": real(NOT_A_NUMBER),  # no secondary measurement is made
    }


_CALIBRATION = {
    "CALibration:COUNt": "+1",
    "CALibration:STRing": quoted("simulated"),
    "CALibration:DATE": "+2026,+11,+1",
    "CALibration:TIME": "+9,+0,+0",
    "CALibration:TEMPerature": real(23.0),
    "CALibration:SECure:STATe": "1",
}

_NETWORK = {
    "LXI:MDNS:ENABle": "1",
    "SYSTem:COMMunicate:LAN:DHCP": "1",
    "SYSTem:COMMunicate:LAN:IPADdress": quoted("127.0.0.1"),
    "SYSTem:COMMunicate:LAN:SMASk": quoted("255.0.0.0"),
    "SYSTem:COMMunicate:LAN:GATeway": quoted("0.0.0.0"),
    "SYSTem:COMMunicate:LAN:DNS": quoted("0.0.0.0"),
    "SYSTem:COMMunicate:LAN:DOMain": quoted(""),
    "SYSTem:COMMunicate:LAN:HOSTname": quoted("simulated"),
    "SYSTem:COMMunicate:LAN:MAC": quoted("02:00:00:00:00:01"),
    "SYSTem:COMMunicate:LAN:CONTrol": "+5000",
    "SYSTem:COMMunicate:TCPip:CONTrol": "+5000",
}


def _always(reply: str) -> Callable[[], str]:
    return lambda: reply
