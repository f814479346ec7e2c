"""Settings: values that a command sets, a query reads back, and a reset returns to their default."""

from collections.abc import Callable
from typing import Generic, TypeVar

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Kind
from station.simulator.scpi.table import Call, Table

T = TypeVar("T")
Changed = Callable[[], None]


class Setting(Generic[T]):
    """One value of an instrument under the headers that touch it; `changed` is called after a command has set it."""

    def __init__(self, kind: Kind[T], changed: Changed) -> None:
        self.kind = kind
        self.value = kind.default
        self._changed = changed

    def order(self, call: Call) -> None:
        """Set the value from the one parameter of a command."""
        (text,) = call.exactly(1)
        self.value = self.kind.read(text)
        self._changed()

    def query(self, call: Call) -> str:
        """Print the value, or with a parameter what MIN, MAX or DEF would set."""
        parameters = call.at_most(1)
        return self.kind.show(self.kind.read(parameters[0]) if parameters else self.value)

    def reset(self) -> None:
        """Return to the default."""
        self.value = self.kind.default


class Settings:
    """All settings of one instrument, put into its command table as they are declared."""

    def __init__(self, table: Table, changed: Changed) -> None:
        self._table = table
        self._changed = changed
        self._all: list[Callable[[], None]] = []
        self._savers: list[Callable[[], Callable[[], None]]] = []
        self._memory: dict[int, list[Callable[[], None]]] = {}

    def add(self, pattern: str, kind: Kind[T], *aliases: str, changed: Changed | None = None) -> Setting[T]:
        """Declare a setting under `pattern` and its `aliases`; `changed` replaces the common reaction."""
        setting = Setting(kind, changed or self._changed)
        for header in (pattern, *aliases):
            self._table.add(header, order=setting.order, query=setting.query)
        self._all.append(setting.reset)
        self._savers.append(lambda: _keeper(setting))
        return setting

    def reset(self) -> None:
        """Return all settings to their defaults."""
        for reset in self._all:
            reset()

    def save(self, place: int) -> None:
        """Keep all values in a numbered memory, as `*SAV` does."""
        self._memory[place] = [saver() for saver in self._savers]

    def recall(self, place: int) -> None:
        """Bring back what `*SAV` kept, or raise -221 when nothing was."""
        if place not in self._memory:
            raise ScpiError(-221)
        for restore in self._memory[place]:
            restore()


def _keeper(setting: Setting[T]) -> Callable[[], None]:
    """Return a call that brings back the value a setting has now."""
    value = setting.value

    def restore() -> None:
        setting.value = value

    return restore
