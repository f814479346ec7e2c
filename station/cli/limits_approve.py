"""Approve a limit file from the command line."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from station.cli.limits import load
from station.core.errors import UsageError
from station.core.limit_file import parse
from station.disk.durable import write_whole
from station.quality.approval import RELEASING, approved


def approve(file: Path, by: str, role: str, digest: str) -> int:
    """Write the approval of `file` as it is now, by `by` in `role`; with `digest`, of that content or not at all."""
    limits = load(file, str(file))
    if digest and digest != limits.digest:
        raise UsageError(f"{file} is no longer what you looked at: its content is {limits.digest}. Look at it again")
    today = datetime.now(UTC).astimezone().date()
    text = approved(file.read_bytes(), str(file), by, role, today)
    after = parse(text, str(file))
    if after.digest != limits.digest:
        raise UsageError(f"{file} was changed while it was being approved. Look at it again")
    try:
        write_whole(file, text)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}. Nothing was approved; make it writable") from error
    sys.stdout.write(f"{file}: {after.product} revision {after.revision} is approved by {by} ({role}), {after.digest}\n")
    why = after.unreleased_on(today)
    state = "released" if why is None else f"NOT RELEASED: {why}"
    if role != RELEASING and after.unreleased is not None:
        state += f"; only the approval of {RELEASING} releases it"
    sys.stdout.write(f"  {state}\n")
    return 0
