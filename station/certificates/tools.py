"""Name the tools whose versions can change the bytes of a document, so that a difference years later has its explanation."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

import pikepdf

import station

_PACKAGES = ("reportlab", "pikepdf", "pillow", "segno", "pymupdf-fonts", "numpy")


@cache
def tools() -> Mapping[str, str]:
    """Return the version of each tool that had a part in drawing, by its name."""
    packages = {name: version(name) for name in _PACKAGES}
    own = {"station": station.__version__, "python": platform.python_version(), "qpdf": pikepdf.__libqpdf_version__}
    return MappingProxyType({**own, **packages})


def producer(used: Mapping[str, str]) -> str:
    """Return the tools `used` in one line, as PDF names who produced a file."""
    return ", ".join(f"{name} {used[name]}" for name in sorted(used))
