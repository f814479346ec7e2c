"""The fixture's firmware as a device: bytes in, bytes out, and a watchdog in the time of the wire."""

from collections.abc import Callable

from station.simulator.bench import Bench
from station.simulator.firmware.commands import execute
from station.simulator.firmware.controller import Controller
from station.simulator.firmware.session import Session
from station.simulator.firmware.watch import Watch
from station.simulator.frames import Reader, encode


class Fixture:
    """Speaks the line protocol of fixtures/README.md; `transport_now` tells the wire's seconds, never hurried."""

    def __init__(self, bench: Bench, transport_now: Callable[[], float], now: float = 0.0) -> None:
        self._bench = bench
        self._transport_now = transport_now
        self._reader = Reader()
        self._out = bytearray()
        self._boots = 0
        self._controller, self._session, self._watch = self._boot("power", now)

    def opened(self, now: float) -> None:
        """Begin with an empty line; a session survives, as on a serial port."""
        self._reader.clear()
        self.poll(now)

    def receive(self, data: bytes, now: float) -> None:
        """Take `data` as it came off the wire and execute the requests in it.

        What had come while a busy host kept us from looking is no silence: a real controller would have looked.
        """
        requests = self._reader.feed(data)
        if requests:
            self._controller.watchdog.feed(self._transport_now())
        self._attend(now)
        for request in requests:
            reply = self._session.answer(request, lambda words: execute(self._controller, words, now))
            if request.body.startswith("HELLO ") and reply.startswith("OK"):
                self._session.begin(request.body.split(" ")[-1])
            self._flush_news()
            self._out += encode("<", request.sequence, reply)

    def poll(self, now: float) -> bytes:
        """Do all that is due by `now` and return the bytes to send; ask at least every 20 ms of the wire's time."""
        self._attend(now)
        if not self._out:
            return b""
        out, self._out = bytes(self._out), bytearray()
        return out

    def wake(self) -> float | None:
        """Return None: the fixture looks at its inputs whenever it is polled."""
        return None

    def closed(self, now: float) -> None:
        """Go on without a host: the watchdog makes safe."""

    def stop_button(self, pressed: bool, now: float) -> None:
        """Press or release the E-stop."""
        self._attend(now)
        if self._controller.interlocks.stop(pressed):
            self._controller.news.tell(f"ESTOP {'pressed' if pressed else 'released'}")
        if pressed:
            self._controller.make_all_safe(now)

    def lid(self, is_open: bool, now: float) -> None:
        """Open or close the lid."""
        self._attend(now)
        if self._controller.interlocks.lid(is_open):
            self._controller.news.tell(f"LID {'open' if is_open else 'closed'}")
        if is_open:
            self._controller.make_all_safe(now)

    def reboot(self, reset: str, now: float) -> None:
        """Start the controller anew: sessions, latches and logs are gone, every slot is safe."""
        self._attend(now)
        self._controller, self._session, self._watch = self._boot(reset, now)
        self._reader.clear()
        self._controller.make_all_safe(now)
        self._controller.news.tell(f"BOOT boots={self._boots} reset={reset}")

    def drift(self, share: float, now: float) -> None:
        """Let the controller's clock go faster by the share `share` from `now` on; a fault that only tests ask for."""
        self._attend(now)
        self._controller.drift(share, now)

    def _boot(self, reset: str, now: float) -> tuple[Controller, Session, Watch]:
        self._boots += 1
        controller = Controller(self._bench, self._transport_now, self._boots, reset, now)
        return controller, Session(), Watch(controller, now)

    def _attend(self, now: float) -> None:
        """Trip the watchdog if it is due, and collect what is news."""
        if self._controller.watchdog.trips(self._transport_now()):
            self._controller.make_all_safe(now)
            self._controller.news.tell("WATCHDOG")
        self._watch.look(now)
        self._flush_news()

    def _flush_news(self) -> None:
        if frames := self._controller.news.frames:
            self._out += frames
            frames.clear()
