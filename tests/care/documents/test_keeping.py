"""What a room makes enters the record, whole, and says so."""

from datetime import UTC, date, datetime

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.documents import operations
from quenotte.care.documents.models import Document
from quenotte.devices.paper.typesetting import typeset
from tests.care.people import actor

SHEET = {
    "title": "Consentement éclairé",
    "author": {"name": "Dr Alice Martin", "lines": []},
    "practice": {"name": "Cabinet des Quenottes", "lines": []},
}


@pytest.fixture(scope="module")
def pdf():
    return typeset("devices/paper/blank.typ", SHEET, made_at=datetime(2026, 3, 2, tzinfo=UTC))


def test_what_a_room_makes_is_in_the_record(alice, patient, pdf):
    kept = operations.keep(
        actor=actor(alice),
        patient_id=patient.id,
        kind="consent",
        title="  Consentement\n16 ",
        content=pdf,
        content_type="application/pdf",
        dated_on=date(2026, 3, 2),
        source="consent:1",
    )
    document = Document.objects.select_related("current__blob").get(id=kept.id)
    assert (document.title, document.dated_on) == ("Consentement 16", date(2026, 3, 2))
    assert document.current is not None
    assert (document.is_sealed, document.signed_as) == (True, alice.full_name)
    assert (document.current.pages, document.current.number) == (1, 1)
    assert "consentement eclaire" in document.current.words
    assert document.current.blob.size_bytes == len(pdf)
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == (
        "create",
        "document",
        str(document.id),
    )
    assert Event.objects.get().audience == "documents.read"


@pytest.mark.parametrize(
    ("content", "content_type", "refusal"),
    [
        (b"%PDF-1.7 cut", "application/pdf", operations.NotAPdf),
        (b"MZ", "application/x-msdownload", operations.NotKept),
    ],
)
def test_what_cannot_be_read_is_not_kept(alice, patient, content, content_type, refusal):
    with pytest.raises(refusal):
        operations.keep(
            actor=actor(alice),
            patient_id=patient.id,
            kind="other",
            title="x",
            content=content,
            content_type=content_type,
        )
    assert not Document.objects.exists()
