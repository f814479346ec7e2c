"""The common commands of IEEE 488.2 and the error and version queries of SCPI, the same in every instrument."""

from collections.abc import Callable
from dataclasses import dataclass

from station.simulator.scpi.kinds import Whole
from station.simulator.scpi.numbers import whole
from station.simulator.scpi.status import OPERATION_COMPLETE, Register, Status
from station.simulator.scpi.table import Call, Table, Wait, pause

SELF_TEST_S = 2.0
_MASK = Whole(0, 0, 255)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an instrument says of itself: the reply to `*IDN?`, its SCPI year, and the reply to `*OPT?`."""

    name: str
    scpi_version: str
    options: str = "0"


class Common:
    """Answers the common commands; `reset` is the instrument's own, `idle` says that no operation is under way."""

    def __init__(self, status: Status, reset: Callable[[], None], idle: Callable[[], bool]) -> None:
        self._status = status
        self._reset = reset
        self._idle = idle
        self._completion_asked = False

    def install(self, table: Table, identity: Identity) -> None:
        """Put all common commands into `table`."""
        status = self._status
        table.ask("*IDN", lambda: identity.name)
        table.ask("*OPT", lambda: identity.options)
        table.do("*RST", self._obey_reset)
        table.do("*CLS", self._clear)
        table.do("*OPC", self._ask_completion)
        table.ask("*OPC", lambda: self._when_idle("1"))
        table.do("*WAI", lambda: self._when_idle(None))
        table.add("*STB", query=lambda call: whole(status.byte(call.message_available)))
        table.add("*SRE", order=self._enable_service)
        table.ask("*SRE", lambda: whole(status.service_enable))
        table.add("*TST", query=_self_test)
        table.ask("SYSTem:ERRor[:NEXT]", status.errors.next)
        table.ask("SYSTem:VERSion", lambda: identity.scpi_version)
        install_register(table, status.standard, event="*ESR", enable="*ESE", width=255)

    def step(self) -> None:
        """Latch operation complete once `*OPC` was given and nothing is under way."""
        if self._completion_asked and self._idle():
            self._completion_asked = False
            self._status.standard.latch(OPERATION_COMPLETE)

    def _obey_reset(self) -> None:
        self._completion_asked = False
        self._reset()

    def _clear(self) -> None:
        self._completion_asked = False
        self._status.clear()

    def _ask_completion(self) -> None:
        self._completion_asked = True
        self.step()

    def _when_idle(self, reply: str | None) -> Wait:
        return Wait(self._idle, lambda: reply)

    def _enable_service(self, call: Call) -> None:
        self._status.service_enable = _MASK.read(call.exactly(1)[0]) & ~64  # a summary cannot ask for itself


def install_register(table: Table, register: Register, event: str, enable: str, width: int = 32_767) -> None:
    """Put the event query and the enable mask of one register into `table`."""
    mask = Whole(0, 0, width)

    def set_enable(call: Call) -> None:
        register.enable = mask.read(call.exactly(1)[0])

    table.ask(event, lambda: whole(register.read()))
    table.add(enable, order=set_enable)
    table.ask(enable, lambda: whole(register.enable))


def install_scpi_register(table: Table, register: Register, header: str) -> None:
    """Put event, condition and enable of a STATus register into `table`, under `header`."""
    install_register(table, register, event=f"{header}[:EVENt]", enable=f"{header}:ENABle")
    table.ask(f"{header}:CONDition", lambda: whole(register.condition))


def _self_test(call: Call) -> Wait:
    call.exactly(0)
    return pause(call.now + SELF_TEST_S, "+0")
