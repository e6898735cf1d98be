"""What is known of two copies of the practice when they are compared: plain values."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from quenotte.base.masses import Mass

__all__ = ["Change", "Compared", "Declared", "Mass", "Picture", "Recalled", "genuine"]


class Compared(StrEnum):
    """Which rows of a copy are compared one by one; the others are counted. Values are stored."""

    ALL = "all"
    #: The database is too large: those which it lets nobody change, or hardly.
    SEALED = "sealed"
    #: The copy is no database that can be looked into.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Declared:
    """A mass change that the application declared.

    ``tables``: those it touches; none named: any. ``rows``: it touches no more of each; 0: any
    number. Times are aware. ``signature``: of the rest.
    """

    mass: Mass
    begun_at: datetime
    ended_at: datetime
    tables: frozenset[str] = frozenset()
    signature: str = ""
    rows: int = 0

    def signed(self, key: bytes) -> "Declared":
        """Return it with its signature."""
        return replace(self, signature=self._seal(key))

    def is_genuine(self, key: bytes) -> bool:
        """Tell whether the signature is that of the application."""
        return hmac.compare_digest(self.signature, self._seal(key))

    def touches(self, table: str) -> bool:
        """Tell whether a table is one of those it speaks of."""
        return not self.tables or table in self.tables

    def falls_between(self, begin: datetime, end: datetime) -> bool:
        """Tell whether it went on at any moment after ``begin``, up to ``end``."""
        return self.begun_at <= end and self.ended_at > begin

    def _seal(self, key: bytes) -> str:
        told = [
            *("guard", self.mass.value),
            *(one.astimezone(UTC).isoformat() for one in (self.begun_at, self.ended_at)),
            sorted(self.tables),
            self.rows,
        ]
        return hmac.new(key, json.dumps(told).encode(), hashlib.sha256).hexdigest()


def genuine(declared: Iterable[Declared], key: bytes) -> list[Declared]:
    """Return the declarations that the application really made."""
    return [one for one in declared if one.is_genuine(key)]


@dataclass(frozen=True, slots=True)
class Picture:
    """What one copy holds. Sizes in bytes; ``at`` is aware.

    ``schema`` and ``migrations`` are digests of the tables with their columns, and of the names of
    the migrations applied. ``journal``: the number and the seal of the last line of the journal.
    ``sealed``: tables whose rows the database itself lets nobody change; ``settled``: those whose
    rows change only when two records are united.
    """

    at: datetime
    rows: Mapping[str, int] = field(default_factory=dict)
    schema: str = ""
    migrations: str = ""
    size_bytes: int = 0
    journal: tuple[int, str] = (0, "")
    sealed: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    is_readable: bool = True
    compared: Compared = Compared.NONE


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a place tells of its last good copy, where the database remembers none.

    ``tree``: that of the copy. ``looks``: how many copies the guard remembered when it was made.
    """

    picture: Picture
    tree: bytes
    looks: int


@dataclass(frozen=True, slots=True)
class Change:
    """How a copy differs from the last good one.

    Names are those of the first few; counts are whole. ``new_share``: part of the database's pages
    that the copy before did not have, 0 to 1; ``new_ratio``: size of these once compressed over
    their size, None when there are none. ``unlike``: new files that begin as no file we know, of
    ``looked_at``. ``rows_changed``: rows of the copy before that are not in this one as they were.
    ``other_files``: those that are not named by their content; ``marked``: new ones whose names
    end as those of a known attack do.
    """

    canaries: tuple[str, ...] = ()
    altered: int = 0
    vanished: int = 0
    names: tuple[str, ...] = ()
    added_bytes: int = 0
    new_share: float = 0.0
    new_ratio: float | None = None
    unlike: int = 0
    looked_at: int = 0
    rows_changed: Mapping[str, int] = field(default_factory=dict)
    other_files: int = 0
    others_lost: int = 0
    marked: int = 0
    is_journal_kept: bool = True
