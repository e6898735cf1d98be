"""Work asked of a laboratory: written, sent, received, tried, fitted, made again."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.operations import discard_draft
from quenotte.base.sent import row_id, sent_before
from quenotte.care.documents import operations as documents
from quenotte.care.documents.rules import Kind
from quenotte.care.prosthetics import queries, rules
from quenotte.care.prosthetics.models import LabOrder, LabStep
from quenotte.care.prosthetics.operations.papers import sheet_of
from quenotte.care.prosthetics.operations.refusals import (
    AlreadyRemade,
    NoConformity,
    NotHere,
    WrongStep,
    WrongTooth,
)
from quenotte.care.prosthetics.operations.writing import locked_order, locked_settings, tell
from quenotte.care.prosthetics.rules import Status

#: What an order made again takes over from the first; its visit too, when it is still to come.
_COPIED: Final = ("laboratory_id", "practitioner_id", "kind", "teeth", "material", "shade")
#: What a declaration of conformity may be: a PDF, or a photograph of the paper.
_PAPERS: Final = frozenset({"application/pdf", "image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a laboratory; ``teeth`` are FDI numbers, the price is in cents."""

    laboratory_id: UUID
    practitioner_id: UUID
    kind: str
    teeth: tuple[int, ...] = ()
    material: str = ""
    shade: str = ""
    instructions: str = ""
    price_cents: int | None = None
    due_on: date | None = None
    appointment_id: UUID | None = None


@transaction.atomic
def order(*, actor: Actor, patient_id: UUID, asked: Asked, key: UUID | None = None) -> LabOrder:
    """Write an order; it is sent later. The patient was opened by the caller.

    ``key``, drawn when the form was shown, makes a second sending the same order.

    Raises: WrongTooth, NotHere when the laboratory, the practitioner or the visit is not ours.
    """
    # Whoever orders holds the settings, where the numbers are: of two at once one comes first.
    locked_settings(actor)
    made_id = row_id(key, asked)
    if known := sent_before(LabOrder, made_id, patient_id=patient_id):
        return known
    made = _blank(actor, patient_id)
    made.id = made_id
    _fill(actor, made, asked)
    _note(actor, made)
    discard_draft(person_id=actor.own_person_id, key=queries.order_key(patient_id))
    tell(actor, Action.CREATE, "lab_order", made.id, patient_id)
    return made


@transaction.atomic
def change_order(
    *, actor: Actor, patient_id: UUID, order_id: UUID, asked: Asked, seen: int
) -> LabOrder:
    """Save an order again; ``seen`` is the version that the form was filled from.

    Raises: WrongStep, WrongTooth, NotHere.
    """
    found = locked_order(actor, patient_id, order_id)
    if found.version != seen:
        raise WrongStep
    found.version += 1
    _fill(actor, found, asked)
    discard_draft(person_id=actor.own_person_id, key=queries.changed_order_key(order_id))
    tell(actor, Action.CHANGE, "lab_order", found.id, patient_id)
    return found


@transaction.atomic
def step(
    *,
    actor: Actor,
    patient_id: UUID,
    order_id: UUID,
    status: str,
    words: str = "",
    is_anyway: bool = False,
) -> LabOrder:
    """Note how far the work has come. What is sent leaves its sheet among the documents.

    Raises: WrongStep; NoConformity when a piece made to measure is fitted without its
    declaration, unless ``is_anyway``; NotHere.
    """
    found = _not_remade(actor, patient_id, order_id)
    if status not in rules.next_steps(found.status):
        raise WrongStep
    lacks = rules.lacks_conformity(
        found.kind, status, has_declaration=found.conformity_id is not None
    )
    if lacks and not is_anyway:
        raise NoConformity
    return _stepped(actor, found, status, words)


@transaction.atomic
def step_back(*, actor: Actor, patient_id: UUID, order_id: UUID, seen: str) -> LabOrder:
    """Take the last step back, ``seen`` being the status it led to; all stays written.

    Again, it takes back the step before that one.

    Raises: WrongStep at the first step, or when the work moved since; AlreadyRemade; NotHere.
    """
    found = _not_remade(actor, patient_id, order_id)
    held = rules.way_so_far(found.steps.order_by("at", "id").values_list("status", flat=True))
    if len(held) < 2 or not seen == found.status == held[-1]:
        raise WrongStep
    if found.remakes_id is not None:
        # Its first is locked as whoever orders again locks it: no other takes the place meanwhile.
        locked_order(actor, patient_id, found.remakes_id)
        if queries.remakes_of(found.remakes_id).exclude(id=found.id).exists():
            raise AlreadyRemade
    if Status.SENT not in held[:-1]:
        found.sent_on = None
    return _stepped(actor, found, held[-2], "", keeps_sheet=False)


