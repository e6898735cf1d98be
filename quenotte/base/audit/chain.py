"""Checking the chain of the journal: values in, findings out; no table is read here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import UNSURE, Value, head_seal_of, seal_of


class Fault(StrEnum):
    """What the verification may find."""

    ALTERED = "altered"
    FORGED = "forged"
    MOVED = "moved"
    REMOVED = "removed"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    ANCHOR = "anchor"
    HEAD = "head"
    REPLACED = "replaced"
    EMPTIED = "emptied"
    UNSURE = "unsure"


_SENTENCES: Final = {
    Fault.ALTERED: _("Ligne {first} : son contenu a été modifié après coup."),
    Fault.FORGED: _("Ligne {first} : elle n’a pas été écrite par Quenotte."),
    Fault.MOVED: _("Ligne {first} : elle a été déplacée, elle portait le numéro {last}."),
    Fault.REMOVED: _("Lignes {first} à {last} : elles ont été retirées."),
    Fault.TRUNCATED: _("Lignes {first} à {last} : la fin du journal a été coupée."),
    Fault.REWRITTEN: _("Ligne {first} : elle diffère de ce que le fichier d’ancrage a retenu."),
    Fault.ANCHOR: _("Fichier d’ancrage, ligne {first} : elle a été modifiée."),
    Fault.REPLACED: _(
        "Tête du journal : elle ne répond pas de la ligne {first}, la dernière. "
        "La fin du journal a été coupée ou remplacée."
    ),
    Fault.EMPTIED: _("Le journal est vide et sa tête n’est pas d’origine : il a été vidé."),
    Fault.UNSURE: _(
        "Ligne {first} : quand elle a été écrite, la tête du journal avait été changée. "
        "Des lignes ont pu être coupées juste avant elle."
    ),
    Fault.HEAD: _("Tête du journal : elle annonce {first} lignes, le journal en compte {last}."),
}


@dataclass(frozen=True)
class Finding:
    """One fault of the journal; ``last`` closes a range, or tells where a line comes from."""

    fault: Fault
    first: int
    last: int = 0

    def __str__(self) -> str:
        if self.fault in {Fault.REMOVED, Fault.TRUNCATED} and self.first == self.last:
            return _ONE_GONE[self.fault].format(first=self.first)
        return str(_SENTENCES[self.fault]).format(first=self.first, last=self.last)


_ONE_GONE: Final = {
    Fault.REMOVED: _("Ligne {first} : elle a été retirée."),
    Fault.TRUNCATED: _("Ligne {first} : la fin du journal a été coupée."),
}


@dataclass(frozen=True)
class Sealed:
    """A line as the database gives it back: the values of ``COLUMNS``, then its seal."""

    values: tuple[Value, ...]
    seal: str

    @property
    def number(self) -> int:
        """Its place in the journal, from 1."""
        return cast("int", self.values[0])

    @property
    def previous_seal(self) -> str:
        """The seal that it recalls."""
        return cast("str", self.values[-1])


@dataclass(frozen=True)
class Mark:
    """A number, and the seal of the line of this number or of the head that tells it."""

    number: int
    seal: str


#: How far a moved line is looked for, and how many times: both bound the work.
_REACH: Final = 300
_SEARCHES: Final = 50


class Chain:
    """Follows the journal line by line, in constant memory."""

    def __init__(self, key: str, head: Mark, anchors: Mapping[int, str]) -> None:
        self._key = key
        self._head = head
        self._anchors = anchors
        self._last = Mark(0, "")
        self._suspect: Sealed | None = None
        self._searches = _SEARCHES

    def findings(self, lines: Iterable[Sealed]) -> Iterator[Finding]:
        """Yield what is wrong with ``lines``, given in the order of their numbers."""
        for line in lines:
            yield from self._follow(line)
        yield from self._close()

    def _follow(self, line: Sealed) -> Iterator[Finding]:
        suspect, self._suspect = self._suspect, None
        if suspect:
            yield self._judge(suspect, recalled=line.previous_seal)
        gap = line.number > self._last.number + 1
        if gap:
            yield Finding(Fault.REMOVED, self._last.number + 1, line.number - 1)
        if self._anchors.get(line.number, line.seal) != line.seal:
            yield Finding(Fault.REWRITTEN, line.number)
        if seal_of(self._key, line.values) != line.seal:
            self._suspect = line
        elif line.previous_seal == UNSURE:
            yield Finding(Fault.UNSURE, line.number)
        elif not gap and not suspect and line.previous_seal != self._last.seal:
            yield Finding(Fault.FORGED, line.number)
        self._last = Mark(line.number, line.seal)

    def _judge(self, line: Sealed, recalled: str) -> Finding:
        """Say what happened to a line whose seal is wrong; ``recalled``: what the next says."""
        if origin := self._origin(line):
            return Finding(Fault.MOVED, line.number, origin)
        return Finding(Fault.ALTERED if recalled == line.seal else Fault.FORGED, line.number)

    def _origin(self, line: Sealed) -> int | None:
        if not self._searches:
            return None
        self._searches -= 1
        near = range(max(1, line.number - _REACH), line.number + _REACH)
        return next((n for n in near if self._seal_at(n, line) == line.seal), None)

    def _seal_at(self, number: int, line: Sealed) -> str:
        return seal_of(self._key, (number, *line.values[1:]))

    def _close(self) -> Iterator[Finding]:
        if self._suspect:
            recalled = self._suspect.seal if self._is_vouched_for() else ""
            yield self._judge(self._suspect, recalled=recalled)
        known = max([self._head.number, *self._anchors], default=0)
        if known > self._last.number:
            yield Finding(Fault.TRUNCATED, self._last.number + 1, known)
        elif self._last.number > self._head.number:
            yield Finding(Fault.HEAD, self._head.number, self._last.number)
        elif not self._suspect and not self._is_vouched_for():
            yield Finding(Fault.REPLACED if known else Fault.EMPTIED, self._last.number)

    def _is_vouched_for(self) -> bool:
        """Tell whether the head was written by us, for the line that is the last."""
        sealed = head_seal_of(self._key, self._last.number, self._last.seal)
        return sealed == self._head.seal and self._last.number == self._head.number
