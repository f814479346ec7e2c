"""Have a time-stamp server (RFC 3161) say when a signature was made."""

import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from hashlib import sha256

from asn1crypto import cms, tsp

from station.certificates.der import SEQUENCE, content_of, elements
from station.certificates.stamp_form import plain
from station.core.errors import StationError

_PATIENCE = 10.0  # s for a server of the plant; a document that gets no stamp is issued at the next start
_MOST = 100_000  # bytes of an answer


@dataclass(frozen=True, slots=True)
class TimeServer:
    """A time-stamp server at an http or https address."""

    url: str

    def __call__(self, signature: bytes) -> bytes:
        """Return the server's token about `signature`, in DER; raises StationError when there is none."""
        asked = tsp.TimeStampReq(
            {"version": "v1", "message_imprint": imprint(signature), "nonce": secrets.randbits(63), "cert_req": True}
        )
        return answer(self._posted(bytes(asked.dump())), asked)

    def _posted(self, body: bytes) -> bytes:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/timestamp-query"})
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as reply:
                return bytes(reply.read(_MOST))
        except (OSError, urllib.error.URLError, ValueError) as error:
            raise StationError(f"the time-stamp server {self.url} does not answer: {error}") from error


def imprint(signature: bytes) -> tsp.MessageImprint:
    """Return what a server is told of a signature: its SHA-256, and nothing else."""
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": sha256(signature).digest()})


def answer(reply: bytes, asked: tsp.TimeStampReq) -> bytes:
    """Return the token in a server's `reply`, as a station writes it; raises StationError when there is none."""
    try:
        status, *token = elements(content_of(reply, SEQUENCE))
        word = tsp.PKIStatusInfo.load(status, strict=True)["status"].native
        if word not in ("granted", "granted_with_mods") or not token:
            raise StationError(f"the time-stamp server refuses: {word}")
        said = cms.ContentInfo.load(token[0], strict=True)["content"]["encap_content_info"]["content"].parsed
        if said["nonce"].native != asked["nonce"].native or said["message_imprint"].native != asked["message_imprint"].native:
            raise StationError("the time-stamp server answers another question")
        return plain(token[0])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StationError(f"the time-stamp server answers what is no time stamp: {error}") from error
