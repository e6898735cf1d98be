"""What happens to a document once it is kept: described, replaced, hidden, moved, cancelled."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.documents import copies, rules
from quenotte.care.documents.models import Document, DocumentEvent, DocumentVersion
from quenotte.care.documents.operations import refusals
from quenotte.care.documents.operations.keeping import add_version, note, refuse_twins
from quenotte.care.documents.operations.looking import content_of
from quenotte.care.documents.operations.uploads import lock_record

What = DocumentEvent.What

#: For how long a page that was drawn before its file was saved gets that same file again.
_SAME_CLICK: Final = timedelta(minutes=2)


@transaction.atomic
def describe(
    *,
    actor: Actor,
    document_id: UUID,
    expected_version: int,
    title: str,
    kind: str,
    dated_on: date,
) -> Document:
    """Correct the title, the kind or the date of a document that somebody brought.

    Raises: Changed, Sealed, Withdrawn.
    """
    document = _open(document_id, expected_version)
    before = _described(document)
    document.title = rules.tidy_title(title) or document.title
    document.kind, document.dated_on = rules.Kind(kind).value, dated_on
    after = _described(document)
    if after != before:
        _save(document, "title", "kind", "dated_on")
        note(actor, document, What.DESCRIBED, Action.CHANGE, words=before)
    return document


def replace(
    *, actor: Actor, document_id: UUID, expected_version: int, path: Path, name: str
) -> Document:
    """Add a newer version; the older ones stay, one click away. The file may be moved away.

    Raises: Changed, Sealed, Withdrawn, AlreadyThere, and what refuses a file.
    """
    content = content_of(path, name)
    blob = files.keep(path, media_type=content.media_type, move=True)
    with transaction.atomic():
        document = _open(document_id, expected_version)
        refuse_twins(actor, document.patient_id, blob.sha256)
        last = document.versions.aggregate(last=Max("number"))["last"] or 0
        document.current = add_version(actor, document, blob, content, number=last + 1)
        _save(document, "current")
        note(actor, document, What.REPLACED, Action.CHANGE)
    return document


@transaction.atomic
def take_back(*, actor: Actor, document_id: UUID, expected_version: int) -> Document:
    """Undo the last replacement: the version before it is shown again.

    Raises: Changed, Sealed, Withdrawn, NothingToTakeBack.
    """
    document = _open(document_id, expected_version)
    shown = document.versions.filter(taken_back_at=None).order_by("-number")[:2]
    if len(shown) < 2:
        raise refusals.NothingToTakeBack
    last, before = shown
    DocumentVersion.objects.filter(id=last.id).update(taken_back_at=timezone.now())
    document.current = before
    _save(document, "current")
    note(actor, document, What.TAKEN_BACK, Action.CHANGE)
    return document


@transaction.atomic
def withdraw(*, actor: Actor, document_id: UUID, expected_version: int, reason: str) -> Document:
    """Hide a document from its record, for a reason; it stays among the withdrawn ones.

    Raises: Changed, Sealed, Withdrawn, NoReason.
    """
    document = _open(document_id, expected_version)
    document.withdrawn_at, document.withdrawn_reason = timezone.now(), _reason(reason)
    _save(document, "withdrawn_at", "withdrawn_reason")
    note(actor, document, What.WITHDRAWN, Action.CHANGE, words=document.withdrawn_reason)
    return document


@transaction.atomic
def restore(*, actor: Actor, document_id: UUID, expected_version: int) -> Document:
    """Put a withdrawn document back. Raises: Changed."""
    document = _locked(document_id, expected_version)
    if document.withdrawn_at is not None:
        document.withdrawn_at, document.withdrawn_reason = None, ""
        _save(document, "withdrawn_at", "withdrawn_reason")
        note(actor, document, What.RESTORED, Action.CHANGE)
    return document


@transaction.atomic
def move(*, actor: Actor, document_id: UUID, expected_version: int, patient_id: UUID) -> Document:
    """Give a document to the patient whose it is; both records tell of it.

    Raises: Changed, Sealed, Withdrawn, NotOurPatient; AlreadyThere when the other record holds
    the same file.
    """
    document = _open(document_id, expected_version)
    lock_record(actor.own_practice_id, patient_id)
    if document.patient_id == patient_id:
        return document
    assert document.current is not None
    refuse_twins(actor, patient_id, document.current.blob_id)
    former, document.patient_id = document.patient_id, patient_id
    _save(document, "patient")
    note(actor, document, What.MOVED, Action.FILE, from_patient_id=former)
    return document


@transaction.atomic
def cancel(*, actor: Actor, document_id: UUID, reason: str) -> Document:
    """Say that a document made here holds no more; it stays readable, with the mention.

    For the room that made it. Twice is once.

    Raises: NoReason.
    """
    document = _locked(document_id)
    if document.cancelled_at is None:
        document.cancelled_at, document.cancelled_reason = timezone.now(), _reason(reason)
        _save(document, "cancelled_at", "cancelled_reason")
        note(actor, document, What.CANCELLED, Action.CHANGE, words=document.cancelled_reason)
    return document


@transaction.atomic
def cancel_made(
    *, actor: Actor, patient_id: UUID, kind: str, since: datetime, reason: str
) -> list[Document]:
    """Cancel the papers of a kind that were made here for a patient since an instant.

    For the room that made them, when they name what holds no more. Raises: NoReason.
    """
    rows = Document.objects.filter(
        patient_id=patient_id, kind=kind, is_sealed=True, created_at__gte=since, cancelled_at=None
    )
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return [cancel(actor=actor, document_id=one, reason=reason) for one in ids]


@transaction.atomic
def note_printed(*, actor: Actor, document_id: UUID) -> bool:
    """Write that a document goes to the printer; tell whether it was handed out already.

    Of two that ask at once, the second is a duplicate.
    """
    document = _locked(document_id)
    was_out = _handed_out(document).exists()
    note(actor, document, What.PRINTED, Action.PRINT)
    return was_out


@transaction.atomic
def hand_out(*, actor: Actor, document_id: UUID, known: int | None = None) -> bytes | None:
    """Write that the file of a document was saved; return its marked copy, None: the original.

    Of a document that is handed out once (``copies``): what was printed or saved before is a
    duplicate, what was cancelled says so. Nothing is written when there is nothing to save.

    ``known`` is the last time it was handed out that the page told of (``last_out``). A second
    click, or a retry after a cut, gets what the first got, and nothing is written twice.

    Raises: Missing when the bytes of the original are not there; AlreadyOut when it would be a
        duplicate and the page did not say so; what the room that made it declines.
    """
    document = _locked(document_id)
    out = _handed_out(document)
    since = list(out.filter(id__gt=known)) if known is not None else []
    if not all(_is_same_click(one, document, actor) for one in since):
        raise refusals.AlreadyOut
    was_out = out.exclude(id__in=[one.id for one in since]).exists()
    is_original = not was_out and document.cancelled_at is None
    if not since:
        how = "downloaded" if is_original else "downloaded_copy"
        note(actor, document, What.PRINTED, Action.PRINT, words=_("Fichier téléchargé"), how=how)
    if is_original:
        assert document.current is not None
        files.local_path(document.current.blob)
        return None
    return copies.copy_of(document, actor.person_label, is_duplicate=was_out)


def _handed_out(document: Document) -> QuerySet[DocumentEvent]:
    """Return when a document was printed or saved."""
    return DocumentEvent.objects.filter(document=document, what=What.PRINTED)


def _is_same_click(event: DocumentEvent, document: Document, actor: Actor) -> bool:
    """Tell whether somebody who saves a file asks for what she was given a moment ago."""
    is_saved = event.by_id == actor.person_id and bool(event.words)
    is_still_so = document.cancelled_at is None or document.cancelled_at <= event.at
    return is_saved and is_still_so and timezone.now() - event.at < _SAME_CLICK


def _open(document_id: UUID, expected_version: int) -> Document:
    """Return a document that may still change, locked."""
    document = _locked(document_id, expected_version)
    if document.is_sealed:
        raise refusals.Sealed
    if document.withdrawn_at is not None:
        raise refusals.Withdrawn
    return document


def _locked(document_id: UUID, expected_version: int | None = None) -> Document:
    document = Document.objects.select_for_update().get(id=document_id)
    if expected_version is not None and document.version != expected_version:
        raise refusals.Changed
    return document


def _save(document: Document, *fields: str) -> None:
    document.version += 1
    document.save(update_fields=[*fields, "version"])


def _reason(text: str) -> str:
    words = rules.tidy_title(text)
    if not words:
        raise refusals.NoReason
    return words


def _described(document: Document) -> str:
    return _("%(title)s · %(kind)s · %(day)s") % {
        "title": document.title,
        "kind": document.get_kind_display(),
        "day": f"{document.dated_on:%d/%m/%Y}",
    }
