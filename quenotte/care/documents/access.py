"""The door to a document: through the record that holds it."""

from uuid import UUID

from django.http import Http404

from quenotte.base.audit.rules import Actor
from quenotte.care.documents import rules
from quenotte.care.documents.models import Document
from quenotte.care.patients.access import opened_patient

_READ, _WRITE = "documents.read", "documents.write"


def document_for(actor: Actor, document_id: UUID, *, writing: bool = False) -> Document:
    """Return a document to somebody who may see its record and this kind.

    Read through the door of its patient, which writes at most one line per record opened;
    with ``writing`` the operation that follows leaves its own line.

    Raises: Http404 when unknown, of another practice or of a kind hidden from this person;
    PermissionDenied.
    """
    found = Document.objects.filter(id=document_id)
    document = found.select_related("patient", "current__blob").first()
    if document is None or document.kind in rules.hidden_from(actor.roles):
        raise Http404
    opened_patient(actor, document.patient_id, action=_WRITE if writing else _READ)
    return document
