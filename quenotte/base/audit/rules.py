"""What a line of the journal says, and how it is sealed. Values only."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID


class Action(StrEnum):
    """What somebody did. Values are stored and sealed: never rename one."""

    CREATE = "create"
    READ = "read"
    CHANGE = "change"
    PRINT = "print"
    EXPORT = "export"
    SEARCH = "search"
    LOGIN = "login"
    LOGOUT = "logout"
    LOCK = "lock"
    UNLOCK = "unlock"
    SWITCH = "switch"
    FAILURE = "failure"
    RECEIVE = "receive"
    FILE = "file"
    SEND = "send"


@dataclass(frozen=True)
class Actor:
    """Who acts, from where: a person at a workstation, or one of our own processes."""

    person_id: UUID | None
    person_label: str
    practice_id: UUID | None
    workstation: str
    source: str
    roles: frozenset[str] = frozenset()

    @property
    def own_practice_id(self) -> UUID:
        """The practice of somebody who has one: a person who is logged in.

        Raises: LookupError for a stranger or a process of ours.
        """
        if self.practice_id is None:
            raise LookupError("this actor works in no practice")
        return self.practice_id

    @property
    def own_person_id(self) -> UUID:
        """The person of an actor who is one.

        Raises: LookupError for a stranger or a process of ours.
        """
        if self.person_id is None:
            raise LookupError("this actor is no person")
        return self.person_id


#: Our own processes: a received picture, a nightly job, a command.
SYSTEM: Final = Actor(
    person_id=None,
    person_label="Système",
    practice_id=None,
    workstation="",
    source="system",
)

Scalar: TypeAlias = str | int | bool | None

#: What a line may add to its columns. Counts, kinds and codes; never text that a person
#: typed, never a name, a birth date or a number that the State gave to a patient.
DETAIL_KEYS: Final = frozenset(
    {
        "action",
        "anyway",
        "bytes",
        "channel",
        "count",
        "device",
        "digest",
        "fields",
        "file",
        "first",
        "format",
        "from",
        "how",
        "known",
        "last",
        "media",
        "minutes",
        "path",
        "purpose",
        "reason",
        "role",
        "state",
        "status",
        "to",
        "workstation",
    }
)
#: Results of what went as it should; the others are worth a look.
WENT_WELL: Final = frozenset({"ok", "filed", "tray", "duplicate"})

MASKED: Final = "masqué"
_CODE: Final = re.compile(r"[a-z0-9_.,:/ -]{0,120}")
# A NIR has 13 digits and a key of 2; an INS matricule too.
_LONG_NUMBER: Final = re.compile(r"[12478](?:[ .-]?[0-9ab]){12}")


class UnknownDetail(ValueError):
    """A line was given a detail that the journal may not hold."""


def clean_detail(detail: Mapping[str, Scalar] | None) -> dict[str, Scalar]:
    """Return what a line may keep of ``detail``.

    Text that is no code (capitals, accents, long numbers) is masked and not refused: a
    picture must not be lost because its line said too much.

    Raises: UnknownDetail when a key is not one of ``DETAIL_KEYS``.
    """
    kept = dict(detail or {})
    if unknown := kept.keys() - DETAIL_KEYS:
        raise UnknownDetail(", ".join(sorted(unknown)))
    return {key: _clean(value) for key, value in kept.items()}


def _clean(value: Scalar) -> Scalar:
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    is_code = _CODE.fullmatch(text) and not _LONG_NUMBER.search(text)
    return text if is_code else MASKED


#: The sealed columns, in the order in which they are sealed.
COLUMNS: Final = (
    "number",
    "at",
    "practice_id",
    "person_id",
    "person_label",
    "workstation",
    "source",
    "action",
    "patient_id",
    "object_kind",
    "object_id",
    "result",
    "detail",
    "previous_seal",
)

Value: TypeAlias = str | int | UUID | datetime | Mapping[str, Scalar] | None


#: What a line recalls instead of the seal before it when the head did not vouch for that
#: line: the end of the journal was cut or its head replaced, and this stays written.
UNSURE: Final = "?" * 64


def canonical(values: Sequence[Value]) -> bytes:
    """Return the one way of writing the values of ``COLUMNS``, the same on both engines."""
    return json.dumps(
        [_plain(value) for value in values],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode("utf-8", "surrogatepass")


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return value.hex
    return value


def seal_of(key: str, values: Sequence[Value]) -> str:
    """Return the seal of a line: 64 hex characters of HMAC-SHA-256 (RFC 2104).

    The previous seal is the last of ``values``: each line vouches for all before it.
    """
    return hmac.digest(key.encode("ascii"), canonical(values), hashlib.sha256).hex()


def head_seal_of(key: str, number: int, seal: str) -> str:
    """Return the seal of the head: 64 hex characters of HMAC-SHA-256 (RFC 2104).

    Without the key nobody can make another line the last one; ``seal`` is the seal of line
    ``number``, empty when there is no line.
    """
    text = f"head {number} {seal}"
    return hmac.digest(key.encode("ascii"), text.encode("utf-8"), hashlib.sha256).hex()
