"""The root commands: run, stop, single, digitize, force, and the registers that tell how far a record is."""

from collections.abc import Callable

import numpy as np

from station.simulator.ports import Terminals
from station.simulator.scope.acquisition import RUN, SINGLE, STOP, Acquisition
from station.simulator.scope.channel import DIVISIONS, Channel, three_digits
from station.simulator.scope.timebase import Timebase
from station.simulator.scope.triggering import Triggering
from station.simulator.scpi.common import install_register
from station.simulator.scpi.errors import ScpiError
from station.simulator.scpi.kinds import Choice
from station.simulator.scpi.numbers import whole
from station.simulator.scpi.status import Register, Status
from station.simulator.scpi.table import Call, Outcome, Table, Wait

RUN_BIT, WAIT_BIT = 1 << 3, 1 << 5
_SOURCE = Choice("CHAN1", tuple(f"CHANnel{number}" for number in (1, 2, 3, 4)))
_AUTOSCALE_LOOKS = 200_000
_AUTOSCALE_LEAST_V = 0.01  # a smaller swing is noise
_AUTOSCALE_CYCLES = 3  # on the screen
_AUTOSCALE_S = 1.0  # how far autoscale looks back


class Control:
    """Drives one acquisition."""

    def __init__(
        self,
        acquisition: Acquisition,
        channels: dict[int, Channel],
        triggering: Triggering,
        timebase: Timebase,
        terminals: Terminals,
        status: Status,
    ) -> None:
        self._acquisition = acquisition
        self._channels = channels
        self._triggering = triggering
        self._timebase = timebase
        self._terminals = terminals
        self._operation = status.operation

    def install(self, table: Table) -> None:
        """Put the commands into `table`."""
        acquisition = self._acquisition
        table.add("RUN", order=_at(acquisition.run))
        table.add("STOP", order=_at(acquisition.stop))
        table.add("SINGle", order=_at(self._single))
        table.add("DIGitize", order=self._digitize)
        table.add("*TRG", order=self._digitize)
        table.add("TRIGger:FORCe", order=_at(acquisition.force))
        table.add("AUToscale", order=self._autoscale)
        table.add("TER", query=self._take_triggered)
        table.ask("AER", self._take_armed)
        table.ask("RSTate", lambda: acquisition.state)
        table.do("CDISplay", lambda: None)
        for word, on in (("VIEW", True), ("BLANk", False)):
            table.add(word, order=self._show(on))
        table.add("STATus", query=lambda call: self._channel(call.exactly(1)[0]).display.shown())
        self._install_register(table, self._operation)

    def show_state(self) -> None:
        """Put run and wait-for-trigger into the operation register."""
        self._operation.show(RUN_BIT, self._acquisition.state != STOP)
        self._operation.show(WAIT_BIT, self._acquisition.armed)

    def _install_register(self, table: Table, register: Register) -> None:
        install_register(table, register, event="OPERegister[:EVENt]", enable="OPEE", width=65_535)
        table.ask("OPERegister:CONDition", self._condition)
        for header in ("HWERegister[:EVENt]", "HWERegister:CONDition", "MTERegister[:EVENt]", "OVLRegister"):
            table.ask(header, lambda: whole(0))

    def _condition(self) -> str:
        self.show_state()
        return whole(self._operation.condition)

    def _take_triggered(self, call: Call) -> str:
        """Say whether a trigger came since last asked; a running scope looks for one now."""
        call.exactly(0)
        self._acquisition.record(call.now)
        event, self._acquisition.trigger_event = self._acquisition.trigger_event, False
        return whole(event)

    def _take_armed(self) -> str:
        event, self._acquisition.armed_event = self._acquisition.armed_event, False
        return whole(event)

    def _single(self, now: float) -> None:
        """Take one record; like the real one this leaves the sweep at NORMal."""
        self._triggering.sweep.value = "NORM"
        self._acquisition.single(now, auto=False)

    def _digitize(self, call: Call) -> Outcome:
        """Take one record of the channels named, and hold later commands back until it is there.

        Without a trigger that is for ever, as its guide has it: a device clear would end it, which a raw socket does not know.
        Whoever waits on one polls `:SINGle` instead, or closes the socket and comes anew.
        """
        numbers = [int(_SOURCE.read(text)[-1]) for text in call.parameters]
        for number, channel in self._channels.items():
            if numbers:
                channel.display.value = number in numbers
        self._acquisition.single(call.now, auto=self._triggering.sweep.value == "AUTO")
        return Wait(lambda: self._acquisition.state != SINGLE, lambda: None)

    def _autoscale(self, call: Call) -> None:
        """Fit channel 1 to what was on it lately, and where that repeats, the time base and the trigger too."""
        for text in call.parameters:
            _SOURCE.read(text)
        times = np.linspace(max(call.now - _AUTOSCALE_S, 0.0), call.now, _AUTOSCALE_LOOKS)
        lately = self._terminals.volts(times)
        least, most = float(lately.min()), float(lately.max())
        middle, channel = (most + least) / 2, self._channels[1]
        channel.scale.value = float(np.clip((most - least) / (DIVISIONS - 2), 2e-3, 10.0))
        channel.offset.value = middle
        rises = times[1:][np.diff((lately > middle).astype(np.int8)) > 0]
        if len(rises) > 1 and most - least > _AUTOSCALE_LEAST_V:
            period = float((rises[-1] - rises[0]) / (len(rises) - 1))
            self._timebase.range.value = three_digits(float(np.clip(_AUTOSCALE_CYCLES * period, 50e-9, 50.0)))
            self._triggering.take_edge_of_channel(1, middle)
        self._acquisition.run(call.now)

    def _show(self, on: bool) -> Callable[[Call], None]:
        def show(call: Call) -> None:
            alone = not on and not call.parameters  # BLANk by itself is for all channels
            for channel in self._channels.values() if alone else [self._channel(call.exactly(1)[0])]:
                channel.display.value = on
            if self._acquisition.state == RUN:
                self._acquisition.changed()

        return show

    def _channel(self, text: str) -> Channel:
        if not text:
            raise ScpiError(-109)
        return self._channels[int(_SOURCE.read(text)[-1])]


def _at(act: Callable[[float], None]) -> Callable[[Call], None]:
    """Make an order without parameters of something that needs to know when."""

    def order(call: Call) -> None:
        call.exactly(0)
        act(call.now)

    return order
