"""A key in a security module seals as a key in a file does; skipped, loudly, where there is no module to try it on."""

import os
import subprocess
from pathlib import Path

import pytest

from station.certificates.authority import Holder, certified
from station.certificates.issue import issue
from station.certificates.keys import KeysError
from station.certificates.seal import Sealing
from station.certificates.security_module import Module, ModuleSigner
from station.certificates.verify import verify
from tests.certificates.sealing import AT, authority, carried, trusted
from tests.certificates.validators import tool

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """Give a security module of software with a new key on P-256."""
    words = pytest.importorskip("pkcs11", reason="NOT CHECKED WITH A SECURITY MODULE: python-pkcs11 is not installed")
    util = tool("softhsm2-util")
    if not LIBRARY.exists():
        pytest.skip(f"NOT CHECKED WITH A SECURITY MODULE: there is no {LIBRARY}")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "conf"))
    initialise = [util, "--init-token", "--free", "--label", "station", "--pin", "123456", "--so-pin", "654321"]
    subprocess.run(initialise, check=True, capture_output=True, env=os.environ)
    with words.lib(str(LIBRARY)).get_token(token_label="station").open(user_pin="123456", rw=True) as session:
        from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415 - it is there only where the module is

        curve = {words.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        session.create_domain_parameters(words.KeyType.EC, curve, local=True).generate_keypair(store=True, label="EOL-01")
    return Module(str(LIBRARY), "station", "EOL-01", b"123456")


def test_a_key_in_a_security_module_seals(module: Module) -> None:
    certificate = certified(authority(), module.public_key(), Holder("EOL-01", "Example", "Hall 2"), AT)

    content = issue(carried(), Sealing(ModuleSigner(module, certificate)), AT)

    assert verify(content, trusted()).holds
    for wrong in (Module(str(LIBRARY), "station", "EOL-02", b"123456"), Module(str(LIBRARY), "station", "EOL-01", b"000000")):
        with pytest.raises(KeysError, match="does not serve the key"):
            wrong.sign(b"hello")
    assert "123456" not in repr(module)


def test_a_module_without_its_package_or_its_library_says_what_to_install() -> None:
    with pytest.raises(KeysError, match=r"pip install 'eol-station\[pkcs11\]'|does not serve the key"):
        Module("/nowhere.so", "station", "EOL-01", b"123456").sign(b"hello")
