"""A file of evidence: a frozen value, written in one way, with the digest of the one before.

Whoever has the files of a practice can tell, in a few lines of any language, whether one of them
was changed, left out or put in later: the digest is SHA-256 over the canonical JSON without "hash".
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from quenotte.kernel.memento import canonical, showing
from quenotte.kernel.memento.answering import Answered, Borne, Measure, Measured
from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.judging import Dissent
from quenotte.kernel.posture.terms import State, Theme
from quenotte.kernel.posture.values import text_of

#: What a file of evidence says it is, and in which version of this form.
FORMAT: Final = "quenotte-evidence"
VERSION: Final = 1
HASH: Final = "hash"


@dataclass(frozen=True, slots=True)
class Practice:
    """Whose dossier it is. ``id``: what it is told by for ever, whatever it is called.

    ``time_zone``: by whose clock the paper tells its moments.
    """

    id: str
    name: str
    postcode: str = ""
    town: str = ""
    time_zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that was looked at, and when it was last heard, by any source."""

    name: str
    system: str
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """The evidence about a practice at an instant, by the provider's clock.

    ``number`` counts from 1 within a practice; ``previous``: the digest of the one before, "" for
    the first; ``sheets``: the seals of all that was ever signed about the practice, oldest first;
    ``words``: what themes, items, questions, rules and facts are called, as they were
    called on that day, by their codes.
    """

    number: int
    practice: Practice
    provider: str
    made_at: datetime
    made_by: str
    machines: tuple[Machine, ...]
    answered: tuple[Answered, ...]
    words: Mapping[str, str]
    previous: str = ""
    sheets: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """Return what is sealed, as plain JSON."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "number": self.number,
            "practice": {
                "id": self.practice.id,
                "name": self.practice.name,
                "postcode": self.practice.postcode,
                "town": self.practice.town,
                "time_zone": self.practice.time_zone,
            },
            "provider": self.provider,
            "made_at": text_of(self.made_at),
            "made_by": self.made_by,
            "previous": self.previous or None,
            "sheets": list(self.sheets),
            "machines": [_machine(one) for one in self.machines],
            "counts": _counts(self.answered),
            "themes": [_theme(theme, self.answered) for theme in Theme],
            "words": dict(self.words),
        }

    @property
    def digest(self) -> str:
        """Return its SHA-256 (64 hexadecimal digits)."""
        return digest_of(self.content())

    def written(self) -> bytes:
        """Return the file: its content and its digest, as canonical JSON."""
        content = self.content()
        return canonical.written(content | {HASH: digest_of(content)})


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is sealed (64 hexadecimal digits).

    Raises: NotCanonical. Source: FIPS 180-4, RFC 8785.
    """
    sealed = {name: one for name, one in content.items() if name != HASH}
    return hashlib.sha256(canonical.written(sealed)).hexdigest()


def _machine(one: Machine) -> dict[str, Any]:
    return {"name": one.name, "system": one.system, "heard_at": _at(one.heard_at)}


def _theme(theme: Theme, answered: tuple[Answered, ...]) -> dict[str, Any]:
    items = tuple(one for one in answered if one.item.theme is theme)
    return {
        "key": theme.value,
        "counts": _counts(items),
        "items": [_item(one) for one in items],
    }


def _counts(answered: tuple[Answered, ...]) -> dict[str, int]:
    found = Counter(one.state for one in answered)
    return {state.value: found[state] for state in State}


def _item(one: Answered) -> dict[str, Any]:
    return {
        "key": one.item.key,
        "state": one.state.value,
        "reason": one.reason.value,
        "measured": [_measured(rule) for rule in one.measured],
        "asked": _asked(one) if one.item.sheet else None,
    }


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "state": one.state.value,
        "counts": {state.value: one.count(state) for state in State},
        "measures": [_measure(measure) for measure in one.measures],
    }


def _measure(one: Measure) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "subject": one.subject,
        "state": verdict.state.value,
        "reason": str(verdict.reason),
        "values": showing.values_of(verdict),
        "words": one.words,
        "borne": _borne(one.borne) if one.borne else None,
        "evidence": [_fact(fact) for fact in verdict.evidence],
        "dissent": [_dissent(other) for other in verdict.dissent],
    }


def _borne(one: Borne) -> dict[str, Any]:
    return {
        "why": one.why,
        "by": one.by,
        "granted_at": text_of(one.granted_at),
        "ends_at": text_of(one.ends_at),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "value": showing.value_of(fact),
        "unknown": fact.unknown.value if fact.unknown else None,
        "source": fact.source.value,
        "at": text_of(fact.observed_at),
    }


def _dissent(other: Dissent) -> dict[str, Any]:
    return {
        "source": other.source.value,
        "state": other.state.value,
        "reason": other.reason,
        "at": text_of(other.observed_at),
    }


def _asked(one: Answered) -> dict[str, Any]:
    assert one.item.sheet
    assert one.given_state
    assert one.given_reason
    return {
        "sheet": one.item.sheet.value,
        "state": one.given_state.value,
        "reason": one.given_reason.value,
        "answer": _answer(one),
    }


def _answer(one: Answered) -> dict[str, Any] | None:
    answer = one.answer
    sheet = one.item.sheet
    if answer is None or sheet is None:
        return None
    return {
        "given": answer.given.value,
        "note": answer.note,
        "signer": answer.signer,
        "quality": answer.quality,
        "taken_by": answer.taken_by,
        # Nobody of the practice has an account where this is made.
        "attested": "collected" if sheet.is_of_practice else "signed",
        "signed_at": text_of(answer.signed_at),
        "expires_at": text_of(answer.expires_at(one.item)),
        "seal": answer.seal,
    }


def _at(moment: datetime | None) -> str | None:
    return text_of(moment) if moment else None
