"""Give each peer an environment of its own, made once and kept in the user's cache folder."""

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

_PATIENCE = 300.0  # s for one install; a package index that cannot be reached says so within seconds
_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20")


class NotInstalledError(Exception):
    """A peer could not be installed; the text says why."""


def cache() -> Path:
    """Return the folder in which the peers' environments are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "eol-station-benchmarks"


def build(folder: Path, requirements: tuple[str, ...]) -> None:
    """Make an environment in `folder` that has `requirements` installed; raises NotInstalledError."""
    try:
        venv.create(folder, clear=True, with_pip=True)
        command = [str(_python(folder)), *_INSTALL, *requirements]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotInstalledError(f"no environment for {' '.join(requirements)}: {error}") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["pip says nothing"]
        raise NotInstalledError(f"{' '.join(requirements)} cannot be installed (is the package index reachable?): {said[-1]}")


def python_with(base: Path, name: str, *requirements: str, made: Callable[[Path, tuple[str, ...]], None] = build) -> Path:
    """Return the interpreter of the environment `name` below `base` that has exactly `requirements`, made unless it is there."""
    folder = base / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    ready = folder / ".ready"
    if not ready.is_file() or ready.read_text(encoding="utf-8").split() != list(requirements):
        made(folder, requirements)
        ready.write_text(" ".join(requirements), encoding="utf-8")
    return _python(folder)


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"
