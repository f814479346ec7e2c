"""The status model of IEEE 488.2 and SCPI: event registers, their enables, and the status byte that sums them up."""

from station.simulator.scpi.errors import ErrorQueue, ScpiError

OPERATION_COMPLETE = 1 << 0
QUERY_ERROR = 1 << 2
DEVICE_ERROR = 1 << 3
EXECUTION_ERROR = 1 << 4
COMMAND_ERROR = 1 << 5
POWER_ON = 1 << 7


class Register:
    """One SCPI status register: the condition now, the events latched since last read, and which of them count."""

    def __init__(self) -> None:
        self.condition = 0
        self.event = 0
        self.enable = 0

    def show(self, bit: int, on: bool) -> None:
        """Set or clear `bit` (its value, a power of two) of the condition; a bit that comes on is latched."""
        if on:
            self.event |= bit & ~self.condition
            self.condition |= bit
        else:
            self.condition &= ~bit

    def latch(self, bit: int) -> None:
        """Latch an event that has no lasting condition."""
        self.event |= bit

    def read(self) -> int:
        """Return the latched events and clear them, as every event query does."""
        event, self.event = self.event, 0
        return event

    @property
    def summary(self) -> bool:
        """An enabled event is latched."""
        return bool(self.event & self.enable)


class Status:
    """All registers of one instrument; made as after a power-on."""

    def __init__(self, queue_depth: int = 20) -> None:
        self.errors = ErrorQueue(queue_depth)
        self.standard = Register()
        self.standard.latch(POWER_ON)
        self.questionable = Register()
        self.operation = Register()
        self.service_enable = 0

    def report(self, error: ScpiError) -> None:
        """Queue `error` and latch the class of error it belongs to."""
        self.errors.add(error)
        self.standard.latch(error_class(error.code))

    def byte(self, message_available: bool) -> int:
        """Return the status byte, its master summary (64) included; `message_available` is bit 4."""
        bits = 4 * bool(len(self.errors)) + 8 * self.questionable.summary + 16 * message_available
        bits += 32 * self.standard.summary + 128 * self.operation.summary
        return bits + 64 * bool(bits & self.service_enable)

    def clear(self) -> None:
        """Do what `*CLS` does: forget events and errors, keep enables and conditions."""
        self.errors.clear()
        for register in (self.standard, self.questionable, self.operation):
            register.read()

    def restart(self) -> None:
        """Do what a power cycle does: forget everything but that the power came on."""
        self.clear()
        self.preset()
        self.service_enable = 0
        self.standard.enable = 0
        self.standard.latch(POWER_ON)

    def preset(self) -> None:
        """Do what `STATus:PRESet` does: no SCPI event counts."""
        self.questionable.enable = 0
        self.operation.enable = 0


def error_class(code: int) -> int:
    """Return the bit of the standard event register that an error number sets."""
    classes = {1: COMMAND_ERROR, 2: EXECUTION_ERROR, 3: DEVICE_ERROR, 4: QUERY_ERROR}
    return classes.get(-code // 100, DEVICE_ERROR)
