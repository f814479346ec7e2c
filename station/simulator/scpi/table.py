"""The commands an instrument knows, found by header: long or short, any case, optional nodes left out or not."""

from collections.abc import Callable
from dataclasses import dataclass, field

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.message import Unit
from station.simulator.scpi.words import spellings, variants


@dataclass(frozen=True, slots=True)
class Call:
    """One command as it reaches its handler: parameters as typed, the moment in seconds, and whether a reply waits."""

    parameters: tuple[str, ...]
    now: float
    message_available: bool = False

    def at_most(self, count: int) -> tuple[str, ...]:
        """Return the parameters, or raise -108 when there are more than `count`."""
        if len(self.parameters) > count:
            raise ScpiError(-108)
        return self.parameters

    def exactly(self, count: int) -> tuple[str, ...]:
        """Return the parameters, or raise -108 or -109 when they are not `count`."""
        if len(self.parameters) < count:
            raise ScpiError(-109)
        return self.at_most(count)


@dataclass(frozen=True, slots=True)
class Wait:
    """A command that is not done yet: looked at after each event, and over at `until` (seconds) in any case."""

    done: Callable[[], bool]
    reply: "Callable[[], Reply]"
    until: float | None = None

    def over(self, now: float) -> bool:
        """Return whether the command is done at `now`."""
        return self.done() or (self.until is not None and now >= self.until)


Reply = str | bytes | None
Outcome = Reply | Wait
Handler = Callable[[Call], Outcome]


@dataclass(slots=True)
class _Node:
    """One place in the tree of headers."""

    children: "dict[str, _Node]" = field(default_factory=dict)
    order: Handler | None = None
    query: Handler | None = None


class Table:
    """A tree of headers with what to do at its leaves."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, pattern: str, order: Handler | None = None, query: Handler | None = None) -> None:
        """Make `pattern` known: `order` obeys it, `query` answers it with a question mark; a later one replaces."""
        for row in variants(pattern):
            node = self._root
            for word in row:
                node = _child(node, word)
            node.order = order or node.order
            node.query = query or node.query

    def ask(self, pattern: str, answer: Callable[[], Outcome]) -> None:
        """Make a query known that takes no parameter."""
        self.add(pattern, query=lambda call: _alone(call, answer))

    def do(self, pattern: str, act: Callable[[], Outcome]) -> None:
        """Make an order known that takes no parameter."""
        self.add(pattern, order=lambda call: _alone(call, act))

    def find(self, nodes: tuple[str, ...], unit: Unit) -> Handler:
        """Return what to do for a header whose full path is `nodes`, or raise -113 or -114."""
        node = self._root
        for typed in nodes:
            node = _descend(node, typed)
        handler = node.query if unit.query else node.order
        if handler is None:
            raise ScpiError(-113)
        return handler


def pause(until: float, reply: Reply) -> Wait:
    """Return the wait of a command that just takes its time, up to `until` in seconds."""
    return Wait(lambda: False, lambda: reply, until)


def _alone(call: Call, act: Callable[[], Outcome]) -> Outcome:
    call.exactly(0)
    return act()


def _child(node: _Node, word: str) -> _Node:
    """Return the child for a mnemonic, made when it is new, reachable by every spelling."""
    forms = spellings(word)
    known = forms & node.children.keys()
    child = node.children[min(known)] if known else _Node()
    for form in forms:
        node.children.setdefault(form, child)
    return child


def _descend(node: _Node, typed: str) -> _Node:
    child = node.children.get(typed)
    if child is None:
        bare = typed.rstrip("0123456789")
        raise ScpiError(-114 if bare != typed and bare in node.children else -113)
    return child
