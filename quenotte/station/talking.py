"""What is said to the provider's door, and what its answers come to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quenotte.station.lines import Answered, Line, Unreached, Why
from quenotte.station.refusals import NotAnswered, NotReached, NotUnderstood, TokenRefused
from quenotte.station.words import _
from quenotte.wire.answers import RETRY_MAX_S, Answer, Code
from quenotte.wire.enrolments import KEY_SCHEME, TOKEN_HEADER, Enrolled
from quenotte.wire.fingerprints import Fingerprint
from quenotte.wire.messages import read, write
from quenotte.wire.reading import Unreadable
from quenotte.wire.reports import Report

_ENROL: Final = "/agents/station/enrol"
_REPORT: Final = "/agents/station/report"
_LATER: Final = frozenset({429, 500, 502, 503, 504})

#: Why a server was not reached, in words.
TROUBLES: Final = {
    Why.NO_NAME: _("Le nom du serveur n’est pas connu d’ici."),
    Why.NO_ROUTE: _("Le serveur ne se laisse pas joindre."),
    Why.NO_ANSWER: _("Le serveur n’a pas répondu à temps."),
    Why.CERTIFICATE: _("Le certificat du serveur n’est pas de confiance pour ce poste."),
    Why.DATES: _("Le certificat du serveur n’est pas valable à la date de ce poste : vérifiez-la."),
    Why.TLS: _("La connexion chiffrée n’a pas pu s’établir."),
    Why.OURS: _(
        "Le serveur demande à ce poste un certificat (--client-cert), ou n’accepte pas le sien."
    ),
}


class Word(StrEnum):
    """What a contact came to."""

    TAKEN = "taken"
    SEND_ALL = "send_all"
    WAITING = "waiting"
    REVOKED = "revoked"
    LATER = "later"
    #: It answered, and not in a way that we know.
    STRANGE = "strange"


_WORDS: Final = {
    Code.ACCEPTED: Word.TAKEN,
    Code.SEND_REPORT: Word.SEND_ALL,
    Code.QUARANTINED: Word.WAITING,
    Code.UNKNOWN_NODE: Word.REVOKED,
    Code.TRY_LATER: Word.LATER,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contact came to. ``retry_after_s`` and ``trouble`` go with ``LATER`` alone."""

    word: Word
    retry_after_s: float | None = None
    trouble: str = ""


def enrol(line: Line, token: str, report: Report, key: str) -> str:
    """Return the key of this machine: ``key``, save where a server of before gives another.

    Sent again with the same key it is the same machine. Raises: TokenRefused, NotReached,
    NotAnswered, NotUnderstood.
    """
    headers = {TOKEN_HEADER: token, "Authorization": f"{KEY_SCHEME}{key}"}
    try:
        told = line.post(_ENROL, write(report), headers)
    except Unreached as error:
        may_have_come = error.why is Why.NO_ANSWER
        raise (NotAnswered if may_have_come else NotReached)(TROUBLES[error.why]) from None
    if told.status == 403:
        raise TokenRefused
    if told.status in _LATER:
        # Between us and the door others answer when it is late.
        raise NotAnswered(_("Le serveur est occupé ou arrêté."))
    try:
        return read(told.body, Enrolled).key if told.status == 200 else _strange()
    except Unreadable:
        raise NotUnderstood from None


def tell(line: Line, key: str, message: Report | Fingerprint) -> Outcome:
    """Tell something; return what it came to, whatever happened."""
    try:
        told = line.post(_REPORT, write(message), {"Authorization": f"{KEY_SCHEME}{key}"})
    except Unreached as error:
        return Outcome(Word.LATER, None, error.why.value)
    if told.status in _LATER:
        return Outcome(Word.LATER, _bounded(told.retry_after_s), "busy")
    return _outcome(told) if told.status == 200 else Outcome(Word.STRANGE, None, "strange")


def _outcome(told: Answered) -> Outcome:
    try:
        answer = read(told.body, Answer)
    except Unreadable:
        return Outcome(Word.STRANGE, None, "strange")
    word = _WORDS[answer.code]
    return Outcome(word, answer.retry_after_s, "busy" if word is Word.LATER else "")


def _bounded(seconds: float | None) -> float | None:
    return None if seconds is None else min(seconds, float(RETRY_MAX_S))


def _strange() -> str:
    raise NotUnderstood
