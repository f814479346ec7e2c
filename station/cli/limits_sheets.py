"""Take limit files to spreadsheets and back."""

import sys
from pathlib import Path

from station.cli.limits import content_of, own
from station.core.errors import UsageError
from station.core.limit_file import parse
from station.core.limit_writing import from_sheet, to_sheet
from station.disk.durable import write_whole


def export(target: Path, limits: Path | None, comma: bool, home: Path | None) -> int:
    """Write a limit file as a spreadsheet."""
    path, name = (limits, str(limits)) if limits is not None else own(home)
    text = content_of(path, name)
    sheet = to_sheet(text, name, comma=comma)
    _write(target, sheet)
    found = parse(text, name)
    sys.stdout.write(f"{target}: {found.product} revision {found.revision}, {len(found.limits)} rows, {found.digest}\n")
    return 0


def import_(source: Path, target: Path | None, comma: bool) -> int:
    """Read a spreadsheet and write the limit file it makes: a draft."""
    limits, text = from_sheet(content_of(source, str(source)), str(source), comma=comma)
    file = target if target is not None else source.with_suffix(".toml")
    _write(file, text)
    sys.stdout.write(
        f"{file}: {limits.product} revision {limits.revision}, {len(limits.limits)} rows, {limits.digest}\n"
        "  a draft: nobody has approved it. Next: station limits diff OLD NEW, and limits/README.md\n"
    )
    return 0


def _write(file: Path, content: bytes) -> None:
    if file.exists():
        raise UsageError(f"{file} is there already, and is left alone. Name a new file, or move that one")
    try:
        write_whole(file, content)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}. Name a folder that exists and can be written") from error
