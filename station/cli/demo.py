"""Run the main job on the simulator: a tray of good and bad units, and compare each verdict with the truth."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from station.core.errors import StationError
from station.core.verdict import Verdict

DEFECTS: tuple[str, ...] = ("", "wrong_sense", "", "no_shutoff", "", "no_soft_start", "", "dc_imbalance")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the simulator knows of a unit: its defects, the verdict it deserves and why."""

    serial: str
    defects: tuple[str, ...]
    deserves: str
    because: str


def tray(slots: int, stamp: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return serials by slot, new ones for each demonstration, and the defect of each defective unit by slot."""
    serials = {slot: f"DEMO-{stamp}-{slot:02d}" for slot in range(1, slots + 1)}
    defects = {slot: DEFECTS[(slot - 1) % len(DEFECTS)] for slot in serials}
    return serials, {slot: defect for slot, defect in defects.items() if defect}


def read_truth(path: Path) -> dict[str, Truth]:
    """Return the truth of every unit that was placed, by serial; raises StationError when the file tells none."""
    truths = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        truths[said["serial"]] = Truth(said["serial"], tuple(said["defects"]), said["deserves"], str(said.get("because", "")))
    if not truths:
        raise StationError(f"the truth file {path} is empty: no unit was placed")
    return truths


def deserved(verdicts: Mapping[str, Verdict], truths: Mapping[str, Truth]) -> list[str]:
    """Return a sentence for each unit that did not get the verdict it deserves; none when all did."""
    wrong = []
    for serial, verdict in verdicts.items():
        truth = truths.get(serial)
        if truth is None:
            wrong.append(f"{serial}: {verdict.name}, but the simulator knows no such unit")
        elif verdict.name != truth.deserves:
            wrong.append(f"{serial}: {verdict.name}, but it deserves {truth.deserves} ({truth.because or 'a good unit'})")
    return wrong
