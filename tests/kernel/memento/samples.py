"""Dossiers of an invented practice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from quenotte.kernel.memento.answering import Answer, Given, Measure, answered
from quenotte.kernel.memento.dossiers import Dossier, Machine, Practice
from quenotte.kernel.memento.items import ITEMS
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.judging import Dissent, Verdict
from quenotte.kernel.posture.terms import State

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)


def measure(rule: str, state: State, subject: str = "ACCUEIL", **values: Any) -> Measure:
    """Return what a rule says of a machine, with one fact behind it."""
    evidence = (Fact("use.is_admin_daily", state is State.BAD, Source.STATION, NOW),)
    dissent = (Dissent(Source.GLPI, NOW, State.OK, "ok"),) if state is State.BAD else ()
    return Measure(
        subject, Verdict(rule, state, state.value, values, evidence, dissent), f"{rule} {state}"
    )


def answer(given: Given = Given.YES, *, days_ago: int = 0, note: str = "") -> Answer:
    """Return what somebody signed."""
    signed_at = NOW - timedelta(days=days_ago)
    return Answer(given, signed_at, "Claire Aubry", "chirurgien-dentiste", "Tom", "5" * 64, note)


def dossier(
    number: int = 1,
    *,
    previous: str = "",
    state: State = State.BAD,
    practice: str = "1",
    **changed: Any,
) -> Dossier:
    """Return a dossier in which one rule is measured and one item answered."""
    measures = {"admin_daily": [measure("admin_daily", state)]}
    answers = {"register": answer(note="classeur « bleu »")}
    found = tuple(answered(one, measures, answers.get(one.key), NOW) for one in ITEMS)
    told: dict[str, Any] = {
        "number": number,
        "practice": Practice(practice, "Cabinet des Quenottes", "44000", "Nantes"),
        "provider": "Dentaire Services",
        "made_at": NOW + timedelta(days=number),
        "made_by": "Tom Lescure",
        "machines": (Machine("ACCUEIL", "Windows 11", NOW), Machine("RADIO", "", None)),
        "answered": found,
        "words": {"item.register": "Registre des traitements"},
        "previous": previous,
    }
    return Dossier(**(told | changed))


def chain(length: int) -> list[bytes]:
    """Return the files of so many dossiers that follow one another."""
    files: list[bytes] = []
    previous = ""
    for number in range(1, length + 1):
        one = dossier(number, previous=previous)
        files.append(one.written())
        previous = one.digest
    return files
