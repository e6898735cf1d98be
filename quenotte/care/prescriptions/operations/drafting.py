"""Filling a prescription before it is issued: the draft lives on the server, for the whole team."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.sent import keep_once, row_id, sent_before
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.models import Prescription, State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.operations.telling import tell
from quenotte.care.prescriptions.rules import lines


@dataclass(frozen=True)
class Written:
    """What is on the screen of a draft."""

    lines: Sequence[lines.Line]
    remarks: str = ""
    weight_kg: Decimal | None = None
    paper: str = ""


@transaction.atomic
def begin(
    *,
    actor: Actor,
    patient_id: UUID,
    template: str = "",
    renews_id: UUID | None = None,
    key: UUID | None = None,
) -> Prescription:
    """Open a draft: empty, from a template, or as an earlier prescription.

    ``key``, drawn when the button was shown, makes a second sending the same draft while it is one.

    The patient was opened by the caller (``patients.access``).

    Raises: NoSuchTemplate, TemplateUnread; NotIssued when what is renewed is still a draft.
    """
    first = _first_content(actor, patient_id, template, renews_id)
    made_id = row_id(key, template, renews_id)
    if known := sent_before(Prescription, made_id, patient_id=patient_id):
        if known.state == State.DRAFT:
            return known
        made_id = uuid4()
    now = timezone.now()
    draft = Prescription(
        id=made_id,
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        lines=lines.to_json(
            queries.belonging(actor.own_practice_id, first.lines, before=first.lines)
        ),
        remarks=first.remarks,
        weight_kg=first.weight_kg,
        paper=first.paper or queries.prescriber(actor.own_person_id).paper,
        renews_id=renews_id,
        created_at=now,
        created_by_id=actor.own_person_id,
        changed_at=now,
        changed_as=actor.person_label,
    )
    kept, is_new = keep_once(draft, patient_id=patient_id)
    if is_new:
        tell(actor, Action.CREATE, "prescription", kept.id, patient_id, "draft")
    return kept


def _first_content(
    actor: Actor, patient_id: UUID, template: str, renews_id: UUID | None
) -> Written:
    if renews_id is not None:
        former = Prescription.objects.filter(id=renews_id, patient_id=patient_id).first()
        if former is None or former.number is None:
            raise refusals.NotIssued
        return Written(lines.from_json(former.lines), former.remarks, None, former.paper)
    if not template:
        return Written(())
    model = template_of(actor, template)
    return Written(model.lines, model.remarks)


def template_of(actor: Actor, code: str) -> queries.Model:
    """Return a template that may be used. Raises: NoSuchTemplate, TemplateUnread."""
    model = queries.model_of(actor.own_practice_id, code)
    if model is None:
        raise refusals.NoSuchTemplate
    if model.is_unread:
        raise refusals.TemplateUnread
    return model


@transaction.atomic
def save(
    *, actor: Actor, prescription_id: UUID, expected_version: int, written: Written
) -> Prescription:
    """Keep what is on the screen of a draft; nothing is told when nothing changed.

    Raises: PaperChanged, AlreadyIssued, TooManyLines.
    """
    draft = open_draft(prescription_id, expected_version)
    if put(draft, written):
        stamp(draft, actor)
        tell(actor, Action.CHANGE, "prescription", draft.id, draft.patient_id, "draft")
    return draft


@transaction.atomic
def drop(*, actor: Actor, prescription_id: UUID, expected_version: int) -> Prescription:
    """Give up a draft; its row stays. Raises: NotDropped, AlreadyIssued."""
    try:
        draft = open_draft(prescription_id, expected_version)
    except refusals.PaperChanged as changed:
        raise refusals.NotDropped from changed
    draft.state = State.DROPPED
    stamp(draft, actor)
    tell(actor, Action.CHANGE, "prescription", draft.id, draft.patient_id, "dropped")
    return draft


def open_draft(prescription_id: UUID, expected_version: int) -> Prescription:
    """Return a draft, locked. Raises: PaperChanged, AlreadyIssued."""
    draft = Prescription.objects.select_for_update().get(id=prescription_id)
    if draft.state != State.DRAFT:
        raise refusals.AlreadyIssued
    if draft.version != expected_version:
        raise refusals.PaperChanged
    return draft


def put(draft: Prescription, written: Written) -> bool:
    """Write what is on the screen on the draft; tell whether that changes it.

    A line whose name is no longer that of its medicine loses what came with it, whatever the
    page sends.
    """
    if len(written.lines) > lines.MOST_LINES:
        raise refusals.TooManyLines
    before = (draft.lines, draft.remarks, draft.weight_kg, draft.paper)
    found = [line for line in written.lines if line.name]
    known = lines.from_json(draft.lines)
    draft.lines = lines.to_json(queries.belonging(draft.practice_id, found, before=known))
    draft.remarks = written.remarks
    draft.weight_kg = written.weight_kg
    draft.paper = written.paper or draft.paper
    return before != (draft.lines, draft.remarks, draft.weight_kg, draft.paper)


def stamp(draft: Prescription, actor: Actor) -> None:
    """Save a draft as a newer one, by this person."""
    draft.version += 1
    draft.changed_at, draft.changed_as = timezone.now(), actor.person_label
    draft.save()
