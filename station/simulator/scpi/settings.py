"""Settings: values that a command sets, a query reads back, and a reset returns to their default."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Kind
from station.simulator.scpi.table import Call, Table
from station.simulator.scpi.words import shortest

T = TypeVar("T")
_BETWEEN = "\x1f"  # between printed settings: no text holds it, and it is no line feed
Changed = Callable[[], None]


class Setting(Generic[T]):
    """One value of an instrument under the headers that touch it; `changed` is called after a command has set it."""

    def __init__(self, kind: Kind[T], changed: Changed) -> None:
        self.kind = kind
        self.value: T = kind.default
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

    def shown(self) -> str:
        """Print the value."""
        return self.kind.show(self.value)

    def bring_back(self, shown: str) -> None:
        """Take a value as `shown` printed it, telling nobody."""
        self.value = self.kind.read(shown)


class Settings:
    """All settings of one instrument, put into its command table as they are declared."""

    def __init__(self, table: Table, changed: Changed) -> None:
        self._table = table
        self._changed = changed
        self._all: list[_Kept] = []
        self._told: list[tuple[str, _Kept]] = []
        self._memory: dict[int | str, str] = {}

    def add(self, pattern: str, kind: Kind[T], *aliases: str, changed: Changed | None = None) -> Setting[T]:
        """Declare a setting under `pattern` and its `aliases`; `changed` replaces the common reaction."""
        setting = self.keep(kind, changed)
        self._told.append((pattern, setting))
        for header in (pattern, *aliases):
            self._table.add(header, order=setting.order, query=setting.query)
        return setting

    def keep(self, kind: Kind[T], changed: Changed | None = None) -> Setting[T]:
        """Declare a setting that commands of its own touch."""
        setting = Setting(kind, changed or self._changed)
        self._all.append(setting)
        return setting

    def reset(self) -> None:
        """Return all settings to their defaults."""
        for setting in self._all:
            setting.reset()

    def learn(self) -> list[str]:
        """Print the commands that bring all settings back which have a header of their own, in the order of declaration."""
        return [f"{shortest(pattern)} {setting.shown()}" for pattern, setting in self._told]

    def dump(self) -> str:
        """Print all values on one line, so that `load` can bring them back."""
        return _BETWEEN.join(setting.shown() for setting in self._all)

    def load(self, dumped: str) -> None:
        """Bring back what `dump` printed, or raise -224 when it is none of ours."""
        lines = dumped.split(_BETWEEN)
        if len(lines) != len(self._all):
            raise ScpiError(-224)
        for setting, line in zip(self._all, lines, strict=True):
            setting.bring_back(line)

    def save(self, place: int | str) -> None:
        """Keep all values in a numbered memory, as `*SAV` does, or in a file by its name."""
        self._memory[place] = self.dump()

    def holds(self, place: int) -> bool:
        """Return whether a numbered memory was ever filled."""
        return place in self._memory

    def recall(self, place: int | str) -> None:
        """Bring back what `save` kept, or raise -221 when nothing was, and -256 when there is no such file."""
        if place not in self._memory:
            raise ScpiError(-256 if isinstance(place, str) else -221)
        self.load(self._memory[place])


class _Kept(Protocol):
    """What all settings can do, whatever their values are."""

    def reset(self) -> None: ...

    def shown(self) -> str: ...

    def bring_back(self, shown: str) -> None: ...
