from pathlib import Path

import pytest

from station.core.config import parse_station
from station.core.problems import DocumentError

HOME = Path(__file__).parents[2]
TEXT = (HOME / "station.toml").read_text(encoding="utf-8")


def test_the_station_file_of_the_repository_parses_and_its_paths_are_of_its_home() -> None:
    config = parse_station(TEXT, "station.toml", HOME)

    assert ("EOL-01", 50, "mc100") == (config.id, config.mains_hz, config.sequence)
    assert (HOME / "limits" / "mc100-b.toml").samefile(config.limits)
    assert config.fixture.is_file()
    assert ("dmm", "34461A", True) == (config.dmms[0].role, config.dmms[0].model, config.dmms[0].simulated)
    assert config.scopes[0].certificate.calibrated < config.scopes[0].certificate.due


def test_text_and_bytes_have_one_digest() -> None:
    assert parse_station(TEXT, "f", HOME).digest == parse_station(TEXT.encode(), "f", HOME).digest


def test_a_real_instrument_is_not_simulated_and_a_station_needs_no_simulator() -> None:
    text = TEXT.replace("SIM34461A1", "MY12345678").split("[simulator]")[0]

    config = parse_station(text, "f", HOME)

    assert not config.dmms[0].simulated
    assert "" == config.operator_address


def test_an_instrument_that_is_missing_is_told_in_one_line() -> None:
    text = TEXT.replace(TEXT[TEXT.index("[instruments.scope]") : TEXT.index("[paths]")], "")

    with pytest.raises(DocumentError) as refused:
        parse_station(text, "f", HOME)

    assert ["instruments.scope"] == [problem.key for problem in refused.value.problems]


def test_the_visa_library_is_ours_unless_the_file_names_another() -> None:
    other = TEXT.replace("[instruments.dmm]", '[instruments]\nvisa = "@ivi"\n\n[instruments.dmm]')

    assert ("@py", "@ivi") == (parse_station(TEXT, "f", HOME).visa, parse_station(other, "f", HOME).visa)


def test_labels_carry_every_element_unless_the_file_says_less() -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith(("gtin", "label"))]

    config = parse_station("\n".join(lines), "f", HOME)

    assert ("", ("01", "11", "10", "21")) == (config.gtin, config.label)
    assert ("01", "21") == parse_station(TEXT.replace('"11", "10", ', ""), "f", HOME).label


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mains_hz = 50", "mains_hz = 55", "station.mains_hz: is 55. Give 50 or 60"),
        ("mains_hz = 50", "mains_hz = 16", "station.mains_hz: is 16. Give a whole number"),
        ("Europe/Berlin", "Europe/Atlantis", "station.timezone: 'Europe/Atlantis' is not a time zone"),
        ("Europe/Berlin", "Europe", "station.timezone: 'Europe' is not a time zone"),
        ("Europe/Berlin", "../../etc/passwd", "station.timezone: '../../etc/passwd' is not a time zone"),
        ('id = "EOL-01"', 'id = ""', "station.id: is empty"),
        ('id = "EOL-01"', 'id = ".EOL"', "station.id: is '.EOL': documents whose names begin with a point are hidden"),
        ('id = "EOL-01"', 'id = "EOL\\n1"', "station.id: is 'EOL\\n1', with a sign that does not print or a blank at an end"),
        ('id = "EOL-01"', 'id = " EOL"', "station.id: is ' EOL', with a sign that does not print or a blank at an end"),
        ('id = "EOL-01"', f'id = "{"Ä" * 50}"', "station.id: is too long: it stands in the name of each document's file"),
        ('id = "EOL-01"', f'id = "{"_" * 50}"', "station.id: is too long: it stands in the name of each document's file"),
        ('id = "EOL-01"', 'id = "EOL|1"', "station.id: is 'EOL|1', and | parts what is in the code on paper"),
        ('sequence = "mc100" ', "", "product.sequence: is missing"),
        ("[paths]", "[path]", "path: is not a key of this table"),
        ('store = "records', 'stroe = "records', "paths.stroe: is not a key of this table"),
        ("[instruments.scope]", "[instruments.skope]", "instruments.skope: is not a key of this table"),
        ("due = 2099-12-31", 'due = "never"', "instruments.dmm.due: is 'never'"),
        ("04012345678901", "04012345678902", "product.gtin: the check digit of GTIN 04012345678902 is 2 and should be 1"),
        ("04012345678901", "4012345678901", "product.gtin: '4012345678901' is not 14 digits"),
        ('["01", "11", "10", "21"]', '["01", "10"]', "product.label: is 01, 10. Give what each label carries: 01 and 21"),
        ('["01", "11", "10", "21"]', '["01", "21", "17"]', "product.label: is 01, 21, 17"),
        ('["01", "11", "10", "21"]', '"01"', "product.label: is '01'. Give a list of texts"),
        ("[instruments.dmm]", '[instruments]\nvisa = ""\n[instruments.dmm]', 'instruments.visa: is empty. Give "@py"'),
        ("[simulator]", "[simulator]\nspeed = 9", "simulator.speed: is not a key of this table"),
    ],
)
def test_a_station_file_that_is_wrong_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT

    with pytest.raises(DocumentError) as refusal:
        parse_station(TEXT.replace(old, new, 1), "f", HOME)

    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('timestamp = "ftp://time.example"', "[keys].timestamp|keys.timestamp"),
        ('module = "/usr/lib/softhsm.so"', "comes without token, label"),
    ],
)
def test_keys_that_cannot_seal_are_refused_with_what_to_give(keys: str, said: str) -> None:
    text = TEXT if "[keys]" in TEXT else TEXT + "\n[keys]\n"
    text = text.replace("[keys]", f"[keys]\n{keys}", 1)

    with pytest.raises(DocumentError, match="Give") as caught:
        parse_station(text, "f", HOME)

    assert any(one in str(caught.value) for one in said.split("|"))


