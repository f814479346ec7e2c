"""Keys, verification, reissue and release as people and programs meet them: words, exit codes, files."""

import shutil
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from station.certificates.carried import Carried
from station.cli.aftermath import aftermath
from station.cli.app import app
from station.cli.home import read
from station.cli.program import code_of
from station.core.canonical import digest
from station.core.errors import StationError, UsageError
from station.store.archive import Archive
from tests.cli.certified import PASSPHRASE, certify, home_in, opened

NUMBER = "EOL-01-2026-000001"


def invoke(home: Path, *words: str) -> Result:
    result = CliRunner().invoke(app, [*words, "--home", str(home)])
    if isinstance(result.exception, StationError):
        result.exit_code = code_of(result.exception)
        result.output_bytes += str(result.exception).encode()
    return result


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_in(tmp_path)


@pytest.fixture(scope="module")
def with_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with keys, from which each test is given one of its own: to make keys and to draw take the most of a test's time."""
    home = home_in(tmp_path_factory.mktemp("keys"))
    made = invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))
    assert 0 == made.exit_code, made.output
    return home


@pytest.fixture(scope="module")
def with_certificate(with_keys: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same with the certificate of a real unit, and its file in there."""
    home = Path(shutil.copytree(with_keys, tmp_path_factory.mktemp("certificate") / "home"))
    return home, Path(certify(home, simulated=False).path).relative_to(home)


@pytest.fixture
def keyed(with_keys: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(with_keys, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def issued(with_certificate: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A home with the certificate of a real unit, and its file."""
    home, file = with_certificate
    return Path(shutil.copytree(home, tmp_path, dirs_exist_ok=True)), tmp_path / file


def test_keys_init_makes_an_authority_and_a_key_and_says_what_to_do_with_them(home: Path) -> None:
    made = invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))

    assert 0 == made.exit_code
    assert "station.key made: the key of EOL-01, certified by Example Devices GmbH documents" in made.output
    assert "Keep keys/authority.key off this computer" in made.output
    assert {0o600} == {(home / "keys" / name).stat().st_mode & 0o777 for name in ("station.key", "authority.key")}


def test_keys_init_never_replaces_a_key(keyed: Path) -> None:
    again = invoke(keyed, "keys", "init", "--passphrase-file", str(keyed / "secret"))

    assert 2 == again.exit_code
    assert "is there already" in again.output


def test_a_passphrase_must_be_long_enough_and_its_file_nobody_else_s(home: Path) -> None:
    (home / "secret").write_text("short")
    short = invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))
    (home / "secret").chmod(0o644)
    shared = invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))

    assert (2, 2) == (short.exit_code, shared.exit_code)
    assert "is shorter than 12 characters: nothing was written" in short.output
    assert "chmod 600" in shared.output
    assert not (home / "keys" / "station.key").exists()


def test_without_a_terminal_a_passphrase_is_asked_for_in_vain_and_that_is_said(home: Path) -> None:
    made = invoke(home, "keys", "init")

    assert 2 == made.exit_code
    assert "nobody is here to ask. Name a file with it: --passphrase-file FILE" in made.output


def test_a_key_or_passphrase_that_is_not_there_is_wrong_usage_and_says_what_to_do(home: Path) -> None:
    absent = str(home / "absent")

    nowhere = invoke(home, "keys", "init", "--passphrase-file", absent)
    misnamed = invoke(home, "keys", "init", "--for", "../quinn", "--passphrase-file", str(home / "secret"))
    unkeyed = invoke(home, "release", NUMBER, "--by", "quinn")

    assert (2, 2, 2) == (nowhere.exit_code, misnamed.exit_code, unkeyed.exit_code)
    assert "Name a file with the passphrase" in nowhere.output
    assert "cannot name a key" in misnamed.output
    assert "station keys init --for quinn" in unkeyed.output


