"""Know the malformed spreadsheets of limits: what people and spreadsheets do to a file, and what the message asks for."""

from dataclasses import dataclass

from station.core.limit_writing import to_sheet
from tests.corpus.making import RELEASED, swapped

GOOD = to_sheet(RELEASED, "released.toml")
GERMAN = to_sheet(RELEASED, "released.toml", comma=True)
LINES = GOOD.splitlines(keepends=True)


@dataclass(frozen=True, slots=True)
class Case:
    """One malformed sheet, read with decimal commas or points, and the sheet as its messages ask for it."""

    name: str
    bad: bytes
    mended: bytes
    comma: bool = False


def edit(name: str, old: str, new: str, mended: str | None = None, *, comma: bool = False) -> Case:
    """Return a case that is one edit of the good sheet; `mended` is what the message asks to write there, left out `old`."""
    good = GERMAN if comma else GOOD
    return Case(name, swapped(good, old, new), swapped(good, old, old if mended is None else mended), comma)


def row(row_id: str) -> str:
    """Return the line of `row_id`, with its end."""
    return next(line for line in LINES if line.startswith(row_id.encode())).decode()


CELLS = [
    edit("a decimal comma", "CUR.110,Peak current L1,,uA,100,90,", 'CUR.110,Peak current L1,,uA,100,"90,5",'),
    edit("a comma between thousands", "pulses,11700,", 'pulses,"11,700",'),
    edit("a blank between thousands", "pulses,11700,", "pulses,11 700,"),
    edit("a unit in a number", "pulses,11700,", "pulses,11700 pulses,"),
    edit(
        "a number that became a date",
        "BAT.010,Battery open-circuit voltage,,V,3.8,",
        "BAT.010,Battery open-circuit voltage,,V,03. Aug,",
    ),
    edit(
        "a number that became an error",
        "BAT.010,Battery open-circuit voltage,,V,3.8,",
        "BAT.010,Battery open-circuit voltage,,V,#VALUE!,",
    ),
    edit(
        "a typographic minus",
        "CUR.330,Load regulation 500 Ω to 10 kΩ,,%,-0.2,",
        "CUR.330,Load regulation 500 Ω to 10 kΩ,,%,−0.2,",
    ),
    edit("a percent sign", "CUR.330,Load regulation 500 Ω to 10 kΩ,,%,-0.2,", "CUR.330,Load regulation 500 Ω to 10 kΩ,,%,-0.2%,"),
    edit("a bound deleted", "CUR.110,Peak current L1,,uA,100,90,", "CUR.110,Peak current L1,,uA,100,,"),
    edit(
        "a bound that is a dash",
        'CON.020,"No output, probes not bridged (RMS)",,uA,0.7,none,',
        'CON.020,"No output, probes not bridged (RMS)",,uA,0.7,-,',
    ),
    edit("a formula for a title", "Peak current L3 at compliance", "=A1&B1"),
    edit("a flag in another language", "flag,,,,,true,", "flag,,,,,WAHR,"),
    edit("a Greek mu", "CUR.313,Peak current L3 at compliance,,uA,", "CUR.313,Peak current L3 at compliance,,μA,"),
    edit(
        "a shut-off above 1200 s",
        "TIM.010,Auto shut-off time,,s,1170,1140,1200,",
        "TIM.010,Auto shut-off time,,s,1170,1140,1201,",
    ),
    edit(
        "a safety row made simple",
        "TIM.010,Auto shut-off time,,s,1170,1140,1200,,0.05,both,,",
        "TIM.010,Auto shut-off time,,s,1170,1140,1200,,0.05,both,simple,",
    ),
    edit("a point among decimal commas", "V;3,8;", "V;3.8;", comma=True),
    edit("a point between thousands among decimal commas", "pulses;11700;", "pulses;11.700;", comma=True),
]
HEADS = [
    edit("a day as people write it", "'2026-11-22", "22.11.2026"),
    edit("a day the American way", "'2026-11-22", "11/22/2026"),
    edit("no day", "limits,effective,'2026-11-22\r\n", ""),
    edit("no revision", "limits,revision,A\r\n", "limits,revision,\r\n"),
    edit("a status that travels along", "limits,revision,A\r\n", "limits,revision,A\r\nlimits,status,released\r\n"),
    edit("a head twice", "limits,revision,A\r\n", "limits,revision,A\r\nlimits,revision,B\r\n"),
    edit("a remark above the names", "id,title,kind", "checked by Eva,,\r\nid,title,kind"),
]
SHAPES = [
    edit("a row twice", row("CUR.110"), row("CUR.110") * 2),
    edit("a row without id", "CUR.110,", ","),
    edit("an id with a blank in it", "CUR.110,", "CUR. 110,"),
    edit("a remark beside the table", '500 Ω"\r\nCUR.111', '500 Ω",,too tight?\r\nCUR.111'),
    edit("a column renamed", ",u_max,", ",U max,"),
    edit("a column twice", ",u_max,", ",low,"),
    edit("a column of its own", ",condition\r\n", ",condition,notes\r\n"),
    edit("a quote that never ends", "Serial in the unit", '"Serial in the unit'),
    Case("no table", b"".join(LINES[:3]), GOOD),
    Case("no rows", b"".join(LINES[:4]), GOOD),
    Case("a limit file", RELEASED, GOOD),
    Case("an empty file", b"", GOOD),
]
BYTES = [
    Case("UTF-16", GOOD.decode().encode("utf-16"), GOOD),
    Case("Windows-1252", GOOD.decode("utf-8-sig").replace("Ω", "µ").encode("cp1252"), GOOD),
    Case("a workbook", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xe2\x98", GOOD),
    Case("larger than a million bytes", GOOD + b"," * 1_000_000, GOOD),
    edit("a NUL in a text", "Peak current L3 at", "Peak\x00current L3 at"),
]
CASES: tuple[Case, ...] = (*CELLS, *HEADS, *SHAPES, *BYTES)
