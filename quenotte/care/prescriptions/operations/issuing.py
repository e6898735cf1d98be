"""Issuing a prescription: numbered without a gap, set on paper, kept, once; and afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import may
from quenotte.care.documents import operations as documents
from quenotte.care.documents import queries as papers
from quenotte.care.prescriptions import queries
from quenotte.care.prescriptions.models import CANCELLED, Prescription, PrescriptionCounter, State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.operations.drafting import open_draft
from quenotte.care.prescriptions.operations.sheets import prescription_pdf, prescription_sheet
from quenotte.care.prescriptions.operations.telling import tell
from quenotte.care.prescriptions.rules import lines
from quenotte.care.prescriptions.rules.recalling import Reminder

if TYPE_CHECKING:
    from quenotte.care.documents.models import Document


@transaction.atomic
def issue(
    *,
    actor: Actor,
    prescription_id: UUID,
    expected_version: int,
    seen: frozenset[str],
    confirmed: frozenset[str] = frozenset(),
    at: datetime | None = None,
) -> Prescription:
    """Number a draft, set it on paper and keep it in the documents of the record.

    ``seen``: codes of the reminders that the page showed. They are written with the
    prescription; one that the page did not show is shown first. ``confirmed``: codes of the
    grave ones of which the author says that she has read them; the journal keeps that. Asked
    twice (a double click), it is issued once. The number is taken in this transaction: what
    fails leaves no gap.
    ``at``: when it was issued, if it is not now.

    Raises: DentistSigns, NothingPrescribed, NotSeen, NotConfirmed, PaperChanged, CannotPrint,
        NoRoom.
    """
    if not may(actor.roles, "prescriptions.issue"):
        raise refusals.DentistSigns
    former = Prescription.objects.select_for_update().get(id=prescription_id)
    if former.state == State.ISSUED and former.author_id == actor.person_id:
        return former
    draft = open_draft(prescription_id, expected_version)
    if not draft.lines:
        raise refusals.NothingPrescribed
    found = _reminders(draft, seen)
    is_confirmed = _asked([one for _title, one in found if one.is_grave], confirmed)
    draft.reminders = [
        {"line": title, "code": one.code, "tone": one.tone, "words": one.words}
        for title, one in found
    ]
    draft.number = _next_number(actor)
    draft.author_id, draft.signed_as = actor.own_person_id, actor.person_label
    draft.issued_at, draft.state = at or timezone.now(), State.ISSUED
    draft.sheet = _sheet(actor, draft)
    draft.document = _kept(actor, draft)
    draft.version += 1
    draft.save()
    said = {"state": "confirmed"} if is_confirmed else {}
    tell(actor, Action.CREATE, "prescription", draft.id, draft.patient_id, "issued", **said)
    return draft


def _asked(grave: Sequence[Reminder], confirmed: frozenset[str]) -> bool:
    """Return whether grave reminders were confirmed; False without any. Raises: NotConfirmed."""
    if left := [one.words for one in grave if one.code not in confirmed]:
        raise refusals.NotConfirmed(" ".join(dict.fromkeys(left)))
    return bool(grave)


def _reminders(draft: Prescription, seen: frozenset[str]) -> list[tuple[str, Reminder]]:
    weight = float(draft.weight_kg) if draft.weight_kg is not None else None
    checked = queries.checked(lines.from_json(draft.lines), draft.patient, weight)
    found = [(one.line.title, reminder) for one in checked for reminder in one.reminders]
    if any(reminder.code not in seen for _title, reminder in found):
        raise refusals.NotSeen
    return found


def _next_number(actor: Actor) -> int:
    """Take the next number of this dentist; her counter stays locked until the end."""
    practice_id, author_id = actor.own_practice_id, actor.own_person_id
    PrescriptionCounter.objects.get_or_create(practice_id=practice_id, author_id=author_id)
    counter = PrescriptionCounter.objects.select_for_update().get(
        practice_id=practice_id, author_id=author_id
    )
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _sheet(actor: Actor, issued: Prescription) -> dict[str, Any]:
    author = people.account(actor.own_practice_id, actor.own_person_id)
    assert author is not None
    return prescription_sheet(issued, author)


def _kept(actor: Actor, issued: Prescription) -> "Document":
    assert issued.issued_at is not None
    day = timezone.localdate(issued.issued_at)
    names = ", ".join(line.name for line in lines.from_json(issued.lines)[:3])
    return documents.keep(
        actor=actor,
        patient_id=issued.patient_id,
        kind="prescription",
        title=_("Ordonnance n° %(number)s : %(names)s") % {"number": issued.number, "names": names},
        content=prescription_pdf(issued),
        content_type="application/pdf",
        dated_on=day,
        source=f"prescription:{issued.id}",
    )


@transaction.atomic
def cancel(*, actor: Actor, prescription_id: UUID, reason: str) -> Prescription:
    """Say that an issued prescription holds no more; it stays readable with the mention.

    Twice is once. Raises: DentistSigns, NotIssued, ReasonMissing.
    """
    if not may(actor.roles, "prescriptions.issue"):
        raise refusals.DentistSigns
    words = " ".join(reason.split())[:300]
    found = Prescription.objects.select_for_update().get(id=prescription_id)
    if found.state == State.CANCELLED:
        return found
    if found.state != State.ISSUED or found.document_id is None:
        raise refusals.NotIssued
    if not words:
        raise refusals.ReasonMissing
    found.state, found.cancelled_reason = State.CANCELLED, words
    found.cancelled_at, found.cancelled_as = timezone.now(), actor.person_label
    found.version += 1
    found.save(update_fields=CANCELLED)
    documents.cancel(actor=actor, document_id=found.document_id, reason=words)
    tell(actor, Action.CHANGE, "prescription", found.id, found.patient_id, "cancelled")
    return found


@transaction.atomic
def duplicate(*, actor: Actor, prescription_id: UUID) -> bytes:
    """Return the PDF of an issued prescription again, marked as a duplicate, with who and when.

    It says what the paper said, whoever moved, married or changed her number since.

    Raises: NotIssued, CannotPrint.
    """
    found = Prescription.objects.get(id=prescription_id)
    if found.state != State.ISSUED:
        raise refusals.NotIssued
    content = _set_again(found, papers.duplicate_words(actor.person_label))
    if found.document_id is not None:
        documents.note_printed(actor=actor, document_id=found.document_id)
    tell(actor, Action.PRINT, "prescription", found.id, found.patient_id, "duplicate")
    return content


def copy(prescription_id: UUID, who: str, is_duplicate: bool) -> bytes:
    """Return the PDF of an issued prescription with what a copy of it says; nothing is noted.

    That it was cancelled, and when; that it is a duplicate, and for whom.

    Raises: CannotPrint.
    """
    found = Prescription.objects.get(id=prescription_id)
    said = [papers.duplicate_words(who)] if is_duplicate else []
    if found.cancelled_at is not None:
        day = date_format(timezone.localdate(found.cancelled_at), "j F Y")
        said.insert(0, _("Annulée le %(day)s") % {"day": day})
    return _set_again(found, " · ".join(said))


def _set_again(found: Prescription, mention: str) -> bytes:
    if found.sheet is None:
        # Issued before sheets were kept.
        assert found.author is not None
        found.sheet = prescription_sheet(found, found.author)
    return prescription_pdf(found, mention=mention)
