"""Run the main job on the simulator: a tray of good and bad units, and compare each verdict with the truth."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from station.cli import elsewhere
from station.cli.home import find, read
from station.cli.lot import words_of, written
from station.cli.modes import Mode
from station.cli.summary import print_refusals, print_yields
from station.cli.tray import Job, own_simulator, tested
from station.core.errors import StationError
from station.core.verdict import Verdict
from station.store.archive import Archive

DEFECTS: tuple[str, ...] = ("", "wrong_sense", "", "no_shutoff", "", "no_soft_start", "", "dc_imbalance")

_LOT = "lot.pdf"


@dataclass(frozen=True, slots=True)
class Truth:
    """What the simulator knows of a unit: its defects, the verdict it deserves and why."""

    serial: str
    defects: tuple[str, ...]
    deserves: str
    because: str


def tray(slots: int, stamp: str) -> tuple[dict[int, str], dict[int, str]]:
    """Return serials by slot, new ones for each demonstration, and the defect of each defective unit by slot."""
    serials = {slot: f"DEMO-{stamp[6:]}-{slot:02d}" for slot in range(1, slots + 1)}
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


def demonstrate(home_option: Path | None, mode: Mode, speed: float, seed: int) -> int:
    """Test a tray of good and bad simulated units in a store of their own, and compare verdicts with the truth."""
    home = read(find(home_option))
    words_of(home.config)  # a home that lacks them is told before the tray, not behind it
    stamp = datetime.now(UTC).strftime("%y%m%d%H%M%S")
    folder = home.config.home / "demo" / stamp
    folder.mkdir(parents=True)
    truth = folder / "truth.jsonl"
    config = replace(home.config, store=folder / "station.sqlite", evidence=folder / "evidence", issued=folder / "issued")
    serials, defects = tray(home.fixture.slots, stamp)
    sys.stderr.write(
        f"Testing {len(serials)} simulated units ({len(defects)} of them defective) in {len(serials)} slots at once, "
        f"{speed:g} times as fast as real time.\n"
    )
    with own_simulator(home, speed, seed, truth) as addresses:
        home = elsewhere.simulated(replace(home, config=config), addresses)
        outcomes, refusals = tested(home, Job(serials, defects, speed, "demo", f"DEMO-{stamp}", mode))
    print_refusals(refusals)
    wrong = deserved({outcome.serial: outcome.verdict for outcome in outcomes}, read_truth(truth))
    if mode is not Mode.JSON:
        print_yields(Archive(config.store), is_simulated=True)
        if any(outcome.record is not None for outcome in outcomes):
            written(config, f"DEMO-{stamp}", folder / _LOT, simulated=True)
        _say_demo(folder, len(outcomes), wrong)
    troubled = any(outcome.trouble for outcome in outcomes)
    if any(outcome.verdict is Verdict.ABORTED for outcome in outcomes):
        return 130
    return 3 if wrong or refusals or troubled or len(outcomes) != len(serials) else 0


def _say_demo(folder: Path, units: int, wrong: list[str]) -> None:
    out, near = sys.stdout, _near(folder)
    out.write(f"\nCertificates and reports  {near / 'issued'}\nRecords                   {near / 'station.sqlite'}\n")
    out.write(f"Waveforms                 {near / 'evidence'}\n")
    if (folder / _LOT).exists():
        out.write(f"Report on the lot         {near / _LOT}\n")
    out.write(f"Each document proves itself: station verify {near / 'issued'}/*/*.pdf\n\n")
    if wrong:
        out.write("NOT every unit got the verdict it deserves:\n" + "".join(f"  {line}\n" for line in wrong))
    else:
        out.write(
            f"All {units} units got the verdict they deserve, by {near / 'truth.jsonl'}, which only this comparison reads.\n"
        )


def _near(path: Path) -> Path:
    """Return `path` from here where it lies below, as people would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
