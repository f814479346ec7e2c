"""An instrument of a few lines, for timing links: `python -m benchmarks.peers.instrument` prints its port and serves one client.

It answers `*IDN?` and says that its error queue is empty, takes a setting in silence, and answers `BLK? N KIND` with a definite
block of N bytes: `random` ones, or `newline` ones (0x0A, which a careless reader takes for the end of a line).
"""

import random
import socket
import sys

_TEXTS = {
    b"*IDN?": b"Keysight Technologies,34461A,MY12345678,A.03.03-03.15-03.03-00.52-03-02\n",
    b"*ESR?;:SYST:ERR?": b'0;+0,"No error"\n',
}
KINDS = ("random", "newline")


def block(count: int, kind: str) -> bytes:
    """Return a definite block (IEEE 488.2) of `count` bytes, with the LF that ends the message."""
    data = random.Random(1).randbytes(count) if kind == "random" else b"\n" * count
    return b"#%d%d%s\n" % (len(str(count)), count, data)


def serve(listener: socket.socket) -> None:
    """Answer one client until it hangs up."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        blocks: dict[bytes, bytes] = {}
        for line in lines:
            connection.sendall(_answer(line.strip(), blocks))


def _answer(command: bytes, blocks: dict[bytes, bytes]) -> bytes:
    if command in _TEXTS:
        return _TEXTS[command]
    if command.startswith(b"BLK? "):
        _, count, kind = command.split()
        if command not in blocks:
            blocks[command] = block(int(count), kind.decode())
        return blocks[command]
    return b""


def main() -> None:
    """Serve one client, and end when it leaves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        serve(listener)


if __name__ == "__main__":
    main()
