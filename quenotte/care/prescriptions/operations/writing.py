"""Letters, certificates and advice: filled from a template, edited, issued, cancelled."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import may
from quenotte.base.practice import queries as practices
from quenotte.care.documents import operations as documents
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.models import CANCELLED, Correspondent, Letter, State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.operations.sheets import letter_pdf
from quenotte.care.prescriptions.operations.telling import tell
from quenotte.care.prescriptions.rules import letters


@transaction.atomic
def begin_letter(
    *,
    actor: Actor,
    patient_id: UUID,
    template: str,
    given: Mapping[str, str],
    correspondent_id: UUID | None = None,
) -> Letter:
    """Open a draft from a template; ``given`` fills places (« dents », « acte », « debut » …).

    Raises: NoSuchTemplate.
    """
    text = queries.text_of(actor.own_practice_id, template)
    if text is None:
        raise refusals.NoSuchTemplate
    to = (
        queries.correspondent(actor.own_practice_id, correspondent_id) if correspondent_id else None
    )
    values = _values(actor, patient_id, to) | {name: one for name, one in given.items() if one}
    letter = Letter.objects.create(
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        kind=text.kind,
        title=text.title,
        body=letters.filled(text.body, values),
        needs_dentist=text.needs_dentist,
        correspondent=to,
        created_at=timezone.now(),
        created_by_id=actor.own_person_id,
        changed_as=actor.person_label,
    )
    tell(actor, Action.CREATE, "letter", letter.id, patient_id, "draft")
    return letter


@transaction.atomic
def save_letter(
    *, actor: Actor, letter_id: UUID, expected_version: int, title: str, body: str
) -> Letter:
    """Keep the text of a draft. Raises: PaperChanged, AlreadyIssued."""
    letter = _open(letter_id, expected_version)
    if (letter.title, letter.body) != (title, body):
        letter.title, letter.body = title, body
        _stamp(letter, actor)
        tell(actor, Action.CHANGE, "letter", letter.id, letter.patient_id, "draft")
    return letter


@transaction.atomic
def drop_letter(*, actor: Actor, letter_id: UUID, expected_version: int) -> Letter:
    """Give up a draft. Raises: NotDropped, AlreadyIssued."""
    try:
        letter = _open(letter_id, expected_version)
    except refusals.PaperChanged as changed:
        raise refusals.NotDropped from changed
    letter.state = State.DROPPED
    _stamp(letter, actor)
    tell(actor, Action.CHANGE, "letter", letter.id, letter.patient_id, "dropped")
    return letter


@transaction.atomic
def issue_letter(
    *, actor: Actor, letter_id: UUID, expected_version: int, title: str, body: str
) -> Letter:
    """Set a letter on paper and keep it in the record; the same asked twice is issued once.

    Raises: DentistSigns, Incomplete, PaperChanged, AlreadyIssued, CannotPrint, NoRoom.
    """
    former = Letter.objects.select_for_update().get(id=letter_id)
    is_own = former.state == State.ISSUED and former.author_id == actor.person_id
    if is_own and (former.title, former.body) == (title, body):
        return former
    letter = _open(letter_id, expected_version)
    if letter.needs_dentist and not may(actor.roles, "prescriptions.issue"):
        raise refusals.DentistSigns
    letter.title, letter.body = title, body
    if not letters.is_complete(body):
        raise refusals.Incomplete
    author = people.account(actor.own_practice_id, actor.own_person_id)
    assert author is not None
    letter.author, letter.signed_as = author, actor.person_label
    letter.issued_at, letter.state = timezone.now(), State.ISSUED
    letter.document = documents.keep(
        actor=actor,
        patient_id=letter.patient_id,
        kind=letter.kind,
        title=title,
        content=letter_pdf(letter, author),
        content_type="application/pdf",
        source=f"letter:{letter.id}",
    )
    _stamp(letter, actor)
    tell(actor, Action.CREATE, "letter", letter.id, letter.patient_id, "issued")
    return letter


@transaction.atomic
def cancel_letter(*, actor: Actor, letter_id: UUID, reason: str) -> Letter:
    """Say that an issued letter holds no more. Raises: NotIssued, ReasonMissing, DentistSigns."""
    letter = Letter.objects.select_for_update().get(id=letter_id)
    if letter.state == State.CANCELLED:
        return letter
    if letter.state != State.ISSUED or letter.document_id is None:
        raise refusals.NotIssued
    if letter.needs_dentist and not may(actor.roles, "prescriptions.issue"):
        raise refusals.DentistSigns
    words = " ".join(reason.split())[:300]
    if not words:
        raise refusals.ReasonMissing
    letter.state, letter.cancelled_reason = State.CANCELLED, words
    letter.cancelled_at, letter.cancelled_as = timezone.now(), actor.person_label
    letter.version += 1
    letter.save(update_fields=CANCELLED)
    documents.cancel(actor=actor, document_id=letter.document_id, reason=words)
    tell(actor, Action.CHANGE, "letter", letter.id, letter.patient_id, "cancelled")
    return letter


def _values(actor: Actor, patient_id: UUID, to: Correspondent | None) -> dict[str, str]:
    patient = patients.of_practice(actor.own_practice_id).get(id=patient_id)
    born_on = known_birth(patient.born_on)
    return {
        "patient": patient.full_name,
        "naissance": f"{born_on:%d/%m/%Y}" if born_on else "",
        "date": date_format(timezone.localdate(), "j F Y"),
        "praticien": actor.person_label,
        "cabinet": practices.practice(actor.own_practice_id).name,
        "correspondant": _address(to) if to else "",
    }


def _address(to: Correspondent) -> str:
    town = f"{to.postcode} {to.town}".strip()
    return "\n".join(filter(None, (to.name, to.speciality, to.address, town)))


def _open(letter_id: UUID, expected_version: int) -> Letter:
    letter = Letter.objects.select_for_update().get(id=letter_id)
    if letter.state != State.DRAFT:
        raise refusals.AlreadyIssued(
            _("Ce document est déjà émis : il ne se modifie plus."),
            next_step=_("Rien n’a été modifié. Pour le corriger, annulez-le, puis refaites-le."),
        )
    if letter.version != expected_version:
        raise refusals.PaperChanged
    return letter


def _stamp(letter: Letter, actor: Actor) -> None:
    letter.version += 1
    letter.changed_as = actor.person_label
    letter.save()
