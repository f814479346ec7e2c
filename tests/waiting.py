"""Find, in the text of a module, every call that may wait without an end, and every loop whose end is not in its own line."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ENDLESS = ("timeout", "seconds", "patience", "busy", "write_timeout", "open_timeout")
"""Names of arguments that, given as None, mean "for ever"."""
UNTIMED = ("readline", "recv", "recv_into", "accept", "sendall", "getaddrinfo")
"""Methods whose end depends on what was set elsewhere: each stands with its reason in the list of those allowed."""


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place that may wait: the function it stands in (dotted), what it calls, and its line."""

    function: str
    what: str
    line: int


def sites(text: str, *, loops: bool) -> Iterator[Site]:
    """Yield every place in a module's `text` that may wait for ever; with `loops`, every `while` too."""
    yield from _walk(ast.parse(text), "", loops)


def _walk(node: ast.AST, inside: str, loops: bool) -> Iterator[Site]:
    for child in ast.iter_child_nodes(node):
        name = inside
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{inside}.{child.name}".removeprefix(".")
        if isinstance(child, ast.Call) and (what := _waiting(child)):
            yield Site(inside, what, child.lineno)
        if loops and isinstance(child, ast.While):
            yield Site(inside, "while", child.lineno)
        yield from _walk(child, name, loops)


def _waiting(call: ast.Call) -> str:
    """Return what may wait for ever in `call`, or nothing."""
    name = _name(call.func)
    if any(keyword.arg in ENDLESS and _none(keyword.value) for keyword in call.keywords):
        return f"{name} without an end"
    rule = _RULES.get(name)
    return name if name in UNTIMED or (rule is not None and rule(call)) else ""


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _given(call: ast.Call, place: int, *names: str) -> ast.expr | None:
    """Return the argument at `place` (from 0) or by one of its `names`, None when it is not given."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg in names), None)
    return call.args[place] if len(call.args) > place else named


def _lacks(place: int, *names: str) -> Callable[[ast.Call], bool]:
    """Return the rule that a call must be given the argument at `place` or by name, and not as None."""

    def lacking(call: ast.Call) -> bool:
        given = _given(call, place, *names)
        return given is None or _none(given)

    return lacking


def _bare(call: ast.Call) -> bool:
    return not call.args and not call.keywords


def _blocking_lock(call: ast.Call) -> bool:
    return not any(isinstance(node, ast.Attribute) and node.attr == "LOCK_NB" for node in ast.walk(call))


_RULES: dict[str, Callable[[ast.Call], bool]] = {
    "wait_for": _lacks(1, "seconds"),
    "wait": _bare,
    "join": _bare,  # a text's join has an argument
    "get": _bare,
    "poll": lambda call: _bare(call) and not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
                                              and call.func.value.id == "select"),
    "acquire": _bare,
    "input": lambda call: isinstance(call.func, ast.Name),
    "communicate": _lacks(1, "timeout"),
    "run": lambda call: _of(call, "subprocess") and _lacks(99, "timeout")(call),
    "check_output": _lacks(99, "timeout"),
    "check_call": _lacks(99, "timeout"),
    "Popen": lambda call: True,
    "select": _lacks(3),
    "create_connection": _lacks(1, "timeout"),
    "settimeout": _lacks(0, "value"),
    "flock": _blocking_lock,
    "lockf": _blocking_lock,
    "open_resource": _lacks(99, "open_timeout"),
}  # fmt: skip


def _of(call: ast.Call, module: str) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == module
