"""A document of a real unit is sealed by the station that tested it and released by a person, or it does not hold."""

import pytest

from station.certificates.authority import PERSON, STATION, Holder, certified, new_authority, new_key, role_of
from station.certificates.findings import Report
from station.certificates.issue import NoDocumentError, issue, unsealed
from station.certificates.lot_report import issue_lot, unsealed_lot
from station.certificates.release import released
from station.certificates.seal import Sealing, sealed
from station.certificates.signer import FileSigner
from station.certificates.verify import verify
from station.core.errors import StationError
from tests.certificates.lots import lot, report
from tests.certificates.sealing import AT, carried, document, sealing, trusted

DEMONSTRATION = new_authority(Holder("Demonstration authority", "", "", demonstration=True), AT)


def by_demonstration(name: str, role: str) -> Sealing:
    """Return a key that calls itself no demonstration, certified by the authority of one."""
    key = new_key()
    return Sealing(FileSigner(key, certified(DEMONSTRATION, key.public_key(), Holder(name, "", "", role=role), AT)))


def certificate(by: Sealing) -> bytes:
    return sealed(unsealed(carried(simulated=False), AT, by.size), by.size, by.container)


def lot_report(by: Sealing) -> bytes:
    return sealed(unsealed_lot(report(), AT, by.size), by.size, by.container)


def found(content: bytes) -> Report:
    return verify(content, (*trusted(), DEMONSTRATION.certificate), redraw=False)


def faults(content: bytes) -> list[tuple[str, str]]:
    return [(one.what, one.said) for one in found(content).findings if one.holds is not True]


STRANGERS = {
    "a demonstration": (sealing(demonstration=True), "a key of the demonstration seals nothing real"),
    "its authority": (by_demonstration("EOL-01", STATION), "a key of the demonstration seals nothing real"),
    "another station": (sealing("EOL-09", role=STATION), "the key is of EOL-09, and the document of EOL-01"),
    "another of old": (sealing("EOL-09"), "the key is of EOL-09, and the document of EOL-01"),
    "a person": (sealing("quinn", role=PERSON), "the key is of quinn, person who releases, and only a station's seals"),
    "a namesake": (sealing("EOL-01", role=PERSON), "the key is of EOL-01, person who releases, and only a station's seals"),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_real_document_that_another_than_its_station_sealed_does_not_hold(who: str) -> None:
    by, why = STRANGERS[who]

    assert [("seal: holder", why)] == faults(certificate(by))
    assert [("seal: holder", why.replace("of EOL-01", "of EOL-01, EOL-02") if "document" in why else why)] == faults(
        lot_report(by)
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_but_its_station_is_let_seal_a_real_document(who: str) -> None:
    by, why = STRANGERS[who]

    with pytest.raises(NoDocumentError, match=why.partition(", and")[0]):
        issue(carried(simulated=False), by, AT)
    with pytest.raises(StationError, match="the report on lot L-2026-47 cannot be sealed: "):
        issue_lot(report(), by, AT)


RELEASERS = {
    "a demonstration": (sealing("quinn", demonstration=True), "a key of the demonstration releases nothing real"),
    "its authority": (by_demonstration("quinn", PERSON), "a key of the demonstration releases nothing real"),
    "the station": (sealing(role=STATION), "the key is of EOL-01, test station, and only a person's releases"),
    "the station of old": (sealing(), "the key is of EOL-01, test station, and only a person's releases"),
    "another station": (sealing("EOL-09", role=STATION), "the key is of EOL-09, test station, and only a person's releases"),
}


@pytest.mark.parametrize("who", RELEASERS)
def test_a_real_document_that_no_person_released_does_not_hold(who: str) -> None:
    by, why = RELEASERS[who]

    assert [("release: holder", why)] == faults(released(document(), by, AT, "Released by quality"))
    assert [("release: holder", why)] == faults(released(lot_report(sealing()), by, AT, "Released by quality"))


@pytest.mark.parametrize("roles", [(STATION, PERSON), ("", ""), (STATION, ""), ("", PERSON)])
def test_the_station_s_seal_and_a_person_s_release_hold_with_roles_and_from_before_there_were_any(roles: tuple[str, str]) -> None:
    seal, release = sealing(role=roles[0]), sealing("quinn", role=roles[1])

    for content in (certificate(seal), lot_report(seal)):
        assert [] == faults(released(content, release, AT, "Released by quality"))


def test_what_a_simulator_made_is_sealed_by_anybody_and_worth_nothing() -> None:
    simulated = issue_lot(report(lot(simulated=True)), sealing(demonstration=True), AT)

    assert found(simulated).holds
    assert any("worth nothing" in note for note in found(simulated).notes)


def test_a_role_stands_in_the_certificate_and_an_authority_has_none() -> None:
    (site,) = trusted()

    assert (STATION, PERSON) == tuple(role_of(sealing(role=one).signer.certificate) for one in (STATION, PERSON))
    assert "" == role_of(site)
