"""Report on a lot from the store: every unit, the yields, what failed first, and that what came in is accounted for."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from station.certificates.lot import OUTCOMES, Lot, LotBar, LotShare, LotUnit
from station.certificates.lot_report import LotReport, issue_lot
from station.certificates.lot_words import LotWords, read_lot_words
from station.certificates.template import Template, read_template
from station.cli.home import archive_of, find, read
from station.cli.seals import Seals
from station.core.config import StationConfig
from station.core.errors import UsageError
from station.disk.durable import write_whole
from station.quality import lots
from station.quality.runs import EndedRun, ended_runs
from station.quality.shares import Share
from station.quality.yields import Yields, pareto, yields
from station.store.archive import Archive
from station.store.shelves import RELEASED

FOLDER = "lots"


def report_on(home_option: Path | None, lot: str, to: Path | None, *, simulated: bool) -> int:
    """Write the report on `lot`, and say on stdout what came to what and where the report is; 1 when it does not add up."""
    config = read(find(home_option)).config
    lot = lot.encode("utf-8", "backslashreplace").decode()  # as a run keeps what is no text
    said, path = written(config, lot, to, simulated=simulated)
    made = said.lot
    counts = ", ".join(f"{made.came_to(outcome)} {outcome}" for outcome in OUTCOMES if made.came_to(outcome))
    sys.stdout.write(f"lot {lot}: {len(made.units)} units in, {counts}\n{said.number}\n{path}\n")
    return 0 if made.adds_up else 1


def written(config: StationConfig, lot: str, to: Path | None, *, simulated: bool) -> tuple[LotReport, Path]:
    """Write the sealed report on `lot`, and return it and where: `to`, or the file of its number, in place of an earlier one."""
    found = lot_of(config, lot, simulated=simulated)
    template, words = words_of(config)
    seals, at = Seals(config), datetime.now(UTC).replace(microsecond=0)
    report = LotReport(found, template, words)
    path = to or config.issued.parent / FOLDER / f"{quote(report.number, safe='')}.pdf"
    content = issue_lot(report, seals.sealing(at, simulated=simulated), at)
    seals.prove(content, simulated=simulated)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}. Name a file that can be: --to FILE") from error
    return report, path


def words_of(config: StationConfig) -> tuple[Template, LotWords]:
    """Return the template of the documents and the words of a lot report; raises DocumentError where the home lacks them."""
    template = read_template(config.certificate)
    return template, read_lot_words(config.certificate.parent, template.language)


def lot_of(config: StationConfig, name: str, *, simulated: bool) -> Lot:
    """Return the figures of lot `name` from the store; raises UsageError when no unit of it has been tested."""
    archive = archive_of(config)
    with archive.reading() as connection:
        units = lots.lot_units(connection, name, simulated=simulated)
        others = lots.others(connection, name, simulated=simulated)
        history = ended_runs(connection, simulated=simulated)
    runs = [run for unit in units for run in unit.runs]
    if not runs:
        kind = "simulated runs" if simulated else "real runs (simulated ones: --simulated)"
        raise UsageError(f"no unit of lot {name!r} has an ended run among the {kind}. Is its name written as on its label?")
    theirs = lots.of_lot(units, history)
    return Lot(
        name, config.maker, config.site, _each(run.station for run in runs),
        _each(f"{run.product} / {run.revision}" for run in runs), _each(run.recipe for run in runs),
        _each(run.limits for run in runs), min(run.started_at for run in runs), max(run.ended_at for run in runs),
        simulated, others, tuple(sorted(lots.run_outcomes(units).items())), _shares(yields(theirs)),
        _bars(theirs, lots.titles(units)), _units(units, archive),
    )  # fmt: skip


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _shares(found: Yields) -> tuple[LotShare, ...]:
    told = {
        "product_first": found.product.first, "line_first": found.line.first,
        "final": found.product.last, "station_errors": found.station_errors,
    }  # fmt: skip
    return tuple(_share(name, share) for name, share in told.items())


def _share(name: str, share: Share) -> LotShare:
    low, high = share.interval() or (0.0, 1.0)
    return LotShare(name, share.good, share.of, round(low, 6), round(high, 6))


def _bars(runs: list[EndedRun], titles: dict[str, str]) -> tuple[LotBar, ...]:
    return tuple(LotBar(bar.row_id, titles.get(bar.row_id, ""), bar.count) for bar in pareto(runs))


def _units(units: Iterable[lots.LotUnit], archive: Archive) -> tuple[LotUnit, ...]:
    documents = {one.number: one for one in archive.issued()}
    released = {one.number.removesuffix(RELEASED) for one in archive.released()}

    def told(unit: lots.LotUnit) -> LotUnit:
        run = unit.decisive
        if run is None:
            return LotUnit(unit.serial, 0, unit.outcome)
        one = documents.get(run.document)
        gone = "" if one is None else "revoked" if one.revoked_at else "superseded" if one.superseded_by else ""
        state = gone or ("released" if run.document in released else "")
        failed = f"{run.first_fail} {run.title}".strip() if run.outcome == "FAIL" else ""
        return LotUnit(unit.serial, len(unit.runs), unit.outcome, failed, run.document, state, run.ended_at)

    return tuple(told(unit) for unit in units)
