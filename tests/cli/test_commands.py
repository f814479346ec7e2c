"""The commands as a newcomer and as a program meet them: words, exit codes, nothing on the wrong stream."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from station.cli.app import app
from station.cli.home import make
from station.cli.program import code_of
from station.core.errors import LockedError, StationError, UsageError
from station.core.problems import DocumentError
from tests.cli.program import station

ROOT = Path(__file__).parents[2]
TWICE = b'{"dmm": "a", "scope": "a", "fixture": "b", "operator": "c"}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


def invoke(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_init_makes_a_home_that_can_be_read_and_touches_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text("mine")

    first = invoke("init", str(tmp_path))

    assert 0 == first.exit_code
    assert "mine" == (tmp_path / "station.toml").read_text()
    assert (tmp_path / "limits" / "mc100-b.toml").read_bytes() == (ROOT / "limits" / "mc100-b.toml").read_bytes()
    assert not (tmp_path / "reports" / "issued").exists()


def test_what_init_says_to_do_next_can_be_typed_whatever_the_folder_is_called(tmp_path: Path) -> None:
    said = invoke("init", str(tmp_path / "my home")).output

    assert f"Next: cd '{tmp_path}/my home' && station doctor" in said


def test_a_file_that_is_named_as_a_home_is_said_to_be_one(home: Path) -> None:
    done = station("doctor", "--home", str(home / "station.toml"))

    assert 2 == done.returncode
    assert f"station: {home / 'station.toml'} is a file. Name the folder that holds station.toml\n" == done.stderr


def test_an_exchange_of_one_slot_does_not_wait_long_for_another_that_computes() -> None:
    said = "import atexit, sys; atexit.register(lambda: print(sys.getswitchinterval())); from station.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", said, "--version"], capture_output=True, text=True, check=True, timeout=60)

    assert 1e-3 >= float(done.stdout.splitlines()[-1])


def test_limits_check_praises_a_good_file(home: Path) -> None:
    result = invoke("limits", "check", "--home", str(home))

    assert 0 == result.exit_code
    assert "released" in result.output
    assert "sha256:" in result.output


@pytest.mark.hazard("LF-04", "LF-06")
def test_limits_check_names_file_line_key_and_remedy_and_exits_2(home: Path) -> None:
    path = home / "limits" / "mc100-b.toml"
    text = path.read_text(encoding="utf-8").replace("low = 1140, high = 1200", "low = 1140, high = 1200.1")
    path.write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if row.startswith('"TIM.010"'))

    result = invoke("limits", "check", str(path))

    assert 2 == result.exit_code
    assert f"{path}:{line}: rows.TIM.010.high: lets the output run for more than 1200 s. Give at most 1200 s" in result.output


@pytest.mark.hazard("LF-02")
def test_limits_check_says_when_a_file_was_edited_after_its_approval(home: Path) -> None:
    path = home / "limits" / "mc100-b.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("high = 432,", "high = 431,"), encoding="utf-8")

    result = invoke("limits", "check", "--home", str(home))

    assert 0 == result.exit_code
    assert "NOT RELEASED: it was changed after its approval" in result.output


def test_limits_show_prints_every_row_with_its_acceptance_limits(home: Path) -> None:
    result = invoke("limits", "show", "--home", str(home))

    assert 0 == result.exit_code
    for word in ("TIM.010", "1140.3 … 1199.7", "CUR.310", "µA", "S both"):
        assert word in result.output


def test_yield_of_an_empty_store_says_so(home: Path) -> None:
    result = invoke("yield", "--home", str(home))

    assert 0 == result.exit_code
    assert "no run is on record yet" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name at least one serial"),
        (("--slot", "three=SN1"), "is not like --slot 3=SN26-100403"),
        (("--slot", "3=A", "--slot", "3=B"), "names a slot twice"),
        (("--slots", "12", "S1"), "--slots makes a simulated fixture that wide: say --simulate with it"),
        (("--operator", "W" * 101, "S1"), "--operator is 101 characters long. Give who runs it, in at most 100"),
    ],
)
def test_a_wrong_use_of_run_exits_2_with_the_reason_on_stderr(home: Path, words: tuple[str, ...], said: str) -> None:
    done = station("run", "--home", str(home), *words)

    assert 2 == done.returncode
    assert said in done.stderr
    assert "" == done.stdout


def test_a_folder_without_station_toml_is_told_how_to_become_a_home(tmp_path: Path) -> None:
    done = station("doctor", "--home", str(tmp_path))

    assert 2 == done.returncode
    assert "station init" in done.stderr


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_cannot_become_a_home(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")

    done = station("init", str(tmp_path / place))

    assert 2 == done.returncode
    assert "cannot become a home" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_station_toml_exits_2_with_every_fault(home: Path) -> None:
    path = home / "station.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("mains_hz = 50", 'mains_hz = "fifty"\ncolour = "red"'), encoding="utf-8"
    )

    done = station("run", "SN1", "--home", str(home))

    assert 2 == done.returncode
    assert "station.mains_hz" in done.stderr
    assert "station.colour" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_at_the_addresses_is_a_station_error_that_names_the_address(home: Path) -> None:
    path = home / "station.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("5030", "1").replace("5025", "2").replace("5026", "3"), encoding="utf-8")

    done = station("run", "SN1", "--home", str(home))

    assert 3 == done.returncode
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.hazard("EQ-03")
def test_a_calibration_past_due_locks_with_exit_4(home: Path) -> None:
    path = home / "fixtures" / "eol8.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("due = 2099-12-31", "due = 2020-01-01", 1), encoding="utf-8")

    done = station("run", "SN1", "--home", str(home))

    assert 4 == done.returncode
    assert "timer of fixture SIMFX-0001" in done.stderr
    assert "2020-01-01" in done.stderr


def test_help_shows_an_example_and_the_exit_codes() -> None:
    for words in (("run",), ("demo",)):
        result = invoke(*words, "--help")

        assert 0 == result.exit_code
        assert "Example: station" in result.output
        assert "130 aborted" in result.output.replace("\n", " ").replace("  ", " ")


def test_version_is_one_line() -> None:
    result = invoke("--version")

    assert 0 == result.exit_code
    assert result.output.startswith("station 0.")


def test_help_imports_no_room_that_is_heavy() -> None:
    code = (
        "import json, sys\nfrom station.cli import main\nsys.argv = ['station', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(json.dumps(sorted(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    loaded = json.loads(done.stdout.splitlines()[-1])
    assert [] == [name for name in loaded if name.split(".")[0] in ("numpy", "pyvisa", "reportlab", "serial", "sqlite3")]


@pytest.mark.parametrize(
    ("error", "code"), [(UsageError("x"), 2), (DocumentError([]), 2), (LockedError("x"), 4), (StationError("x"), 3)]
)
def test_each_kind_of_error_has_its_exit_code(error: StationError, code: int) -> None:
    assert code == code_of(error)


def test_a_bug_of_ours_is_a_station_error_and_never_a_unit_that_failed() -> None:
    code = "import station.cli.app as cli\ncli.app = lambda: 1 // 0\nfrom station.cli import main\nmain()"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)

    assert 3 == done.returncode
    assert "station: this is a fault of the program" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_ctrl_c_while_the_program_is_still_being_read_is_a_stop_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    command = [sys.executable, "-c", "from station.cli import main; main()", "--help"]

    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )

    assert (130, "", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stop_that_comes_in_a_callback_where_nothing_can_be_raised_is_a_stop_all_the_same(name: str) -> None:
    said = f"""
