"""What an address of the vault names: a repository, one of its objects, and as of when.

Source: the restic REST protocol, versions 1 and 2; ``/as-of/<instant>/`` in front of a repository
shows it as it was, because restic writes its paths behind the address that it is given.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs

from quenotte.devices.media.vault.rules import Kind, Reason, Refused, hash_in

AS_OF: Final = "as-of"
#: A repository's name has so many parts at most: practice, year, whatever else.
_MOST_PARTS: Final = 4
_PART: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_RANGE: Final = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")
_SUFFIX: Final = re.compile(r"bytes=-([0-9]{1,18})")
_BASIC: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(.*)")


class Place(StrEnum):
    """What an address leads to."""

    ROOT = "root"
    LIST = "list"
    OBJECT = "object"
    LOG = "log"
    HEAD = "head"
    CONSENT = "consent"


_ALONE: Final = {
    "config": Place.OBJECT,
    "log": Place.LOG,
    "head": Place.HEAD,
    "consent": Place.CONSENT,
}
_TYPES: Final = frozenset(Kind) - {Kind.CONFIG}
_RESERVED: Final = frozenset(_ALONE) | frozenset(map(str, Kind)) | {AS_OF}


@dataclass(frozen=True)
class Target:
    """A place of the vault. ``as_of`` is in microseconds since 1970 (UTC); None is now."""

    repository: str
    place: Place
    kind: Kind = Kind.CONFIG
    name: str = ""
    as_of: int | None = None


def parse(path: str, query: str = "") -> Target:
    """Read an address (already percent-decoded) and its query.

    Raises: Refused.
    """
    parts = path.split("/")
    if parts.pop(0) != "":
        raise Refused(Reason.NOT_FOUND)
    instants = parse_qs(query, max_num_fields=8).get("as_of", [])
    if len(parts) > 1 and parts[0] == AS_OF:
        instants.append(parts[1])
        parts = parts[2:]
    as_of = min((instant(text) for text in instants), default=None)
    return _target(parts, as_of)


def _target(parts: list[str], as_of: int | None) -> Target:
    if not parts:
        raise Refused(Reason.NOT_FOUND)
    last = parts[-1]
    before = parts[-2] if len(parts) > 1 else ""
    if before in _TYPES:
        kind, repository = Kind(before), named(parts[:-2])
        if last == "":
            return Target(repository, Place.LIST, kind, as_of=as_of)
        hash_in(kind, last)
        return Target(repository, Place.OBJECT, kind, last, as_of)
    if last in _ALONE:
        return Target(named(parts[:-1]), _ALONE[last], as_of=as_of)
    if last == "":
        return Target(named(parts[:-1]), Place.ROOT, as_of=as_of)
    raise Refused(Reason.NOT_FOUND)


def named(parts: list[str]) -> str:
    """Return the name of a repository from its parts; "" is the vault's own root.

    Raises: Refused, for whatever could mean another folder or another kind of object.
    """
    if len(parts) > _MOST_PARTS or not all(map(is_part, parts)):
        raise Refused(Reason.NOT_FOUND)
    return "/".join(parts)


def is_part(text: str) -> bool:
    """Tell whether a word may be part of a repository's name."""
    return bool(_PART.fullmatch(text)) and text.lower() not in _RESERVED


def instant(text: str) -> int:
    """Return an instant in microseconds since 1970.

    Forms: ``2026-11-28T03:31:10Z``, the same with an offset or a fraction, and
    ``20261128T033110Z``. A day alone is refused: nobody could tell whether it is in or out.

    Raises: Refused.
    """
    basic = _BASIC.fullmatch(text)
    if basic:
        text = "{}-{}-{}T{}:{}:{}{}".format(*basic.groups())
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Refused(Reason.BAD_REQUEST) from None
    if at.tzinfo is None:
        raise Refused(Reason.BAD_REQUEST)
    return microseconds(at)


def microseconds(at: datetime) -> int:
    """Return an aware instant in microseconds since 1970."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def span(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte asked for and how many; None when the whole was meant.

    Raises: ValueError when nothing of it exists (HTTP 416).
    """
    if found := _SUFFIX.fullmatch(header):
        length = min(int(found.group(1)), size)
        first = size - length
    elif found := _RANGE.fullmatch(header):
        first = int(found.group(1))
        last = int(found.group(2)) if found.group(2) else size - 1
        if last < first:
            raise ValueError(header)
        length = min(last, size - 1) - first + 1
    else:
        return None
    if length <= 0:
        raise ValueError(header)
    return first, length