@pytest.mark.parametrize(
    "words", [("keys", "rotate", "--for", ""), ("keys", "init", "--for", ""), ("release", NUMBER, "--by", "")]
)
def test_a_person_without_a_name_is_never_taken_for_the_station(keyed: Path, words: tuple[str, ...]) -> None:
    before = (keyed / "keys" / "station.key").read_bytes()

    refused = invoke(keyed, *words, "--passphrase-file", str(keyed / "secret"))

    assert 2 == refused.exit_code
    assert f"{words[-2]} is empty. Name the person whose key is meant" in refused.output
    assert before == (keyed / "keys" / "station.key").read_bytes()


def test_keys_show_says_whether_the_station_could_seal(keyed: Path) -> None:
    good = invoke(keyed, "keys", "show")
    (keyed / "keys" / "station.key").chmod(0o644)
    bad = invoke(keyed, "keys", "show")

    assert 0 == good.exit_code, good.output
    assert "The station can seal, as EOL-01." in good.output
    assert 4 == bad.exit_code


def test_keys_show_of_a_home_without_keys_says_how_to_make_them(home: Path) -> None:
    shown = invoke(home, "keys", "show")

    assert 4 == shown.exit_code
    assert "Say: station keys init" in shown.output


def test_a_rotated_key_seals_and_what_the_old_one_sealed_still_holds(issued: tuple[Path, Path]) -> None:
    home, first = issued
    old = (home / "keys" / "station.key").read_bytes()

    rotated = invoke(home, "keys", "rotate", "--passphrase-file", str(home / "secret"))

    second = certify(home, "SN26-100402", simulated=False, seed=2)
    assert 0 == rotated.exit_code, rotated.output
    assert old != (home / "keys" / "station.key").read_bytes()
    assert 1 == len(list((home / "keys" / "retired").iterdir()))
    assert 0 == invoke(home, "verify", str(first), second.path).exit_code
    assert 0 == invoke(home, "reissue", NUMBER).exit_code


def test_a_second_station_is_certified_by_the_same_authority(keyed: Path, tmp_path: Path) -> None:
    other = home_in(tmp_path / "other")
    key = str(keyed / "keys" / "authority.key")

    made = invoke(other, "keys", "init", "--authority-key", key, "--passphrase-file", str(keyed / "secret"))

    assert 0 == made.exit_code, made.output
    assert (keyed / "keys" / "authority.pem").read_bytes() == (other / "keys" / "authority.pem").read_bytes()


def test_an_authority_that_is_elsewhere_must_be_brought(keyed: Path) -> None:
    (keyed / "keys" / "authority.key").unlink()

    made = invoke(keyed, "keys", "init", "--for", "quinn", "--passphrase-file", str(keyed / "secret"))

    assert 2 == made.exit_code
    assert "Bring it, and name it: --authority-key FILE" in made.output


def test_a_certificate_is_verified_in_words(issued: tuple[Path, Path]) -> None:
    home, file = issued

    result = invoke(home, "verify", str(file))

    assert 0 == result.exit_code, result.output
    for word in ("✔ seal: by EOL-01", "✔ record: PASS proven by 39 of 39 rows", "✔ limits", "✔ drawing", "✔ store", " VALID"):
        assert word in result.output


def test_a_verifier_needs_nothing_but_the_authority_s_file(issued: tuple[Path, Path], tmp_path: Path) -> None:
    home, file = issued
    words = ["verify", str(file), "--authority", str(home / "keys" / "authority.pem")]

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path.parent)
        result = CliRunner().invoke(app, words)

    assert 0 == result.exit_code, result.output
    assert "store" not in result.output


def test_a_changed_file_exits_1_and_says_so(issued: tuple[Path, Path]) -> None:
    home, file = issued
    file.write_bytes(file.read_bytes().replace(b"Example Devices", b"Exemple Devices", 1))

    result = invoke(home, "verify", str(file))

    assert 1 == result.exit_code
    assert "✘ seal: the document is not the one that was signed" in result.output
    assert " NOT VALID" in result.output


def test_verify_without_a_file_or_an_authority_is_told_what_to_name(home: Path, tmp_path: Path) -> None:
    nothing = invoke(home, "verify")
    unknown = invoke(home, "verify", str(tmp_path / "x.pdf"))

    assert (2, 2) == (nothing.exit_code, unknown.exit_code)
    assert "name a file to verify" in nothing.output
    assert "--authority FILE" in unknown.output


