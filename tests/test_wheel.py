"""What we ship works where nothing of ours is: the wheel in an empty environment makes a home and runs the demonstration."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


def run(*command: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done


def test_the_wheel_holds_one_package_and_the_starter_documents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {"station"} == {name.split("/")[0] for name in names if ".dist-info" not in name}
    languages = [f"reports/languages/{name}.toml" for name in ("de", "en", "es")]
    for document in (
        "station.toml",
        "limits/mc100-a.toml",
        "limits/mc100-b.toml",
        "fixtures/eol8.toml",
        "reports/certificate.toml",
        *languages,
    ):
        assert f"station/starter/{document}" in names
    assert [] == [name for name in names if "issued" in name or name.endswith(".sqlite")]


def test_the_wheel_in_an_empty_environment_makes_a_home_and_runs_the_demonstration(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    binaries = tmp_path / "venv" / "bin"
    pip = (sys.executable, "-m", "pip", "--python", str(binaries / "python"), "--disable-pip-version-check", "install")
    run(*pip, "--quiet", "--no-compile", "--constraint", str(ROOT / "constraints.txt"), str(wheel), cwd=tmp_path)

    run(str(binaries / "station"), "init", "X", cwd=tmp_path)
    done = run(str(binaries / "station"), "demo", "--home", "X", "--speed", "100", "-o", "plain", cwd=tmp_path)

    assert "All 8 units got the verdict they deserve" in done.stdout
