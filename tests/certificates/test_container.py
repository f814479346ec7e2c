"""The container of a signature, written by hand, is what others read, and there is one way to write it."""

from dataclasses import replace

import pytest
from asn1crypto import cms
from hypothesis import given
from hypothesis import strategies as st

from station.certificates import der
from station.certificates.container import Container, taken_apart
from station.certificates.signer import der as certificate_der
from tests.certificates.sealing import sealing

WHO = certificate_der(sealing().signer.certificate)
CONTAINER = Container(bytes(range(32)), WHO, bytes(70))


def test_a_container_is_cms_that_others_read() -> None:
    signed = cms.ContentInfo.load(CONTAINER.dump(), strict=True)["content"]
    (signer,) = signed["signer_infos"]

    attributes = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
    assert "sha256" == signer["digest_algorithm"]["algorithm"].native
    assert "sha256_ecdsa" == signer["signature_algorithm"]["algorithm"].native
    assert ("data", bytes(range(32))) == (attributes["content_type"], attributes["message_digest"])
    assert "signing_certificate_v2" in attributes
    assert CONTAINER.attributes() == signer["signed_attrs"].untag().dump()


def test_what_is_put_in_is_taken_out() -> None:
    assert CONTAINER == taken_apart(CONTAINER.dump())


@given(st.integers(0, len(CONTAINER.dump()) - 1), st.integers(1, 255))
def test_a_changed_container_reads_otherwise_or_not_at_all(place: int, flip: int) -> None:
    content = bytearray(CONTAINER.dump())
    content[place] ^= flip

    try:
        found = taken_apart(bytes(content))
    except ValueError:
        return

    assert found != CONTAINER
    assert found.dump() == bytes(content)


def test_a_certificate_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="its certificate cannot be read"):
        replace(CONTAINER, certificate=b"\x30\x03\x02\x01\x01").dump()


@given(st.binary(max_size=300))
def test_an_element_comes_back_as_it_was_put_in(content: bytes) -> None:
    element = der.tlv(der.OCTETS, content)

    assert content == der.content_of(element, der.OCTETS)
    assert [element, element] == der.elements(element * 2)


@given(st.integers(0, 2**170))
def test_a_whole_number_is_written_as_others_write_it(number: int) -> None:
    from asn1crypto.core import Integer  # noqa: PLC0415 - the other writer

    assert Integer(number).dump() == der.integer(number)


@pytest.mark.parametrize("cut", [b"", b"\x04", b"\x04\x05abc", b"\x04\x82\x01"])
def test_an_element_that_is_cut_off_is_refused(cut: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|not what was expected"):
        der.content_of(cut, der.OCTETS)
