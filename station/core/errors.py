"""Name everything that can go wrong, so that a caller can answer it and an operator can act on it.

StationError                 about us, never about the unit
    DocumentError            a file is wrong: file, line, key, what, what to do   (document.py)
    SequenceError            the flow and the limits do not fit, or a step broke a rule
    InstrumentError          an instrument or the fixture
        LinkError            the bytes: dead port, closed peer, time-out, garbled reply
        IdentityError        it answers, but it is not the one we trust
        RefusedError         it understood and refused (SCPI error queue, fixture ERR)
        WiringError          its cables hang where they should not
        NoTriggerError       it waited for an edge that did not come
    InterlockError           lid, E-stop, watchdog, unit gone
    LoanError                a turn was not granted or not given back in time
    StoreError               the journal cannot write
    UsageError                   the command line asks for something that cannot be
    SlotError                a slot is asked for something that its state does not allow
    AdmissionError           a serial may not be tested here and now
    LockedError              the station may not test now (calibration, limits, store)
UndecidedError               sound work, but no verdict possible: clipped, contact lost, method not capable
    UnfitError               not even the work is possible: no unit in the seat, a line that fails its test; the run ends here
Stopped                      somebody said stop (a BaseException: no `except Exception` swallows a stop)
"""


class StationError(Exception):
    """Something of ours is wrong; the unit is neither good nor bad for it."""


class SequenceError(StationError):
    """The flow and the limits do not fit, or a step broke a rule of measuring."""


class InstrumentError(StationError):
    """An instrument or the fixture did not do what it was asked."""


class LinkError(InstrumentError):
    """The bytes did not come, or came wrong."""


class AbsentError(LinkError):
    """Nothing answers at the address."""


class IdentityError(InstrumentError):
    """What answers is not what the station's documents name."""


class RefusedError(InstrumentError):
    """The instrument understood and said no."""


class WiringError(InstrumentError):
    """An instrument's cables do not hang on the fixture's bus that the documents name."""


class NoTriggerError(InstrumentError):
    """The edge that an instrument waited for did not come."""


class InterlockError(StationError):
    """The lid, the E-stop, the watchdog or a missing unit keeps the slot safe."""


class LoanError(StationError):
    """A turn on an instrument was not granted, not given back, or asked for twice."""


class StoreError(StationError):
    """The journal cannot write, so nothing that happens now would be on record."""


class UsageError(StationError):
    """The command line asks for something that cannot be."""


class SlotError(StationError):
    """A slot is asked for something that its state does not allow; nothing has changed."""


class AdmissionError(StationError):
    """A serial may not be tested here and now: no verdict about its unit, and nothing has changed."""


class LockedError(StationError):
    """The station may not test now; the message says who can lift it."""


class UndecidedError(Exception):
    """A measurement was tried in earnest and allows no verdict; its rows become INCONCLUSIVE with this reason."""


class UnfitError(UndecidedError):
    """Slot or surroundings are not fit to test in: nothing that would follow could be decided either, so the run ends here."""


class Stopped(BaseException):
    """Somebody asked for a stop; the message says who or what."""
