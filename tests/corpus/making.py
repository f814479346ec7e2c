"""Make malformed limit files: each an edit of the released one, the messages it earns, and the correction they ask for.

The released file here is a copy of limits/mc100-a.toml, so that a new limit does not move the lines of every message.
A case is made by `edit(name, old, new, *says)`: in the released file, which holds `old` once, it becomes `new`. Each of `says` is
the key of one message, or a pair of it and of what stands in its line, where that is not the line of `new`. `mend` is the edit
of the wrong file that its messages ask for; left out, it puts back what was there.
"""

import re
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[2]
RELEASED = (HOME / "tests" / "corpus" / "released.toml").read_bytes()
APPROVAL = RELEASED[RELEASED.index(b"[[approval]]") :]
ROWS = RELEASED[RELEASED.index(b"[rows]\n") + len(b"[rows]\n") : -len(APPROVAL)]
TOP = ""
_PAIR = re.compile(r'(\w+) = ("[^"]*"|[^", ]+)')
Text = str | bytes
Says = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One malformed file, what is said about it (key and line of each message), and the file as its messages ask for it."""

    name: str
    bad: bytes
    says: tuple[tuple[str, int], ...]
    mended: bytes


def _bytes(text: Text) -> bytes:
    return text.encode() if isinstance(text, str) else text


def swapped(content: bytes, old: Text, new: Text) -> bytes:
    """Return `content` with `new` for `old`, which it holds exactly once; an empty `old` is the beginning."""
    wanted = _bytes(old)
    if not wanted:
        return _bytes(new) + content
    assert 1 == content.count(wanted), f"{old!r} stands {content.count(wanted)} times"
    return content.replace(wanted, _bytes(new))


def line_of(content: bytes, mark: Text) -> int:
    """Return the line of the first `mark` by counting the line feeds before it."""
    assert _bytes(mark) in content, f"{mark!r} is not there"
    return content[: content.index(_bytes(mark))].count(b"\n") + 1


def case(name: str, bad: bytes, mended: bytes, *says: tuple[str, Text]) -> Case:
    """Return a case whose messages stand in the lines of their marks."""
    return Case(name, bad, tuple((key, line_of(bad, mark)) for key, mark in says), mended)


def edit(name: str, old: Text, new: Text, *says: Says, mend: tuple[Text, Text] | None = None) -> Case:
    """Return a case that is one edit of the released file."""
    bad = swapped(RELEASED, old, new)
    wrong, right = mend if mend is not None else (new, old)
    return case(name, bad, swapped(bad, wrong, right), *((one, new) if isinstance(one, str) else one for one in says))


def row(name: str, row_id: str, old: str, new: str, *says: Says, mend: tuple[str, str] | None = None) -> Case:
    """Return a case that changes the one row `row_id`; the keys of `says` are this row's."""
    line = next(line for line in RELEASED.decode().splitlines() if line.startswith(f'"{row_id}"'))
    assert 1 == line.count(old), f"{old!r} stands {line.count(old)} times in {row_id}"
    wrong = line.replace(old, new)
    keys = [(f"rows.{row_id}{one}", wrong) if isinstance(one, str) else one for one in says]
    right = wrong.replace(*mend) if mend is not None else line
    assert right != wrong, "the correction changes nothing"
    return edit(name, line, wrong, *keys, mend=(wrong, right))


def expanded(row_id: str, **changes: str) -> str:
    """Return the row `row_id` as a table of its own, one key a line; `changes` replaces values, or leaves keys out when empty."""
    line = next(line for line in RELEASED.decode().splitlines() if line.startswith(f'"{row_id}"'))
    inside = line[line.index("{") + 1 : line.rindex("}")].strip()
    items = dict(_PAIR.findall(inside)) | changes
    return f'[rows."{row_id}"]\n' + "".join(f"{key} = {value}\n" for key, value in items.items() if value)


def table_case(name: str, row_id: str, key: str, mark: str, good: dict[str, str], **changes: str) -> Case:
    """Return a case whose row stands as a table of its own at the end of the rows, wrong by `changes`, right by `good`."""
    line = next(line for line in RELEASED.decode().splitlines(keepends=True) if line.startswith(f'"{row_id}"'))
    without = swapped(RELEASED, line, "")
    bad = swapped(without, "[[approval]]", expanded(row_id, **changes) + "\n[[approval]]")
    mended = swapped(without, "[[approval]]", expanded(row_id, **good) + "\n[[approval]]")
    return case(name, bad, mended, (f"rows.{row_id}.{key}", mark))
