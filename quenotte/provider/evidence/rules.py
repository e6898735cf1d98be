"""Decisions about questionnaires and dossiers, on plain values."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from quenotte.kernel.memento import canonical
from quenotte.kernel.memento.answering import Given
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.kernel.posture.values import text_of

#: A note says where, or why: no story, and no patient.
LONGEST_NOTE: Final = 300
#: A worker that gave no sign for so long will not finish: somebody may ask again.
PATIENCE: Final = timedelta(minutes=10)


def cleaned(sheet: Sheet, typed: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return what was typed on a questionnaire, its own items alone; what is empty is left out.

    ``typed``: (given, note) by item.
    """
    asked = {item.key for item in of_sheet(sheet)}
    told = {key: (given, _one_line(note)) for key, (given, note) in typed.items() if key in asked}
    known = set(Given)
    return {
        key: {"given": given if given in known else "", "note": note}
        for key, (given, note) in sorted(told.items())
        if given in known or note
    }


def seal_of(answers: Mapping[str, Mapping[str, str]], last: int = 0) -> str:
    """Return what says which draft a page showed, and after which signature.

    ``last``: the number of the last signed questionnaire of this kind, 0 for none. "" where there
    was neither, else that number, a dash, and 64 hex digits or nothing.
    """
    if not answers and not last:
        return ""
    told = {key: dict(one) for key, one in answers.items()}
    digest = hashlib.sha256(canonical.written(told)).hexdigest() if told else ""
    return f"{last}-{digest}"


def last_in(seal: str) -> int:
    """Return after which signature a page was shown, 0 for none; a seal that is none says 0."""
    number = seal.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def answered(answers: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the answers among what was typed: a note alone is none."""
    return {key: dict(one) for key, one in answers.items() if one["given"]}


def unexplained(answers: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the items that are said not to concern the practice, without a word why."""
    wanted = Given.NOT_CONCERNED.value
    return [key for key, one in answers.items() if one["given"] == wanted and not one["note"]]


def digest_of(
    *,
    customer_id: str,
    sheet: str,
    answers: Mapping[str, Any],
    signer: str,
    quality: str,
    taken_as: str,
    signed_at: datetime,
    number: int | None = None,
    previous: str | None = None,
) -> str:
    """Return what seals a signed questionnaire: SHA-256 of its canonical JSON (64 hex digits).

    ``number`` and ``previous``: its place in the chain, None before there was one.
    """
    sealed = {
        "practice": customer_id,
        "sheet": sheet,
        "answers": dict(answers),
        "signer": signer,
        "quality": quality,
        "taken_by": taken_as,
        "signed_at": text_of(signed_at),
        **({} if number is None else {"number": number, "previous": previous or None}),
    }
    return hashlib.sha256(canonical.written(sealed)).hexdigest()


def departure_digest(
    *,
    customer_id: str,
    ended_at: datetime,
    at: datetime,
    dossiers: Sequence[Mapping[str, Any]],
    sheets: Sequence[Mapping[str, Any]],
) -> str:
    """Return what seals the note of a practice that went: SHA-256 of its canonical JSON."""
    sealed = {
        "practice": customer_id,
        "ended_at": text_of(ended_at),
        "at": text_of(at),
        "dossiers": [dict(one) for one in dossiers],
        "sheets": [dict(one) for one in sheets],
    }
    return hashlib.sha256(canonical.written(sealed)).hexdigest()


def grouped(digest: str) -> str:
    """Return a digest in groups of eight: as it is printed, and no number to mask in a journal."""
    return ":".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def is_given_up(asked_at: datetime, now: datetime) -> bool:
    """Tell whether a dossier was asked for so long ago that nobody makes it any more."""
    return now - asked_at > PATIENCE


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_NOTE]
