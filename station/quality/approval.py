"""Write an approval into a limit file: bound to the digest of what it approves, and nothing else of the file touched."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, InlineTable
from tomlkit.toml_document import TOMLDocument

from station.core.errors import UsageError
from station.core.limit_file import parse
from station.core.limit_set import Approval, LimitSet, Status, same_person

ROLES = ("quality", "technician", "operator")  # PRODUCT: an administrator can sign no result
RELEASING = "quality"
_BY_HAND = "Add the [[approval]] table at its end by hand"
_T = TypeVar("_T", InlineTable, TOMLDocument)


def approved(text: bytes, file: str, name: str, role: str, day: date) -> bytes:
    """Return the limit file `text` with the approval of its content by `name` in `role` on `day`; quality's releases it.

    Raises LimitsError when it cannot be read, and UsageError when this approval cannot be given.
    """
    before = parse(text, file)
    why = refusal(before, name, role)
    if why is not None:
        raise UsageError(f"{file}: {why}")
    approval = Approval(name, role, day, before.digest)
    written = _written(text, file, approval)
    after = parse(written, file)
    if after.digest != before.digest or after.approvals != (*before.approvals, approval):
        raise UsageError(f"{file} is laid out so that an approval cannot be added safely. {_BY_HAND}")
    return written


def refusal(limits: LimitSet, name: str, role: str) -> str | None:
    """Return why `name` may not approve `limits` in `role`, or None when it is allowed."""
    if not name.strip() or not name.isprintable():
        return "an approval needs the name of a person. Give --by NAME"
    if role not in ROLES:
        return f"{role!r} is no role that approves. Give --role as one of {', '.join(ROLES)}"
    if limits.author and same_person(name, limits.author):
        return f"{limits.author} wrote it, and nobody approves their own limits. Ask another person"
    if any(same_person(one.name, name) and one.role == role for one in _valid(limits)):
        already = f"{name} has approved this very content as {role} already"
        if limits.status == Status.REVIEW and role == RELEASING:
            return f"{already}, and its status is review all the same. Take that approval out of the file, and approve it anew"
        return f"{already}. Nothing is left to do"
    return _out_of_turn(limits)


def _out_of_turn(limits: LimitSet) -> str | None:
    match limits.status:
        case Status.DRAFT:
            return 'its status is draft: it is still being written. Set status = "review" when it is ready to be looked at'
        case Status.RETIRED:
            return "its status is retired, which is for good. Copy it to a new revision, and have that approved"
        case Status.RELEASED if not limits.releasing:
            why = limits.unreleased or ""
            return f'it says released, but {why}. Set status = "review", have the changes looked at, and approve it then'
    return None


def _valid(limits: LimitSet) -> Iterable[Approval]:
    return (approval for approval in limits.approvals if approval.digest == limits.digest)


def _written(text: bytes, file: str, approval: Approval) -> bytes:
    try:
        document = tomlkit.parse(text)
        if approval.role == RELEASING:
            document["limits"]["status"] = Status.RELEASED.value
        listed = document.get("approval")
        if isinstance(listed, Array):  # written as approval = [ … ], which no table can continue
            listed.append(_entry(tomlkit.inline_table(), approval))
            return tomlkit.dumps(document).encode()
        return _appended(tomlkit.dumps(document), tomlkit.dumps(_entry(tomlkit.document(), approval)))
    except TOMLKitError as error:
        raise UsageError(f"{file} is laid out so that an approval cannot be added: {error}. {_BY_HAND}") from error


def _entry(entry: _T, approval: Approval) -> _T:
    entry.update({"name": approval.name, "role": approval.role, "date": approval.day, "digest": approval.digest})
    return entry


def _appended(text: str, entry: str) -> bytes:
    """Return `text` with a table [[approval]] at its end, after a blank line, in the line ends of the text."""
    ends = "\r\n" if "\r\n" in text else "\n"
    return (text.rstrip(" \t\r\n") + f"\n\n[[approval]]\n{entry}".replace("\n", ends)).encode()
