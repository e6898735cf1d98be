"""Pouches: made, opened for a patient, taken back; whom a recall was told to."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.sent import row_id
from quenotte.care.sterilisation import queries, rules
from quenotte.care.sterilisation.models import (
    CycleRecallNote,
    Pouch,
    PouchUse,
)
from quenotte.care.sterilisation.operations.refusals import (
    REFUSALS,
    AlreadyUndone,
    LoadReleased,
    NotOurs,
    TooManyPouches,
    UnknownPouch,
)
from quenotte.care.sterilisation.operations.writing import (
    locked,
    locked_settings,
    patient_changed,
    tell,
)
from quenotte.care.sterilisation.rules import State


@transaction.atomic
def make_pouches(
    *, actor: Actor, cycle_id: UUID, content: str, count: int, key: UUID | None = None
) -> list[Pouch]:
    """Make the pouches of a load, each with a code of its own.

    ``key``, drawn when the form was shown, makes a second sending the same pouches.

    Raises: TooManyPouches, LoadReleased, WrongStep for a failed cycle, NotOurs.
    """
    if not 1 <= count <= rules.MOST_POUCHES:
        raise TooManyPouches
    cycle = locked(actor, cycle_id, State.RUNNING, State.ENDED, State.RELEASED)
    ids = [row_id(key, content, count, place) for place in range(count)]
    if known := list(Pouch.objects.filter(id__in=ids, cycle=cycle)):
        return known
    if cycle.state == State.RELEASED:
        raise LoadReleased
    row = locked_settings(actor)
    day = timezone.localtime(cycle.started_at).date()
    made = Pouch.objects.bulk_create(
        Pouch(
            id=ids[step],
            practice_id=actor.own_practice_id,
            cycle=cycle,
            code=rules.code_of(row.last_pouch + 1 + step),
            content=content.strip()[:60],
            made_on=day,
            expires_on=day + timedelta(days=row.shelf_days),
            author_id=actor.own_person_id,
            signed_as=actor.person_label,
        )
        for step in range(count)
    )
    row.last_pouch += count
    row.save(update_fields=["last_pouch"])
    tell(actor, Action.CREATE, "pouch", cycle.id, count=count)
    return made


@transaction.atomic
def attach(
    *, actor: Actor, patient_id: UUID, code: str, source: str = "", despite: str = ""
) -> PouchUse:
    """Write that a pouch was opened for a patient; one scan.

    The patient was opened by the caller (``patients.access``); ``source`` says what for.
    ``despite`` says why a pouch is written that was opened though it should not have been: who
    received it must be found when its cycle is failed.

    Raises: PouchExpired, CycleNotReleased, CycleFailed without ``despite``; UnknownPouch,
    PouchUsed, AlreadyHere.
    """
    pouch, despite = _scanned(actor, code), despite.strip()[: rules.LONGEST_TEXT]
    standing = PouchUse.objects.filter(pouch=pouch, undone_at=None).first()
    against = queries.against(pouch)
    found = rules.fault(
        state=State(pouch.cycle.state),
        expires_on=pouch.expires_on,
        today=timezone.localdate(),
        is_used=standing is not None,
        is_here=standing is not None and standing.patient_id == patient_id,
        is_open=bool(despite),
    )
    if found is not None:
        raise REFUSALS[found]
    use = PouchUse.objects.create(
        pouch=pouch,
        patient_id=patient_id,
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        source=source,
        barred=against.value if against else "",
        despite=despite if against else "",
    )
    patient_changed(actor, patient_id)
    tell(actor, Action.CREATE, "pouch_use", use.id, patient_id)
    return use


@transaction.atomic
def detach(*, actor: Actor, patient_id: UUID, use_id: UUID) -> PouchUse:
    """Take back that a pouch was opened for a patient; the line stays, crossed out.

    Raises: AlreadyUndone.
    """
    rows = PouchUse.objects.select_for_update(of=("self",)).filter(patient_id=patient_id)
    use = rows.filter(id=use_id, pouch__practice_id=actor.own_practice_id).first()
    if use is None or use.undone_at is not None:
        raise AlreadyUndone
    use.undone_at, use.undone_as = timezone.now(), actor.person_label
    use.save(update_fields=["undone_at", "undone_as"])
    patient_changed(actor, patient_id)
    tell(actor, Action.CHANGE, "pouch_use", use.id, patient_id, state="undone")
    return use


@transaction.atomic
def note_told(
    *, actor: Actor, cycle_id: UUID, patient_id: UUID, way: str, words: str = ""
) -> CycleRecallNote:
    """Write that somebody was told of a recall, or was not reached. Raises: NotOurs, WrongStep."""
    cycle = locked(actor, cycle_id, State.FAILED)
    concerned = PouchUse.objects.filter(pouch__cycle=cycle, patient_id=patient_id, undone_at=None)
    if way not in rules.WAYS or not concerned.exists():
        raise NotOurs
    note = CycleRecallNote.objects.create(
        cycle=cycle,
        patient_id=patient_id,
        way=way,
        words=words.strip()[: rules.LONGEST_TEXT],
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
    )
    tell(actor, Action.CREATE, "recall_note", note.id, patient_id, how=way)
    return note


def _scanned(actor: Actor, code: str) -> Pouch:
    """Return the pouch of a code, locked: of two scans at once, the second sees the first."""
    rows = Pouch.objects.select_for_update(of=("self",)).select_related("cycle")
    read = rules.read_code(code)
    found = rows.filter(practice_id=actor.own_practice_id, code=read).first() if read else None
    if found is None:
        raise UnknownPouch
    return found
