"""Sign with a key that never leaves its security module (PKCS#11); needs the package python-pkcs11, which no other part does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from types import ModuleType
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from station.certificates.keys import KeysError
from station.certificates.signer import lower

_HALF = 32  # bytes of r, and of s


class Key(Protocol):
    """A key in a token."""

    def sign(self, data: bytes, *, mechanism: object) -> bytes:
        """Return the signature over `data`: r and s, one after the other."""
        ...


class Session(Protocol):
    """An open token."""

    def get_key(self, kind: object, algorithm: object, label: str) -> Key:
        """Return the key of that name."""
        ...


@dataclass(frozen=True, slots=True)
class Module:
    """The key `label` in the token `token` of the security module whose library is `library`, opened with `pin`."""

    library: str
    token: str
    label: str
    pin: bytes = field(repr=False)

    def public_key(self) -> EllipticCurvePublicKey:
        """Return the public half of the key, for the authority to certify; raises KeysError."""
        with self._opened() as (words, session):
            point = session.get_key(words.ObjectClass.PUBLIC_KEY, words.KeyType.EC, self.label)
            content = words.util.ec.encode_ec_public_key(point)
        key = load_der_public_key(content)
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            raise KeysError(f"the key {self.label!r} in the security module is not on P-256")
        return key

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in DER; raises KeysError when the module does not make one."""
        with self._opened() as (words, session):
            key = session.get_key(words.ObjectClass.PRIVATE_KEY, words.KeyType.EC, self.label)
            made = key.sign(sha256(message).digest(), mechanism=words.Mechanism.ECDSA)
        r, s = (int.from_bytes(half, "big") for half in (made[:_HALF], made[_HALF:]))
        return lower(encode_dss_signature(r, s))

    @contextmanager
    def _opened(self) -> Iterator[tuple[ModuleType, Session]]:
        words = _library()
        try:
            token = words.lib(self.library).get_token(token_label=self.token)
            with token.open(user_pin=self.pin.decode()) as session:
                yield words, session
        except (words.PKCS11Error, RuntimeError) as error:
            raise KeysError(f"the security module {self.library} does not serve the key {self.label!r}: {error!r}") from error


def _library() -> ModuleType:
    try:
        import_module("pkcs11.util.ec")  # it is there only where a module is used
        return import_module("pkcs11")
    except ImportError as error:
        raise KeysError(f"a security module needs one package more ({error}): pip install 'eol-station[pkcs11]'") from error


@dataclass(frozen=True, slots=True)
class ModuleSigner:
    """Signs with a key in a security module; its signatures differ each time."""

    module: Module
    certificate: x509.Certificate

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message` in DER; raises KeysError when the module does not make one."""
        return self.module.sign(message)
