"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
STATION = HOME / "station"
SOURCES = sorted(STATION.rglob("*.py"))
TESTS = sorted((HOME / "tests").rglob("*.py"))
FOLDERS = sorted(path for path in STATION.rglob("*") if path.is_dir() and any(path.glob("*.py")))
CLOCKWORK = {"threading", "_thread", "queue", "time", "sched", "asyncio", "concurrent", "multiprocessing"}
WRITTEN = {".py", ".toml", ".md", ".sql", ".sh", ".txt", ".cfg", ".yml", ".yaml"}
# A machine's own folders. /dev and /proc are every Linux's; /tmp is nobody's, and does not belong into a tree either.
MACHINE = r"(?<![\w.:/}$>-])(/home/|/root/|/Users/|/mnt/|/tmp/|[A-Z]:\\\\?[A-Za-z])"


def name(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Return the top-level names of all modules that `path` imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def may_touch_time(path: Path) -> bool:
    """Return whether `path` is the clocks, the crew, or of the simulator, which is a process of its own."""
    inside = path.relative_to(STATION)
    return inside.parts[0] in ("clocks", "simulator") or inside == Path("line", "crew.py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def lines_with(pattern: str, paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Return every line that `pattern` is found in, and where it stands."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if path != Path(__file__) and re.search(pattern, line):
                yield f"{name(path)}:{number}", line.strip()


def test_only_the_clocks_and_the_crew_touch_threads_queues_and_time() -> None:
    touching = {name(path) for path in SOURCES if not may_touch_time(path) and CLOCKWORK & set(imported(path))}

    assert set() == touching


def test_the_clocks_and_the_crew_do() -> None:
    assert {"threading", "time"} <= set(imported(STATION / "clocks" / "steady.py"))
    assert "threading" in set(imported(STATION / "line" / "crew.py"))


def test_an_import_is_found_wherever_it_hides(tmp_path: Path) -> None:
    hiding = tmp_path / "hiding.py"
    hiding.write_text("def f():\n    from threading import Lock\n    import queue as q, os.path\n", encoding="utf-8")

    assert ["threading", "queue", "os"] == list(imported(hiding))


def test_nothing_is_imported_from_beside_or_for_the_type_checker_only() -> None:
    nodes = [(path, node) for path in SOURCES for node in ast.walk(tree(path))]

    relative = {name(path) for path, node in nodes if isinstance(node, ast.ImportFrom) and node.level > 0}
    hidden = {name(path) for path, node in nodes if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"}
    assert set() == relative | hidden


def test_the_rooms_are_layers() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]

    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=100, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_each_folder_asks_its_one_question_in_one_sentence(folder: Path) -> None:
    said = (ast.get_docstring(tree(folder / "__init__.py")) or "").strip()

    assert said, "it says nothing"
    assert "\n\n" not in said, "it says more than one paragraph"
    assert said[-1] in ".?!"


def test_every_module_of_the_station_opens_with_a_sentence() -> None:
    assert [] == [name(path) for path in SOURCES if not ast.get_docstring(tree(path))]


def test_every_exception_from_a_rule_says_which_rule_and_why() -> None:
    found = list(lines_with(r"#\s*noqa", [*SOURCES, *TESTS]))

    assert [] == [line for line in found if not re.search(r"#\s*noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+(-|–|#) ?\w.{5,}", line[1])]


def test_every_type_that_is_not_checked_says_which_rule_and_why() -> None:
    found = list(lines_with(r"#\s*type: ignore", SOURCES))

    assert [] == [line for line in found if not re.search(r"#\s*type: ignore\[[\w, -]+\]\s+# \w.{5,}", line[1])]


def written() -> list[Path]:
    """Return what people wrote: the files that git knows or would take, without what is generated or issued."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    paths = [HOME / line for line in listed.stdout.splitlines()] or [*SOURCES, *TESTS]
    return [path for path in paths if path.is_file() and path.suffix in WRITTEN]


def test_no_path_of_somebody_s_machine_is_in_the_tree() -> None:
    assert [] == list(lines_with(MACHINE, written()))


@pytest.mark.parametrize("line", ['"/home/eva/x"', "cd /mnt/main", "C:\\Users", "(/tmp/x)", "at /root/.venv"])
def test_a_path_of_a_machine_is_recognised(line: str) -> None:
    assert re.search(MACHINE, line)


@pytest.mark.parametrize("line", ["https://example.org/home/x", "reports/work/x", "$HOME/home/x", "/dev/serial", "and/or"])
def test_a_path_of_everybody_is_left_alone(line: str) -> None:
    assert not re.search(MACHINE, line)


def test_a_mark_by_which_make_finds_the_tests_with_processes_is_set_in_the_file_of_the_test_alone() -> None:
    pattern = r"mark\.(process|wheel)"
    elsewhere = [path for path in TESTS if not path.name.startswith("test_")]
    unseen = (
        r"import mark|getattr\(pytest|mark as |pytest as "  # ways to set a mark that the search of the Makefile would not find
    )

    assert f"'{pattern}'" in (HOME / "Makefile").read_text(encoding="utf-8")
    assert [] == list(lines_with(pattern, elsewhere))
    assert [] == list(lines_with(unseen, TESTS))
