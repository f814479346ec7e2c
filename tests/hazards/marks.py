"""Find which test shows which requirement, by reading the tests' text: nothing is imported, so nothing needs to be installed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "hazard"


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that shows a requirement: the requirement's id, the test's file relative to the home, and its name."""

    requirement: str
    path: str
    name: str


def shown_in(home: Path) -> list[Shown]:
    """Return what every test below `home`/tests shows, in order; raises ValueError where a mark is not of plain texts."""
    files = sorted((home / "tests").rglob("test_*.py"))
    return sorted(one for file in files for one in read(file.read_text(encoding="utf-8"), file.relative_to(home).as_posix()))


def read(text: str, path: str) -> Iterator[Shown]:
    """Yield what the tests of one file show; `pytestmark` speaks for each test of its file."""
    tree = ast.parse(text)
    of_all = [
        requirement
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "pytestmark" for to in node.targets)
        for requirement in _named(node.value, path)
    ]
    for test in tree.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            own = [requirement for decorator in test.decorator_list for requirement in _named(decorator, path)]
            yield from (Shown(requirement, path, test.name) for requirement in dict.fromkeys([*own, *of_all]))


def _named(node: ast.expr, path: str) -> Iterator[str]:
    """Yield the requirements that the marks inside `node` name: of a decorator, of a list of marks, of a case's `marks=`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == MARK:
            plain = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(plain) != len(call.args) or call.keywords:
                raise ValueError(f"{path}:{call.lineno}: a {MARK} mark names its requirements as plain texts")
            yield from plain
