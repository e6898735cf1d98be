"""Files to drop, and a document already there."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quenotte.care.documents.operations import uploads
from quenotte.devices.paper.typesetting import typeset
from tests.care.people import actor


def sheet(title="Consentement éclairé"):
    """Return a real PDF with one page and this title on it."""
    data = {
        "title": title,
        "author": {"name": "Dr Alice Martin", "lines": []},
        "practice": {"name": "Cabinet des Quenottes", "lines": []},
    }
    return typeset("devices/paper/blank.typ", data, made_at=datetime(2026, 3, 2, tzinfo=UTC))


def picture(kind="PNG"):
    """Return a small picture."""
    kept = BytesIO()
    Image.new("RGB", (8, 6)).save(kept, kind)
    return kept.getvalue()


def dropped(content, name="Compte_rendu.pdf"):
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _inside(monkeypatch):
    """Look into files in this process: the child is tested with ``devices``."""

    from quenotte.devices.paper import apart

    def asked(question, path, *words):
        return apart.answer_of(question, path, *words)

    monkeypatch.setattr(apart, "_asked", asked)


@pytest.fixture
def document(alice, patient):
    """A report that somebody dropped on the record."""
    answer = uploads.try_upload(dropped(sheet("Bilan")), patient_id=patient.id, by=actor(alice))
    assert answer.document_id, answer
    from quenotte.care.documents.models import Document

    return Document.objects.get(id=answer.document_id)