SECOND = """
[[instruments.dmm]]
model = "34461A"
address = "TCPIP0::127.0.0.1::5027::SOCKET"
serial = "SIM34461A2"
certificate = "SIM-CAL-0003"
calibrated = 2026-11-01
due = 2099-12-31
"""
POOL = TEXT.replace("[instruments.dmm]", "[[instruments.dmm]]").replace("[instruments.scope]", SECOND + "\n[instruments.scope]")


def test_one_table_is_one_instrument_and_several_are_a_pool() -> None:
    one, two = parse_station(TEXT, "f", HOME), parse_station(POOL, "f", HOME)

    assert ["dmm", "scope"] == [instrument.name for instrument in one.instruments]
    assert ["dmm", "dmm2", "scope"] == [instrument.name for instrument in two.instruments]
    assert ["SIM34461A1", "SIM34461A2"] == [dmm.serial for dmm in two.dmms]
    assert parse_station(TEXT.replace("[instruments.dmm]", "[[instruments.dmm]]"), "f", HOME).dmms == one.dmms


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("5027", "5025", "is 'TCPIP0::127.0.0.1::5025::SOCKET', which is that of dmm. Give the address of this one"),
        ("5027", "5026", "instruments.scope.address: is 'TCPIP0::127.0.0.1::5026::SOCKET', which is that of dmm2"),
        ("SIM34461A2", "SIM34461A1", "instruments.dmm.1.serial: is 'SIM34461A1', which is that of dmm"),
        ('serial = "SIM34461A2"', "", "instruments.dmm.1.serial: is missing"),
        ('serial = "SIM34461A2"', 'serial = "SIM34461A2"\nspeed = 1', "instruments.dmm.1.speed: is not a key of this table"),
        (SECOND, 8 * SECOND, "instruments.dmm: stands 9 times. Give one table [instruments.dmm], or 2 to 8 tables"),
    ],
)
def test_a_pool_that_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse_station(POOL.replace(old, new, 1), "f", HOME)

    assert any(said in str(problem) for problem in refusal.value.problems), str(refusal.value)
