import json
from dataclasses import replace

from station.certificates.fingerprint import canonical_record, fingerprint
from tests.certificates.records import changed, mc100, number_row, record


def test_the_same_record_has_the_same_fingerprint_and_any_other_another() -> None:
    one = record(mc100())

    assert fingerprint(one) == fingerprint(record(mc100()))
    assert fingerprint(one) != fingerprint(record(changed(mc100(), "CUR.330", -0.0021)))
    assert fingerprint(one) != fingerprint(replace(one, reason="another"))


def test_a_record_with_numbers_that_json_cannot_hold_still_has_a_fingerprint() -> None:
    odd = record([number_row(value=float("nan")), number_row("CUR.311", value=500.0)])

    assert '"value":"nan"' in canonical_record(odd).decode()
    assert len(fingerprint(odd)) == 64


def test_the_canonical_record_is_json_that_names_its_verdict() -> None:
    told = json.loads(canonical_record(record(mc100())))

    assert told["verdict"] == "PASS"
    assert told["started"]["serial"] == "SN26-100401"
    assert len(told["rows"]) == 39