def printed(home: Path) -> str:
    """Return what the code on the paper of the certificate holds."""
    from station.certificates.fingerprint import code, fingerprint  # noqa: PLC0415 - what the camera sees

    archive = Archive(read(home).config.store)
    document = archive.issued()[0]
    record = archive.record(document.run_id)
    return code(document.number, record.started.serial, fingerprint(record))


def test_the_code_on_paper_is_held_against_the_file_and_against_the_store(issued: tuple[Path, Path]) -> None:
    home, file = issued
    text = printed(home)

    same = invoke(home, "verify", str(file), "--code", text)
    alone = invoke(home, "verify", "--code", text)
    other = invoke(home, "verify", str(file), "--code", text[:-1] + "x")
    forged = invoke(home, "verify", "--code", text.replace("SN26", "SN27"))

    assert [0, 0, 1, 1] == [one.exit_code for one in (same, alone, other, forged)]
    assert f"{NUMBER} is on record for SN26-100401: PASS" in alone.output
    assert "is of another document" in other.output
    assert "is on record with another serial or record" in forged.output


@pytest.mark.parametrize("text", ["EOL1|X|Y|Z", "hello", "EOL1|EOL-01-2026-000099|SN26-100401|0123456789abcdef"])
def test_a_code_that_nobody_printed_exits_1(issued: tuple[Path, Path], text: str) -> None:
    home, _ = issued

    assert 1 == invoke(home, "verify", "--code", text).exit_code


def test_reissue_proves_that_a_document_is_what_its_record_draws(issued: tuple[Path, Path]) -> None:
    home, _ = issued

    result = invoke(home, "reissue", NUMBER)

    assert 0 == result.exit_code, result.output
    assert "it is equal byte for byte" in result.output


def test_reissue_restores_a_deleted_file_byte_for_byte_without_a_key(issued: tuple[Path, Path]) -> None:
    home, file = issued
    content = file.read_bytes()
    file.unlink()
    (home / "keys" / "station.key").unlink()

    result = invoke(home, "reissue", NUMBER)

    assert 0 == result.exit_code, result.output
    assert content == file.read_bytes()


@pytest.mark.parametrize("name", ["EOL_01", "Linie 1/Süd", "a_b%5Fc", "x*[y]?"])
def test_a_station_with_any_sign_in_its_id_finds_what_it_filed(home: Path, name: str) -> None:
    toml, secret = home / "station.toml", ("--passphrase-file", str(home / "secret"))
    toml.write_text(toml.read_text(encoding="utf-8").replace('id = "EOL-01"', f'id = "{name}"'), encoding="utf-8")
    invoke(home, "keys", "init", *secret)
    invoke(home, "keys", "init", "--for", "quinn", *secret)
    file = Path(certify(home, simulated=False).path)

    again, released = (
        invoke(home, "reissue", f"{name}-2026-000001"),
        invoke(home, "release", f"{name}-2026-000001", "--by", "quinn", *secret),
    )
    file.unlink()
    restored = invoke(home, "reissue", f"{name}-2026-000001")

    assert [0, 0, 0] == [one.exit_code for one in (again, released, restored)], again.output + released.output + restored.output
    assert "it is equal byte for byte" in again.output
    assert file.exists()


def test_reissue_tells_a_file_that_was_changed_and_leaves_it(issued: tuple[Path, Path]) -> None:
    home, file = issued
    file.write_bytes(file.read_bytes() + b"\n")

    result = invoke(home, "reissue", NUMBER)

    assert 1 == result.exit_code
    assert "was changed after it was issued. Move it away" in result.output
    assert file.read_bytes().endswith(b"%%EOF\n\n")


def test_reissue_uses_the_documents_as_they_were_then(issued: tuple[Path, Path]) -> None:
    home, _ = issued
    template = home / "reports" / "languages" / "en.toml"
    template.write_text(template.read_text(encoding="utf-8").replace('"Final test certificate"', '"Prize"'), encoding="utf-8")

    assert 0 == invoke(home, "reissue", NUMBER).exit_code


