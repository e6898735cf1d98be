"""What a vault takes, and what it never does (plain decisions).

A vault belongs to somebody who need not be trusted by the practice, and is written to by a
machine that may be in an attacker's hands. So whatever arrives proves its name, nothing goes,
nothing changes, and the keys are frozen as soon as there is something to protect.
"""

import base64
import json
import re
from enum import StrEnum
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB


class Kind(StrEnum):
    """What is kept, by the names of the restic REST protocol; the journal is ours."""

    CONFIG = "config"
    KEYS = "keys"
    DATA = "data"
    INDEX = "index"
    SNAPSHOTS = "snapshots"
    LOCKS = "locks"
    JOURNAL = "journal"

    # That of an Enum is made in Python: a log of years asks for it at each line.
    __hash__ = str.__hash__


#: Largest body of each kind, in bytes. Packs end at 128 MiB, their header aside.
LIMITS: Final = {
    Kind.CONFIG: 64 * KIB,
    Kind.KEYS: 64 * KIB,
    Kind.DATA: 160 * MIB,
    Kind.INDEX: 64 * MIB,
    Kind.SNAPSHOTS: 4 * MIB,
    Kind.LOCKS: 64 * KIB,
    Kind.JOURNAL: GIB,
}
#: What closes with the ceremony.
FROZEN: Final = frozenset({Kind.CONFIG, Kind.KEYS})
#: A delta of the journal up to this size still enters when everything else is refused, in bytes.
SMALL_DELTA: Final = 8 * MIB
_BLOCK: Final = 4 * KIB

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_JOURNAL: Final = re.compile(r"[0-9]{12}-([0-9a-f]{64})")
_SALT_BYTES: Final = 64


class Reason(StrEnum):
    """Why something was refused; the word travels in the answer and in the alarms.

    ``MANY_DELTAS`` refuses nothing: more came than a journal has, and is told.
    """

    WHO = "who"
    NOT_YOURS = "not-yours"
    BAD_NAME = "bad-name"
    WRONG_HASH = "wrong-hash"
    NOT_A_KEY = "not-a-key"
    TOO_BIG = "too-big"
    NO_DELETE = "no-delete"
    NO_OVERWRITE = "no-overwrite"
    FROZEN = "frozen"
    READ_ONLY = "read-only"
    NO_REPOSITORY = "no-repository"
    TOO_MANY = "too-many-repositories"
    QUOTA = "quota"
    MANY_DELTAS = "many-deltas"
    TOO_FAST = "too-fast"
    FULL = "full"
    CLOCK = "clock"
    CODE = "wrong-code"
    NOT_FOUND = "not-found"
    BAD_REQUEST = "bad-request"
    METHOD = "method"
    BROKEN_OFF = "broken-off"
    DAMAGED_LOG = "damaged-log"


#: Answers that are no plain 403. Source: restic takes 401, 403, 416 and 507 as final.
_STATUSES: Final = {
    Reason.WHO: 401,
    Reason.NO_REPOSITORY: 404,
    Reason.NOT_FOUND: 404,
    Reason.BAD_REQUEST: 400,
    Reason.METHOD: 405,
    Reason.BROKEN_OFF: 400,
    Reason.TOO_FAST: 429,
    Reason.CLOCK: 503,
    Reason.DAMAGED_LOG: 503,
    Reason.QUOTA: 507,
    Reason.FULL: 507,
}


class Refused(Exception):
    """The vault declines; ``reason`` says why, ``status`` is the HTTP answer."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def status(self) -> int:
        """The HTTP status of this refusal."""
        return _STATUSES.get(self.reason, 403)


def hash_in(kind: Kind, name: str) -> str:
    """Return the SHA-256 that a name promises; "" for the config, which has no name.

    Raises: Refused.
    """
    if kind is Kind.CONFIG:
        return ""
    if kind is Kind.JOURNAL:
        found = _JOURNAL.fullmatch(name)
        if found is None:
            raise Refused(Reason.BAD_NAME)
        return found.group(1)
    if _HASH.fullmatch(name) is None:
        raise Refused(Reason.BAD_NAME)
    return name


def check_key(body: bytes) -> None:
    """Refuse what restic would stumble over while it looks for its key.

    A key file is in clear but for the wrapped master key, so its form can be judged. One that is
    listed first and does not parse closes a repository to every reader.

    Raises: Refused.
    """
    try:
        key = json.loads(body)
        is_good = (
            key["kdf"] == "scrypt"
            and all(type(key[name]) is int and 0 < key[name] < 2**31 for name in ("N", "r", "p"))
            and len(_decoded(key["salt"])) == _SALT_BYTES
            and len(_decoded(key["data"])) > 32
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        is_good = False
    if not is_good:
        raise Refused(Reason.NOT_A_KEY)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def charged(size: int) -> int:
    """Return what a small delta costs the disk, in bytes: the smallest takes a whole block."""
    return max(size, _BLOCK)


def uses_reserve(kind: Kind, size: int) -> bool:
    """Tell whether an object is a small delta of the journal, for which room is reserved."""
    return kind is Kind.JOURNAL and size <= SMALL_DELTA
