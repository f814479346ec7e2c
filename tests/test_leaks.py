"""The tests' own guard works: whoever leaves a thread, a child process or a socket behind fails."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LEAKS = {
    "thread": "import threading\ndef test_leaks():\n    threading.Timer(5, print).start()\n",
    "child process": "import subprocess\ndef test_leaks():\n    global child\n    child = subprocess.Popen(['sleep', '5'])\n",
    "socket": "import socket\ndef test_leaks():\n    global kept\n    kept = socket.socket()\n",
}


def run_tests(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=folder)


@pytest.mark.parametrize("what", LEAKS)
def test_a_test_that_leaves_something_behind_fails(what: str, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_leak.py").write_text(LEAKS[what])

    done = run_tests(tmp_path)

    assert 1 == done.returncode, done.stdout
    assert "1 error" in done.stdout
    assert what in done.stdout


def test_a_test_that_cleans_up_passes(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_clean.py").write_text("import socket\ndef test_clean():\n    with socket.socket():\n        pass\n")

    done = run_tests(tmp_path)

    assert 0 == done.returncode, done.stdout