import signal, station.cli.app as cli, weakref
class Thing: pass
def app():
    thing = Thing()
    gone = weakref.ref(thing, lambda _: signal.raise_signal(signal.{name}))
    del thing
    signal.sigtimedwait([], 5)
cli.app = app
from station.cli import main
main()
"""

    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False, timeout=60)

    assert (130, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("words", [("limits", "show"), ("--version",), ("--help",)])
def test_results_that_stdout_does_not_take_are_our_error_and_no_bug(home: Path, words: tuple[str, ...]) -> None:
    place = ("--home", str(home)) if words[0] == "limits" else ()
    command = [sys.executable, "-c", "from station.cli import main; main()", *words, *place]
    reader, writer = os.pipe()
    os.close(reader)

    with Path("/dev/full").open("wb") as full:
        gone = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
        lost = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writer)

    assert (3, "") == (gone.returncode, gone.stderr)
    assert 3 == lost.returncode
    assert "station: what came of it cannot be written to stdout: No space left on device\n" == lost.stderr


def test_a_folder_that_nobody_lets_us_into_is_told_with_its_remedy_and_no_traceback(home: Path) -> None:
    (home / "demo").write_text("in the way", encoding="utf-8")

    done = station("demo", "--home", str(home))

    assert 3 == done.returncode
    assert f"station: {home / 'demo'}" in done.stderr
    assert "Not a directory. Let the user who says this read and write there, or name another place\n" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "x.pdf", "--code", ""), "--code is empty. Give what the code on the paper holds"),
        (
            ("limits", "approve", "x.toml", "--by", "Q", "--role", "quality", "--digest", ""),
            "--digest is empty. Give the one that",
        ),
    ],
)
def test_what_is_to_be_held_against_and_is_empty_is_refused_and_not_left_out(words: tuple[str, ...], said: str) -> None:
    done = station(*words)

    assert 2 == done.returncode
    assert f"station: {said}" in done.stderr


def test_a_folder_in_the_place_of_a_typeface_is_named_with_its_option_and_what_to_do(home: Path) -> None:
    authority = next((ROOT / "tests" / "golden" / "certificates").rglob("authority.pem"))

    done = station("verify", "--authority", str(authority), "--typeface", str(home), "x.pdf")

    assert 2 == done.returncode
    assert f"station: --typeface {home} cannot be read: Is a directory. Name a file with a typeface\n" == done.stderr


@pytest.mark.parametrize(
    ("name", "why"),
    [("mc200", "No module named 'station.products.mc200'"), ("microcurrent", "has no attribute 'SEQUENCES'")],
)
def test_a_sequence_that_cannot_be_used_is_told_why_and_what_to_name(home: Path, name: str, why: str) -> None:
    toml = home / "station.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"mc100"', f'"{name}"'), encoding="utf-8")

    done = station("run", "--home", str(home), "--simulate", "SN1")

    assert 2 == done.returncode
    assert f"station: station.toml: product.sequence: '{name}' cannot be used: " in done.stderr
    assert f"{why}. Name a file of station/products that offers SEQUENCES, without .py" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "station run SN26-100401\n"), (("--port", "0"), "station run --bench FILE SN26-100401, the line below in FILE\n")],
)
def test_a_simulator_on_free_ports_says_how_a_run_finds_it(home: Path, words: tuple[str, ...], said: str) -> None:
    command = [sys.executable, "-c", "from station.cli import main; main()", "simulate", "--home", str(home)]

    done = subprocess.run(  # in a process, for the simulator takes the place of the program that starts it
        [*command, "--truth", str(home), *words], capture_output=True, text=True, check=False, timeout=60
    )

    assert 2 == done.returncode
    assert f"In another terminal: {said}" in done.stderr


def test_a_ctrl_c_while_the_simulator_is_still_being_read_is_put_off_until_it_can_end_by_it(home: Path) -> None:
    said = (
        "import os, signal; os.execv = lambda *_: print(*sorted(map(int, signal.pthread_sigmask(0, []))))\n"
        f"from station.cli import main; import sys; sys.argv[1:] = ['simulate', '--home', {str(home)!r}]; main()"
    )

    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False, timeout=60)

    assert f"{signal.SIGINT:d} {signal.SIGTERM:d}\n" == done.stdout, done.stderr


def test_a_folder_that_takes_no_evidence_is_told_before_the_bench_is_looked_for(home: Path) -> None:
    evidence = home / "records" / "evidence"
    evidence.mkdir(parents=True)
    (evidence / ".unfinished").write_text("no folder", encoding="utf-8")

    done = station("run", "--home", str(home), "SN1")

    assert 3 == done.returncode
    assert done.stderr.startswith(f"station: evidence cannot be kept below {evidence}: ")


def test_a_simulated_bench_that_nobody_started_is_told_how_to_start_it(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    toml = home / "station.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("127.0.0.1:5030", f"127.0.0.1:{port}"), encoding="utf-8")

    done = station("run", "--home", str(home), "SN1")

    assert 3 == done.returncode
    assert f"nothing answers at 127.0.0.1:{port}: Connection refused" in done.stderr
    assert "start it with `station simulate`, or say --simulate" in done.stderr


def test_closed_streams_are_no_crash_and_their_numbers_go_to_no_file(home: Path) -> None:
    told = home / "told"
    code = (
        "import os, pathlib\nfrom station.cli import main\ntry:\n    main()\n"
        f"finally:\n    pathlib.Path({str(told)!r}).write_text(os.readlink('/proc/self/fd/1') + os.readlink('/proc/self/fd/2'))"
    )
    words = [sys.executable, "-c", code, "limits", "show", "--home", str(home)]

    done = subprocess.run(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *words], check=False, timeout=60)

    assert 0 == done.returncode
    assert "/dev/null/dev/null" == told.read_text()


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"{}", b'{"dmm": 1, "scope": 2, "fixture": 3, "operator": 4}', TWICE])
def test_a_bench_file_that_is_none_exits_2_and_says_what_to_give(home: Path, content: bytes | None) -> None:
    file = home / "bench.json"
    if content is not None:
        file.write_bytes(content)

    done = station("run", "--home", str(home), "--bench", str(file), "SN1")

    assert 2 == done.returncode
    assert f"--bench {file}" in done.stderr
    assert "the line that `station simulate` prints" in done.stderr


def test_a_bench_of_ones_own_and_a_simulated_one_at_once_are_refused(home: Path) -> None:
    done = station("run", "--home", str(home), "--simulate", "--bench", "bench.json", "SN1")

    assert 2 == done.returncode
    assert "leave out --bench" in done.stderr


def test_a_serial_of_bytes_that_are_no_text_is_refused_and_not_a_crash(home: Path) -> None:
    command: list[str | bytes] = [sys.executable, "-c", "from station.cli import main; main()", "run", "--home", str(home)]

    done = subprocess.run([*command, b"\xff\xfe"], capture_output=True, text=True, check=False, timeout=60)

    assert 2 == done.returncode
    assert "slot 1 refused" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_for_transcripts_that_cannot_be_made_exits_2_before_anything_is_opened(home: Path) -> None:
    (home / "told").write_text("in the way", encoding="utf-8")

    done = station("run", "--home", str(home), "--transcript", str(home / "told"), "SN1")

    assert 2 == done.returncode
    assert "--transcript" in done.stderr
    assert "Name a folder that can be made and written" in done.stderr
