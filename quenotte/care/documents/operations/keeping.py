"""Entering a document in a record: what rooms make, and what people bring."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.live.operations import publish
from quenotte.care.documents import rules
from quenotte.care.documents.models import Document, DocumentEvent, DocumentVersion
from quenotte.care.documents.operations.refusals import AlreadyThere, NotAPdf, NotKept
from quenotte.devices.paper import reading

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob


@dataclass(frozen=True)
class Content:
    """A file that was looked into: what it is, its pages, its words."""

    media_type: str
    pages: int = 1
    words: str = ""
    file_name: str = ""


def keep(
    *,
    actor: Actor,
    patient_id: UUID,
    kind: str,
    title: str,
    content: bytes,
    content_type: str,
    dated_on: date | None = None,
    source: str = "",
) -> Document:
    """Keep a document that a room made, in the caller's transaction when there is one.

    ``kind`` is a code of ``rules.Kind``; ``content_type`` one of ``rules.ENDINGS``;
    ``source`` names what made it (« prescription:<uuid> »). A kind of ``rules.SEALED`` is then
    sealed: nobody replaces it. The patient was opened by the caller
    (``patients.access``).

    Raises: NotAPdf; NotKept when the type is none of ours; NoRoom when the disk is full.
    """
    looked = looked_into(content, content_type)
    blob = files.keep(content, media_type=content_type)
    return enter(
        actor=actor,
        patient_id=patient_id,
        kind=rules.Kind(kind),
        title=title,
        blob=blob,
        content=looked,
        dated_on=dated_on,
        source=source,
        is_sealed=rules.is_sealed(kind),
    )


def looked_into(content: bytes, content_type: str) -> Content:
    """Return what bytes made here hold. Raises: NotAPdf, NotKept."""
    if content_type not in rules.ENDINGS:
        raise NotKept
    if content_type == rules.TEXT:
        return Content(content_type, words=rules.searched(content.decode("utf-8", "replace")))
    if content_type != rules.PDF:
        return Content(content_type)
    try:
        pages, text = reading.pages_of(content), reading.text_of(content)
    except reading.NotAPdf as error:
        raise NotAPdf from error
    return Content(content_type, pages, rules.searched(text))


@transaction.atomic
def enter(
    *,
    actor: Actor,
    patient_id: UUID,
    kind: rules.Kind,
    title: str,
    blob: "Blob",
    content: Content,
    dated_on: date | None = None,
    source: str = "",
    is_sealed: bool = False,
) -> Document:
    """Write the rows of a document whose bytes are safe."""
    document = Document.objects.create(
        patient_id=patient_id,
        kind=kind.value,
        title=rules.tidy_title(title) or Path(content.file_name).stem or kind.value,
        dated_on=dated_on or timezone.localdate(),
        source=source,
        is_sealed=is_sealed,
        created_at=timezone.now(),
        created_by_id=actor.person_id,
        signed_as=actor.person_label,
    )
    document.current = add_version(actor, document, blob, content, number=1)
    document.save(update_fields=["current"])
    note(actor, document, DocumentEvent.What.KEPT, Action.CREATE)
    return document


def refuse_twins(actor: Actor, patient_id: UUID, sha256: str) -> None:
    """Say where the very same bytes already are in this record, as far as she may read.

    Raises: AlreadyThere.
    """
    versions = DocumentVersion.objects.filter(blob_id=sha256, taken_back_at=None)
    twins = versions.filter(document__patient_id=patient_id).select_related("document")
    twin = twins.order_by(F("document__withdrawn_at").asc(nulls_first=True), "-added_at").first()
    if twin is None:
        return
    found = twin.document
    if found.kind in rules.hidden_from(actor.roles):
        raise AlreadyThere(is_hidden=True)
    raise AlreadyThere(found.title, is_withdrawn=found.withdrawn_at is not None)


def add_version(
    actor: Actor, document: Document, blob: "Blob", content: Content, *, number: int
) -> DocumentVersion:
    """Write one more version of a document."""
    return DocumentVersion.objects.create(
        document=document,
        number=number,
        blob=blob,
        media_type=content.media_type,
        file_name=content.file_name[:160],
        pages=content.pages,
        words=content.words,
        added_at=timezone.now(),
        added_by_id=actor.person_id,
        signed_as=actor.person_label,
    )


def note(
    actor: Actor,
    document: Document,
    what: DocumentEvent.What,
    action: Action,
    *,
    words: str = "",
    from_patient_id: UUID | None = None,
    how: str = "",
) -> None:
    """Tell what was done: on the document's page, to open pages, and in the journal, last.

    ``how`` is the code of the journal's line where ``what`` does not say enough.
    """
    DocumentEvent.objects.create(
        document=document,
        what=what,
        at=timezone.now(),
        by_id=actor.person_id,
        signed_as=actor.person_label,
        words=words[: rules.LONGEST_REASON],
        from_patient_id=from_patient_id,
    )
    for patient_id in filter(None, (document.patient_id, from_patient_id)):
        publish(
            practice_id=actor.practice_id,
            name="patient.changed",
            data={"patient": str(patient_id), "part": "document"},
            audience="documents.read",
        )
    for patient_id in filter(None, (from_patient_id, document.patient_id)):
        audit.record(
            action=action,
            actor=actor,
            patient_id=patient_id,
            object_kind="document",
            object_id=str(document.id),
            detail={"how": how or what.value, "media": document.kind},
        )
