"""What exists is documented, what is documented exists, and every controlled document parses."""

import re
import tomllib
from pathlib import Path

import pytest
import typer.main

from station.certificates.template import parse_template
from station.cli.app import app
from station.cli.home import make, read
from station.cli.limits import said
from station.core.limit_file import parse
from station.core.limit_set import Status
from station.core.problems import DocumentError
from station.products.mc100 import SEQUENCES

ROOT = Path(__file__).parents[1]
COMMANDS = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
FILES = (ROOT / "docs" / "reference" / "files.md").read_text(encoding="utf-8")
PAGES = sorted(path for path in ROOT.rglob("*.md") if not {".venv", "demo", "records", ".hypothesis"} & set(path.parts))


def commands(group: object, prefix: str = "station") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, command in vars(group).get("commands", {}).items():
        path = f"{prefix} {name}"
        found |= commands(command, path) if "commands" in vars(command) else {path: command}
    return found


ALL = commands(typer.main.get_command(app))


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_every_option_is_in_the_reference(name: str) -> None:
    section = COMMANDS.split(f"## {name}", 1)

    assert 2 == len(section), f"{name} has no section in docs/reference/commands.md"
    text = section[1].split("\n## ", 1)[0]
    options = {option for parameter in vars(ALL[name])["params"] for option in parameter.opts if option.startswith("--")}
    assert [] == sorted(option for option in options - {"--home", "--help"} if f"`{option}" not in text)


def test_the_reference_names_no_command_that_does_not_exist() -> None:
    named = re.findall(r"^## (station [a-z]+(?: [a-z]+)?)", COMMANDS, flags=re.M)

    assert sorted(ALL) == sorted(named)


def keys(table: dict[str, object]) -> set[str]:
    """Return every key of a document, in whatever depth; the keys of a slot and of its loads stand for all slots."""
    found = set()
    for key, value in table.items():
        if not re.fullmatch(r"[0-9]+|load_[0-9]+", key):
            found.add(key)
        if isinstance(value, dict):
            found |= keys(value)
    return found


@pytest.mark.parametrize("file", ["station.toml", "fixtures/eol8.toml"])
def test_every_key_of_a_document_is_in_the_reference(file: str) -> None:
    given = keys(tomllib.loads((ROOT / file).read_text(encoding="utf-8")))

    assert [] == sorted(key for key in given if key not in FILES)


def test_every_key_of_a_limit_row_is_in_the_readme_of_limits() -> None:
    readme = (ROOT / "limits" / "README.md").read_text(encoding="utf-8")
    rows = tomllib.loads(read(ROOT).config.limits.read_text(encoding="utf-8"))["rows"]

    assert [] == sorted(key for row in rows.values() for key in row if f"`{key}`" not in readme)


def test_every_controlled_document_parses_and_fits() -> None:
    home = read(ROOT)

    for limits in (parse(path.read_bytes(), path.name) for path in sorted((ROOT / "limits").glob("*.toml"))):
        for sequence in SEQUENCES.values():
            if limits.status != Status.RETIRED:  # a retired one may lack a row that its successor has
                sequence.check(limits.limits)
    parse_template(home.certificate, "certificate.toml", ROOT / "reports")
    assert home.limits.unreleased is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_the_pages_of_a_made_home_lead_nowhere_outside_of_it(tmp_path: Path) -> None:
    make(tmp_path)
    pages = sorted(tmp_path.rglob("*.md"))

    assert 3 == len(pages)
    for page in pages:
        links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        assert [] == [link for link in links if not (page.parent / link).exists()]


def test_the_messages_that_the_readme_of_limits_shows_are_those_of_the_file() -> None:
    file = ROOT / "limits" / "mc100-b.toml"
    text = file.read_text(encoding="utf-8")
    text = re.sub(r'("CUR\.310".*) low = 368,', r"\1", text)
    text = re.sub(r'("TIM\.010".*) high = 1200,', r"\1 high = 1300,", text)

    with pytest.raises(DocumentError) as told:
        parse(text, "limits/mc100-b.toml")

    readme = (ROOT / "limits" / "README.md").read_text(encoding="utf-8")
    assert [] == [str(one) for one in told.value.problems if str(one) not in readme]
    assert 2 == len(told.value.problems)


def test_what_the_readme_shows_as_allowed_is_what_the_limits_allow() -> None:
    limits = read(ROOT).limits.limits
    shown = re.findall(r"([A-Z]{3}\.\d{3}) [^\n]*; allowed (\S+) to (\S+)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert {"CUR.311", "TIM.020", "CUR.350", "WAV.070"} <= {row_id for row_id, _, _ in shown}
    for row_id, *bounds in shown:
        limit = limits[row_id]
        assert bounds == [said(limit, bound) for bound in limit.acceptance], row_id


def test_a_unit_that_is_known_is_tried_in_a_store_of_its_own_before_a_run_counts() -> None:
    page = (ROOT / "docs" / "how-to" / "put-a-station-into-service.md").read_text(encoding="utf-8")
    there, run, back, review, approve = (
        'store = "records/try-out/station.sqlite"',
        "station run --operator",
        'store = "records/station.sqlite"',
        'status = "review"',
        "station limits approve",
    )

    assert [] == [words for words in (there, run, back, review, approve) if words not in page]
    assert page.index(there) < page.index(run) < page.index(back) < page.index(review) < page.index(approve)
