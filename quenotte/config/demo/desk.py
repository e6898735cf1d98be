"""What the demo team tells each other: calls, tasks, callbacks, a pinned word."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.desk.models import BoardNote, BoardReading, Callback, CallKind, Task
from quenotte.care.desk.operations.kinds import USUAL
from quenotte.care.patients.models import Patient
from quenotte.config.demo.visits import ZONE, is_worked

#: (text, author, person, role, days until due, whether it is about a patient)
TASKS: Final = (
    ("Commander des gants taille S, il en reste deux boîtes.", "bob", None, "secretaire", 1, False),
    ("Relire la radio panoramique avant le rendez-vous.", "sarah", "alice", "", 0, True),
    ("Rappeler le laboratoire : la couronne n’est pas arrivée.", "alice", "sarah", "", -1, True),
    ("Vérifier l’autoclave, le cycle de contrôle est pour ce soir.", "alice", None, "assistante", 0,
     False),
    ("Trier les factures fournisseurs du mois.", "alice", None, "comptable", 5, False),
)  # fmt: skip

#: (reason, days until due, whether it is a patient)
CALLBACKS: Final = (
    ("Douleur depuis hier soir, demande un créneau.", 0, True),
    ("Déplacer le contrôle de jeudi.", 0, True),
    ("Demande les horaires, reviendra vers nous.", -1, False),
)

_WORD: Final = (
    "Panne d’ascenseur jusqu’à vendredi : prévenir les personnes à mobilité réduite au téléphone."
)

#: A dental practice is closed on such a day; the demo says why it is not.
_OPEN_TODAY: Final = (
    "Cabinet de démonstration : il travaille aujourd’hui, jour de son premier démarrage, pour "
    "montrer une journée ; un vrai cabinet serait fermé."
)


def fill(practice: Practice, patients: Sequence[Patient], now: datetime) -> None:
    """Fill the desk of the demo practice, as its team left it at ``now`` (local)."""
    today = now.date()
    team = {person.username: person for person in Person.objects.filter(practice=practice)}
    morning = _last_words(now)
    _fill_calls(practice)
    for number, (text, author, person, role, days, is_linked) in enumerate(TASKS):
        Task.objects.create(
            practice=practice,
            text=text,
            author=team[author],
            person=team[person] if person else None,
            role=role,
            patient=patients[number % len(patients)] if is_linked else None,
            due_on=today + timedelta(days=days),
            created_at=morning - timedelta(days=2, minutes=7 * number),
        )
    for number, (reason, days, is_patient) in enumerate(CALLBACKS):
        patient = patients[(10 + number) % len(patients)]
        Callback.objects.create(
            practice=practice,
            patient=patient if is_patient else None,
            name="" if is_patient else "Mme Tessier",
            phone=(is_patient and (patient.mobile_phone or patient.other_phone)) or "+33199004321",
            reason=reason,
            due_on=today + timedelta(days=days),
            author=team["sarah"],
            created_at=morning + timedelta(minutes=9 * number),
        )
    for text, days in ((_WORD, 4), *([] if is_worked(today) else [(_OPEN_TODAY, 0)])):
        word = BoardNote.objects.create(
            practice=practice,
            author=team["alice"],
            text=text,
            pinned_at=morning,
            shown_until=today + timedelta(days=days),
        )
        BoardReading.objects.create(note=word, person=team["alice"], at=morning)


def _last_words(now: datetime) -> datetime:
    """Return when the team wrote: this morning, or in the evening before it."""
    day = now.date()
    if now.time() >= time(9, 15):
        return datetime.combine(day, time(8, 40), ZONE)
    day -= timedelta(days=1)
    while not is_worked(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(17, 40), ZONE)


def _fill_calls(practice: Practice) -> None:
    for position, prepared in enumerate(USUAL):
        values = {name: getattr(prepared, name) for name in type(prepared).__slots__}
        CallKind.objects.create(practice=practice, position=position, **values)