@transaction.atomic
def remake(*, actor: Actor, patient_id: UUID, order_id: UUID) -> LabOrder:
    """Order again a piece of work that is to be made again: a new order that names the first.

    It has a number, steps and a declaration of conformity of its own; its date and its price are
    still to be said. Of two people who order it at once, the second is told.

    Raises: WrongStep when it is not to be made again, AlreadyRemade, NotHere.
    """
    first = _not_remade(actor, patient_id, order_id)
    if first.status != Status.REDO:
        raise WrongStep
    made = _blank(actor, patient_id)
    made.remakes = first
    for name in _COPIED:
        setattr(made, name, getattr(first, name))
    coming = {visit[0] for visit in queries.coming_visits(patient_id)}
    made.appointment_id = first.appointment_id if first.appointment_id in coming else None
    made.instructions = _why_again(first)
    made.save()
    _note(actor, made)
    tell(actor, Action.CREATE, "lab_order", made.id, patient_id)
    return made


def attach_conformity(
    *, actor: Actor, patient_id: UUID, order_id: UUID, upload: UploadedFile
) -> LabOrder:
    """Keep the declaration of conformity that came with the work.

    Raises: NotHere, and the refusals of ``documents``.
    """
    # A stranger's file: it is looked into, and its bytes are safe, before any row is locked.
    blob, content = documents.brought(upload, allowed=_PAPERS)
    with transaction.atomic():
        found = locked_order(actor, patient_id, order_id)
        kept = documents.enter(
            actor=actor,
            patient_id=patient_id,
            kind=Kind.LABORATORY,
            title=_("Déclaration de conformité, travail n° %(number)s") % {"number": found.number},
            blob=blob,
            content=content,
            source=f"lab-order:{found.id}",
        )
        return _declared(actor, found, kept.id)


def _blank(actor: Actor, patient_id: UUID) -> LabOrder:
    """Return an order that says nothing yet but its number."""
    row = locked_settings(actor)
    row.last_order += 1
    row.save(update_fields=["last_order"])
    return LabOrder(
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        number=row.last_order,
        status=Status.TO_SEND.value,
        created_at=timezone.now(),
    )


def _not_remade(actor: Actor, patient_id: UUID, order_id: UUID) -> LabOrder:
    found = locked_order(actor, patient_id, order_id)
    if queries.remakes_of(order_id).exists():
        raise AlreadyRemade
    return found


def _why_again(first: LabOrder) -> str:
    last = first.steps.filter(status=Status.REDO).order_by("-at", "-id").first()
    words = _("Refaire le travail n° %(number)s.") % {"number": first.number}
    parts = (words, last.words if last else "", first.instructions)
    return "\n".join(part for part in parts if part)[:1000]


def _declared(actor: Actor, found: LabOrder, document_id: UUID) -> LabOrder:
    found.conformity_id = document_id
    found.version += 1
    found.save(update_fields=["conformity", "version"])
    tell(actor, Action.CHANGE, "lab_order", found.id, found.patient_id, state="conformity")
    return found


def _fill(actor: Actor, found: LabOrder, asked: Asked) -> None:
    needs_teeth = asked.kind not in rules.WITHOUT_TEETH
    if rules.wrong_teeth(asked.teeth) or (needs_teeth and not asked.teeth):
        raise WrongTooth
    _check(actor, found, asked)
    for name in ("laboratory_id", "practitioner_id", "kind", "material", "shade", "instructions"):
        setattr(found, name, getattr(asked, name))
    found.price_cents, found.due_on = asked.price_cents, asked.due_on
    found.appointment_id = asked.appointment_id
    found.teeth = " ".join(map(str, asked.teeth))
    found.save()


def _check(actor: Actor, found: LabOrder, asked: Asked) -> None:
    practice_id = actor.own_practice_id
    is_known = (
        asked.kind in rules.WORKS
        and queries.laboratories(practice_id).filter(id=asked.laboratory_id).exists()
        and people.account(practice_id, asked.practitioner_id) is not None
    )
    coming = {visit[0] for visit in queries.coming_visits(found.patient_id)}
    is_same = asked.appointment_id in {None, found.appointment_id}
    if not is_known or not (is_same or asked.appointment_id in coming):
        raise NotHere


def _stepped(
    actor: Actor, found: LabOrder, status: str, words: str, *, keeps_sheet: bool = True
) -> LabOrder:
    found.status, found.version = status, found.version + 1
    if status == Status.SENT and keeps_sheet:
        found.sent_on = timezone.localdate()
        _keep_sheet(actor, found)
    found.save()
    _note(actor, found, words)
    tell(actor, Action.CHANGE, "lab_order", found.id, found.patient_id, state=status)
    return found


def _keep_sheet(actor: Actor, found: LabOrder) -> None:
    documents.keep(
        actor=actor,
        patient_id=found.patient_id,
        kind="laboratory",
        title=_("Bon de laboratoire n° %(number)s") % {"number": found.number},
        content=sheet_of(found),
        content_type="application/pdf",
        source=f"lab-order:{found.id}",
    )


def _note(actor: Actor, found: LabOrder, words: str = "") -> None:
    LabStep.objects.create(
        order=found,
        status=found.status,
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        words=words.strip()[: rules.LONGEST_TEXT],
    )
