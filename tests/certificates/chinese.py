"""Find a typeface with Chinese signs on this machine, and a template that names it."""

from pathlib import Path

import pytest

from station.certificates.template import Template, read_template
from station.core.canonical import digest
from tests.certificates.records import HOME

KNOWN = (
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",  # Debian: fonts-droid-fallback
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
)


def typeface() -> Path:
    """Return a TrueType file with Chinese signs; a test without one is skipped, loudly."""
    found = [Path(name) for name in KNOWN if Path(name).exists()]
    if not found:
        pytest.skip("NOT CHECKED IN CHINESE: there is no TrueType typeface with Chinese signs (Debian: fonts-droid-fallback)")
    return found[0]


def chinese(folder: Path, named: Path, pinned: str = "") -> Path:
    """Write a template in Chinese to `folder`, which names the typeface in the file `named`, and return its file."""
    (folder / "languages" / "lot").mkdir(parents=True)
    for name in ("zh-Hans.toml", "lot/zh-Hans.toml"):
        (folder / "languages" / name).write_bytes((HOME / "reports" / "languages" / name).read_bytes())
    content = named.read_bytes()
    (folder / "cjk.ttf").write_bytes(content)
    said = f'language = "zh-Hans"\ntypeface = "cjk.ttf"\ntypeface_sha256 = "{pinned or digest(content).removeprefix("sha256:")}"'
    text = (HOME / "reports" / "certificate.toml").read_text(encoding="utf-8")
    (folder / "certificate.toml").write_text(text.replace('language = "en"', said), encoding="utf-8")
    return folder / "certificate.toml"


def template(folder: Path) -> Template:
    """Return a template in Chinese with its typeface."""
    return read_template(chinese(folder, typeface()))
