"""Keep one instrument usable: open, identified, set up; and after trouble brought back in full, or given up."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from station.core.clock import Clock, Stop
from station.core.config import InstrumentConfig
from station.core.equipment import Equipment
from station.core.errors import IdentityError, InstrumentError, LinkError
from station.hardware.scpi import Scpi

_ON_RECORD = {"dmm": "DMM", "scope": "oscilloscope"}  # a role as records and certificates call it
_PAUSES = (0.0, 0.5, 2.0)  # s before each attempt to connect again: many instruments hold a dead connection for a while


class Driver(Protocol):
    """What an instrument's driver offers besides measuring."""

    def configure(self) -> None:
        """Bring the instrument from whatever state it is in to ours."""
        ...

    def rest(self) -> None:
        """Leave the instrument idle."""
        ...


_Driver = TypeVar("_Driver", bound=Driver)


class Instrument(Generic[_Driver]):
    """One instrument of the station; `connect` opens its language afresh, `build` makes the driver on it."""

    def __init__(
        self, config: InstrumentConfig, connect: Callable[[], Scpi], build: Callable[[Scpi], _Driver], transport: Clock
    ) -> None:
        self._config = config
        self._connect = connect
        self._build = build
        self._transport = transport
        self._suspect: str | None = None
        self._open()

    def _open(self) -> None:
        self._scpi = self._connect()
        try:
            self._identify()
            self.driver = self._build(self._scpi)
            self.driver.configure()
        except BaseException:
            self._scpi.close()
            raise

    def _identify(self) -> None:
        who, config = self._scpi.identify(), self._config
        if (_plain(who.model), who.serial) != (_plain(config.model), config.serial):
            raise IdentityError(
                f"at {config.address} answers {who.maker} {who.model}, serial {who.serial}; expected is {config.model}, serial "
                f"{config.serial}. Connect that one, or correct [instruments.{config.role}] in station.toml with its certificate"
            )
        self.identity = who  # not before: a stranger's name must not stand on record beside our instrument's certificate

    def suspect(self, reason: str) -> None:
        """Believe none of its settings any more: it is set up afresh before it is lent again."""
        self._suspect = reason

    def ready(self, stop: Stop) -> None:
        """Make it usable after trouble: resynchronise, or connect again, always with a full set-up; raises when neither works."""
        if self._suspect is None and self._scpi.dirty is None:
            return
        try:
            if self._scpi.dirty is not None:
                self._scpi.resync()
            self._identify()
            self.driver.configure()
        except IdentityError:
            raise
        except InstrumentError:
            self._reopen(stop)
        self._suspect = None

    def _reopen(self, stop: Stop) -> None:
        for attempt, pause in enumerate(_PAUSES, 1):
            self._transport.wait(pause, stop)
            self._scpi.close()
            try:
                self._open()
            except LinkError as error:
                if attempt == len(_PAUSES):
                    raise LinkError(f"{self._config.name} cannot be reached again: {error}") from error
            else:
                return

    def equipment(self) -> Equipment:
        """Return who it is and until when it can be trusted, as it goes on record."""
        who, certificate = self.identity, self._config.certificate
        calibrated, due = certificate.calibrated.isoformat(), certificate.due.isoformat()
        return Equipment(
            _ON_RECORD[self._config.role],
            who.maker,
            who.model,
            who.serial,
            who.firmware,
            certificate.number,
            calibrated,
            due,
            who.simulated,
            lent=True,
        )

    def close(self) -> None:
        """Leave it idle if it still hears us, and close the link."""
        try:
            if self._scpi.dirty is None:
                self.driver.rest()
        except InstrumentError as error:
            self._suspect = str(error)  # it is being closed; what it refuses now does no harm
        finally:
            self._scpi.close()


def _plain(model: str) -> str:
    return model.upper().replace("-", "").replace(" ", "")
