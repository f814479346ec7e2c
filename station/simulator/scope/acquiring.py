"""The acquisition settings, and the sample rate and depth that follow from them and from the time base."""

from station.simulator.scope.timebase import Timebase
from station.simulator.scpi.kinds import Choice, Whole
from station.simulator.scpi.numbers import real, whole
from station.simulator.scpi.settings import Settings
from station.simulator.scpi.table import Table

FASTEST = 1e9  # samples a second
DEPTH = 1_000_000  # points of a single record
SHOWN = 62_500  # points of the measurement record, which a running scope gives
FINE_DEPTH = 250_000  # points of a record in high resolution, each the mean over its own stretch
_FINE_LOOKS = 4  # samples that are averaged into one
_LADDER = (8.0, 5.0, 4.0, 2.0, 1.0)


class Acquiring:
    """How samples become a record."""

    def __init__(self, table: Table, settings: Settings, timebase: Timebase) -> None:
        self._timebase = timebase
        types = ("NORMal", "AVERage", "HRESolution", "PEAK")
        self.type = settings.add("ACQuire:TYPE", Choice("NORM", types))
        self.count = settings.add("ACQuire:COUNt", Whole(8, 2, 65_536))
        settings.add("ACQuire:MODE", Choice("RTIM", ("RTIMe",)))
        settings.add("ACQuire:COMPlete", Whole(100, 100, 100))
        settings.add("ACQuire:DAALias", Choice("DIS", ("DISable", "AUTO")))
        table.ask("ACQuire:SRATe", lambda: real(self.rate(DEPTH), 5))
        table.ask("ACQuire:POINts", lambda: whole(self.points(DEPTH)))
        table.ask("ACQuire", self._describe)

    @property
    def averages(self) -> int:
        """How many records make one."""
        return self.count.value if self.type.value == "AVER" else 1

    @property
    def bits(self) -> int:
        """How fine one record is."""
        return 12 if self.type.value == "HRES" else 8

    @property
    def looks(self) -> int:
        """How many samples are averaged into one point."""
        return _FINE_LOOKS if self.type.value == "HRES" else 1

    def rate(self, depth: int) -> float:
        """Return the sample rate in samples a second that fills the screen with at most `depth` points."""
        held = min(depth, FINE_DEPTH) if self.type.value == "HRES" else depth
        most = min(FASTEST, held / self._timebase.range.value)
        decade = 10.0 ** int(f"{most:.15e}".split("e")[1])
        return next(step * decade for step in _LADDER if step * decade <= most * (1 + 1e-9))

    def points(self, depth: int) -> int:
        """Return how many points the screen then holds."""
        return max(round(self.rate(depth) * self._timebase.range.value), 1)

    def _describe(self) -> str:
        return f":ACQ:MODE RTIM;TYPE {self.type.value};COMP 100;COUN {self.count.value}"