def test_reissue_accuses_nobody_of_a_document_that_an_earlier_version_drew(keyed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr("station.cli.sources.Carried", partial(Carried, schema=1))
        file = Path(certify(keyed, simulated=False).path)

    result = invoke(keyed, "reissue", NUMBER)

    assert 1 == result.exit_code
    assert "the file is as issued; it cannot be made again here: its drawing is of schema 1" in result.output
    assert 0 == invoke(keyed, "verify", str(file)).exit_code


def test_what_is_worth_nothing_any_more_is_neither_released_nor_superseded_nor_revoked_again(issued: tuple[Path, Path]) -> None:
    home, _ = issued
    secret, second = ("--passphrase-file", str(home / "secret")), "EOL-01-2026-000002"
    why = ("--by", "kim", "--reason", "wrong logo")
    invoke(home, "keys", "init", "--for", "quinn", *secret)

    assert 0 == invoke(home, "release", NUMBER, "--by", "quinn", *secret).exit_code
    twice = invoke(home, "release", NUMBER, "--by", "quinn", *secret)
    assert 0 == invoke(home, "reissue", NUMBER, "--supersede", *why).exit_code
    superseded = [invoke(home, "reissue", NUMBER, "--supersede", *why), invoke(home, "release", NUMBER, "--by", "quinn", *secret)]
    assert 0 == invoke(home, "reissue", second, "--revoke", *why).exit_code
    revoked = [invoke(home, "reissue", second, one, *why) for one in ("--revoke", "--supersede")]
    revoked.append(invoke(home, "release", second, "--by", "quinn", *secret))

    assert (2, True) == (twice.exit_code, "was released by quinn at 20" in twice.output)
    assert [(2, True)] * 2 == [(one.exit_code, f"was superseded by {second}. Name that one" in one.output) for one in superseded]
    assert [(2, True)] * 3 == [(one.exit_code, "wrong logo. That is for good" in one.output) for one in revoked]


def test_a_simulated_number_that_another_store_gave_too_is_no_forgery_and_a_real_one_is(tmp_path: Path) -> None:
    here, there = home_in(tmp_path / "here"), home_in(tmp_path / "there")
    for home in (here, there):
        assert 0 == invoke(home, "keys", "init", "--passphrase-file", str(home / "secret")).exit_code
    found = []
    for simulated, keys in ((True, "keys/demonstration"), (False, "keys")):
        certify(here, "SN26-100401", simulated=simulated, seed=3 + simulated)
        other = certify(there, "SN26-100402", simulated=simulated, seed=5 + simulated)
        found.append(invoke(here, "verify", other.path, "--authority", str(there / keys / "authority.pem")))

    assert [0, 1] == [one.exit_code for one in found]
    assert "– store: the store at hand knows another simulated run as SIM-EOL-01-2026-000001" in found[0].output
    assert "✘ store: EOL-01-2026-000001 was issued with other bytes" in found[1].output


def test_reissue_draws_a_document_in_the_looks_that_it_was_issued_in(keyed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr("station.cli.sources.Carried", partial(Carried, schema=2))
        file = Path(certify(keyed, simulated=False).path)
    issued = file.read_bytes()

    there = invoke(keyed, "reissue", NUMBER)
    file.unlink()
    gone = invoke(keyed, "reissue", NUMBER)

    assert (0, True) == (there.exit_code, "it is equal byte for byte" in there.output)
    assert (0, True) == (gone.exit_code, "it was made again, byte for byte" in gone.output)
    assert issued == file.read_bytes()
    assert 0 == invoke(keyed, "verify", str(file)).exit_code


def test_a_real_certificate_under_a_key_of_the_demonstration_does_not_hold(issued: tuple[Path, Path], tmp_path: Path) -> None:
    from station.certificates.issue import unsealed  # noqa: PLC0415 - the same
    from station.certificates.keys import read_key  # noqa: PLC0415 - the same
    from station.certificates.seal import Sealing, sealed  # noqa: PLC0415 - the same
    from tests.certificates.sealing import AT, carried  # noqa: PLC0415 - the same

    home, _ = issued
    certify(home, "SN26-100402", simulated=True, seed=2)
    by = Sealing(read_key(home / "keys" / "demonstration" / "station.key", b""))
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(sealed(unsealed(carried(number="000099", simulated=False), AT, by.size), by.size, by.container))

    result = invoke(home, "verify", str(forged))

    assert 1 == result.exit_code
    assert "✔ seal: chain" in result.output
    assert "✘ seal: holder: a key of the demonstration seals nothing real" in result.output
    assert "✘ store: EOL-01-2026-000099 is of this station's own series, and its store does not know it" in result.output


def test_an_authority_in_the_demonstration_s_folder_is_trusted_as_one_of_the_demonstration_alone(
    issued: tuple[Path, Path], tmp_path: Path
) -> None:
    home, file = issued
    other = home_in(tmp_path / "other")
    shown = other / "keys" / "demonstration" / "authority.pem"
    shown.parent.mkdir(parents=True)
    shown.write_bytes((home / "keys" / "authority.pem").read_bytes())

    result = invoke(other, "verify", str(file))

    assert 2 == result.exit_code
    assert "no authority is known here" in result.output


def test_who_verifies_a_file_where_no_station_is_reads_that_the_authority_s_file_is_enough(
    issued: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = issued
    (elsewhere := tmp_path.parent / f"{tmp_path.name}-elsewhere").mkdir()
    monkeypatch.chdir(elsewhere)
    words = ["verify", str(file)]

    alone = CliRunner().invoke(app, words)
    named = CliRunner().invoke(app, [*words, "--authority", str(home / "keys" / "authority.pem")])

    assert isinstance(alone.exception, UsageError)
    assert f"no station.toml in {elsewhere} or above, so no authority is known here" in str(alone.exception)
    assert "Name the file with the site's certificate, --authority FILE, or its station, --home DIR" in str(alone.exception)
    assert 0 == named.exit_code, named.output


def test_a_person_releases_nothing_simulated_and_has_not_the_station_s_name(keyed: Path) -> None:
    secret = ("--passphrase-file", str(keyed / "secret"))
    number = certify(keyed, simulated=True).number
    invoke(keyed, "keys", "init", "--for", "quinn", *secret)

    released = invoke(keyed, "release", number, "--by", "quinn", *secret)
    namesake = invoke(keyed, "keys", "init", "--for", "EOL-01", *secret)

    assert (2, True) == (released.exit_code, "a person's key releases nothing simulated" in released.output)
    assert (2, True) == (namesake.exit_code, "EOL-01 is this station, and no person" in namesake.output)


def test_a_station_whose_key_names_another_one_cannot_seal(keyed: Path) -> None:
    toml = keyed / "station.toml"
    toml.write_text(toml.read_text().replace('id = "EOL-01"', 'id = "EOL-02"'))

    shown = invoke(keyed, "keys", "show")

    assert 4 == shown.exit_code
    assert "the key is of EOL-01, and the document of EOL-02. Say `station keys rotate`" in shown.output


def test_an_authority_that_is_none_is_wrong_usage(issued: tuple[Path, Path], tmp_path: Path) -> None:
    for named in (tmp_path, tmp_path / "nowhere.pem", tmp_path / "station.toml"):
        done = invoke(issued[0], "verify", str(issued[1]), "--authority", str(named))
        assert (2, True) == (done.exit_code, str(named) in done.output), named


def test_reissue_of_a_number_that_is_not_on_record_exits_2(issued: tuple[Path, Path]) -> None:
    home, _ = issued

    result = invoke(home, "reissue", "EOL-01-2026-000099")

    assert 2 == result.exit_code
    assert "no document EOL-01-2026-000099 is on record here" in result.output


def test_a_superseded_document_is_on_record_with_the_reason_and_holds_no_longer(issued: tuple[Path, Path]) -> None:
    home, file = issued

    result = invoke(home, "reissue", NUMBER, "--supersede", "--by", "quinn", "--reason", "printed on the wrong paper")

    (new,) = (home / "reports" / "issued").rglob("EOL-01-2026-000002_*.pdf")
    old = invoke(home, "verify", str(file))
    assert 0 == result.exit_code, result.output
    assert 1 == old.exit_code
    assert "was superseded by EOL-01-2026-000002" in old.output
    assert 0 == invoke(home, "verify", str(new)).exit_code


def test_a_revoked_document_is_on_record_with_the_reason_and_holds_no_longer(issued: tuple[Path, Path]) -> None:
    home, file = issued

    result = invoke(home, "reissue", NUMBER, "--revoke", "--by", "quinn", "--reason", "wrong lot")

    verified, code = invoke(home, "verify", str(file)), invoke(home, "verify", "--code", printed(home))
    assert 0 == result.exit_code, result.output
    assert (1, 1) == (verified.exit_code, code.exit_code)
    assert "it was revoked: wrong lot" in verified.output


@pytest.mark.parametrize("option", ["--by", "--reason"])
def test_what_is_no_text_is_refused_before_anything_is_done(issued: tuple[Path, Path], option: str) -> None:
    home, _ = issued
    secret, said = ("--passphrase-file", str(home / "secret")), {"--by": "quinn", "--reason": "smudged", option: "a\udcff"}
    invoke(home, "keys", "init", "--for", "quinn", *secret)
    words = [word for pair in said.items() for word in pair]

    done = [invoke(home, "reissue", NUMBER, how, *words) for how in ("--supersede", "--revoke")]
    done.append(invoke(home, "release", NUMBER, *words, *secret))

    archive = Archive(read(home).config.store)
    assert [(2, True)] * 3 == [(one.exit_code, f"{option}: 'a\\udcff' is no text" in one.output) for one in done]
    assert [(NUMBER, "", "")] == [(one.number, one.superseded_by, one.revoked_at) for one in archive.issued()]
    assert () == archive.released()


@pytest.mark.parametrize(
    "words", [("--revoke",), ("--revoke", "--by", "q"), ("--revoke", "--supersede", "--by", "q", "--reason", "r")]
)
def test_to_supersede_or_revoke_one_says_who_and_why(issued: tuple[Path, Path], words: tuple[str, ...]) -> None:
    home, _ = issued

    assert 2 == invoke(home, "reissue", NUMBER, *words).exit_code


def test_a_release_is_a_second_file_with_its_own_digest_on_record(issued: tuple[Path, Path]) -> None:
    home, file = issued
    before = file.read_bytes()
    invoke(home, "keys", "init", "--for", "quinn", "--passphrase-file", str(home / "secret"))

    result = invoke(home, "release", NUMBER, "--by", "quinn", "--passphrase-file", str(home / "secret"))

    (second,) = (home / "reports" / "issued").rglob(f"{NUMBER}-R_*.pdf")
    verified = invoke(home, "verify", str(second))
    assert 0 == result.exit_code, result.output
    assert before == file.read_bytes() == second.read_bytes()[: len(before)]
    assert [f"{NUMBER}-R"] == [one.number for one in Archive(read(home).config.store).released()]
    assert 0 == verified.exit_code, verified.output
    assert "✔ release: by quinn" in verified.output


def test_a_released_file_that_is_gone_is_named_and_made_again_byte_for_byte(issued: tuple[Path, Path]) -> None:
    home, file = issued
    secret, second = ("--passphrase-file", str(home / "secret")), f"{NUMBER}-R"
    invoke(home, "keys", "init", "--for", "quinn", *secret)
    invoke(home, "release", NUMBER, "--by", "quinn", *secret)
    (path,) = (home / "reports" / "issued").rglob(f"{second}_*.pdf")
    there, before = invoke(home, "reissue", second), path.read_bytes()

    path.unlink()
    named = [one.said for one in aftermath(read(home).config) if one.what == "missing"]
    kept = file.read_bytes()
    file.unlink()
    early = invoke(home, "reissue", second)
    file.write_bytes(kept)
    again = invoke(home, "reissue", second)

    assert (0, True) == (there.exit_code, "its file is as it was released" in there.output)
    assert [True] == [f"document {second} is on record, but its file is not: `station reissue {second}`" in one for one in named]
    assert f"Say `station reissue {NUMBER}` first" in early.output
    assert (0, True) == (again.exit_code, "its file was gone; it was made again, byte for byte" in again.output), again.output
    assert before == path.read_bytes()
    path.write_bytes(before + b"x")
    assert (1, True) == ((bad := invoke(home, "reissue", second)).exit_code, "was changed after it was released" in bad.output)


def test_a_release_that_a_power_cut_kept_from_its_name_gets_it_at_the_next_start(issued: tuple[Path, Path]) -> None:
    home, _ = issued
    name = f"2026-11-22/{NUMBER}-R_SN26-100401.pdf"
    with opened(home) as store:
        store.filing.draft(name, b"released")
        store.journal.release(NUMBER, "quinn", "Released by quality", digest(b"released"))

    with opened(home) as store:
        missing = store.missing

    assert () == missing
    assert b"released" == (home / "reports" / "issued" / name).read_bytes()


def test_a_release_that_is_not_on_record_does_not_hold(issued: tuple[Path, Path], tmp_path: Path) -> None:
    from station.certificates.keys import read_key  # noqa: PLC0415 - the same
    from station.certificates.release import released  # noqa: PLC0415 - a release behind the station's back
    from station.certificates.seal import Sealing  # noqa: PLC0415 - the same
    from tests.certificates.sealing import AT  # noqa: PLC0415 - the same

    home, file = issued
    invoke(home, "keys", "init", "--for", "quinn", "--passphrase-file", str(home / "secret"))
    signer = read_key(home / "keys" / "people" / "quinn.key", PASSPHRASE.encode())
    at = AT.replace(year=signer.certificate.not_valid_after_utc.year - 1)
    (tmp_path / "R.pdf").write_bytes(released(file.read_bytes(), Sealing(signer), at, "Released"))

    result = invoke(home, "verify", str(tmp_path / "R.pdf"))

    assert 1 == result.exit_code
    assert "the store knows of no such release" in result.output


def test_a_simulated_run_is_sealed_by_a_key_of_the_demonstration_without_being_asked(home: Path) -> None:
    file = certify(home, simulated=True).path

    result = invoke(home, "verify", file)

    assert 0 == result.exit_code, result.output
    assert "by EOL-01 (DEMONSTRATION KEY)" in result.output
    assert "SIMULATED: no device was tested" in result.output


def test_a_real_run_without_a_key_is_on_record_and_its_document_is_issued_once_there_is_one(home: Path) -> None:
    with pytest.raises(StationError, match="Make keys with `station keys init`"):
        certify(home, simulated=False)
    invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))

    with opened(home) as store:
        (said,) = store.desk.issue_owed()

    assert f"was never issued; it is now: {NUMBER}" in said


def test_a_template_that_was_changed_before_the_document_was_issued_is_still_at_hand(home: Path) -> None:
    with pytest.raises(StationError):
        certify(home, simulated=False)
    template = home / "reports" / "languages" / "en.toml"
    template.write_text(template.read_text(encoding="utf-8").replace('"Final test certificate"', '"Prize"'), encoding="utf-8")
    invoke(home, "keys", "init", "--passphrase-file", str(home / "secret"))

    with opened(home) as store:
        (said,) = store.desk.issue_owed()

    assert "it is now" in said
    (file,) = (home / "reports" / "issued").rglob("*.pdf")
    assert 0 == invoke(home, "verify", str(file)).exit_code


def test_a_document_that_cannot_be_read_is_a_bad_file_and_one_that_does_not_hold_decides(keyed: Path) -> None:
    absent, other = str(keyed / "absent.pdf"), str(keyed / "station.toml")

    assert 2 == invoke(keyed, "verify", absent).exit_code
    assert 1 == invoke(keyed, "verify", absent, other).exit_code
