"""Turn what was scanned into serials and their lot: where a serial may stand, a whole GS1 label may stand too."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from station.core.config import StationConfig
from station.core.errors import UsageError
from station.core.gs1 import Scan, ScanError, parse_scan
from station.line.admission import Refusal

LONGEST = 100  # characters of a lot's or an operator's name: documents have room for them, and a lot's code on paper too


@dataclass(frozen=True, slots=True)
class Tray:
    """What stands in the slots: the serials by slot, their lot, and what was scanned and cannot be believed."""

    serials: Mapping[int, str]
    lot: str
    refusals: tuple[Refusal, ...]


def tray_of(scanned: Mapping[int, str], lot: str, config: StationConfig) -> Tray:
    """Read what was scanned for each slot; a `lot` that was given is held against each label. Raises UsageError for two lots.

    A lot has one spelling, whoever types it: else a recall by its name misses the units of a shift that typed a blank behind it.
    """
    lot = " ".join(normalize("NFC", lot).split())
    scans: dict[int, Scan] = {}
    refusals = []
    for slot, text in scanned.items():
        try:
            scans[slot] = _scan(text, config)
        except ScanError as error:
            refusals.append(Refusal(slot, text, str(error)))
    if len(lot) > LONGEST:
        raise UsageError(f"--lot is {len(lot)} characters long. Give the lot's name, at most {LONGEST}")
    return Tray({slot: scan.serial for slot, scan in scans.items()}, _lot(scans, lot), tuple(refusals))


def _scan(text: str, config: StationConfig) -> Scan:
    """Return what was scanned; raises ScanError, also for a label where nobody said whose labels are right."""
    scan = parse_scan(text, gtin=config.gtin or None, required=config.label)
    if scan.gtin is not None and not config.gtin:
        raise ScanError(
            f"scanned {scan.raw!a}: station.toml names no GTIN to hold the label's {scan.gtin} against. "
            "Give the product's as gtin in [product], or type the serial alone"
        )
    return scan


def _lot(scans: Mapping[int, Scan], given: str) -> str:
    """Return the one lot of the tray: what was given, or what all labels say."""
    said = {slot: scan.lot for slot, scan in scans.items() if scan.lot is not None}
    lots = {*said.values(), *([given] if given else [])}
    if len(lots) > 1:
        named = "".join(f", slot {slot} {lot}" for slot, lot in said.items())
        raise UsageError(
            f"two lots in one tray: {f'--lot {given}' if given else 'no --lot'}{named}. Test them one after the other"
        )
    if said and not given and (silent := [slot for slot in scans if slot not in said]):
        raise UsageError(
            f"slot {silent[0]} was given without a lot, the labels say {lots.pop()}: scan its label too, or say --lot"
        )
    return lots.pop() if lots else ""
