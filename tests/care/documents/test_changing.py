"""A document changes by addition: nothing of it is ever lost."""

from datetime import date

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.files import operations as files
from quenotte.care.documents import operations, queries
from quenotte.care.documents.models import Document, DocumentEvent, DocumentVersion
from quenotte.care.documents.operations import refusals, uploads
from tests.care.documents.conftest import dropped, picture, sheet
from tests.care.people import actor
from tests.factories import PatientFactory
from tests.support.racing import race

OTHER = {
    "empty": (b"", refusals.Empty),
    "program.pdf": (b"MZ\x90\0" + b"\0" * 50, refusals.NotKept),
    "page.html": (b"<html><script>alert(1)</script>", refusals.NotKept),
    "photo.heic": (b"\0\0\0\x18ftypheic", refusals.OtherPicture),
    "lettre.docx": (b"PK\x03\x04", refusals.OfficeFile),
    "cut.pdf": (b"%PDF-1.7 cut", refusals.NotAPdf),
    "cut.png": (picture()[:40], refusals.NotAPicture),
    "program in a text": (b"bonjour" + b" " * 5000 + b"\0\1", refusals.NotKept),
}


def _drop(content, patient, person, name="Compte_rendu.pdf"):
    return uploads.try_upload(dropped(content, name), patient_id=patient.id, by=actor(person))


def _changed(person, document, operation, **given):
    version = given.pop("version", None) or Document.objects.get(id=document.id).version
    return operation(
        actor=actor(person), document_id=document.id, expected_version=version, **given
    )


def _replace(person, document, content, tmp_path, **given):
    path = tmp_path / "new"
    path.write_bytes(content)
    return _changed(person, document, operations.replace, path=path, name="b.pdf", **given)


def test_a_dropped_file_is_named_typed_and_searchable(patient, document):
    assert (document.title, document.kind) == ("Compte rendu", "report")
    assert not document.is_sealed
    assert [one.id for one in queries.listed(patient.id, (), asked="bil")] == [document.id]
    assert [one.id for one in queries.listed(patient.id, (), asked="CR compte rendu")] == []
    assert [one.id for one in queries.listed(patient.id, (), asked="compte BILAN")] == [document.id]
    assert queries.listed(patient.id, (), kind="letter") == []


@pytest.mark.parametrize("name", OTHER)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(alice, patient, name):
    content, refusal = OTHER[name]
    answer = _drop(content, patient, alice, name)
    assert (answer.is_kept, answer.words) == (False, str(refusal()))
    assert "perdu" in answer.words
    assert not Document.objects.exists()
    assert Line.objects.get().result == "refused"


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("locked", refusals.Locked), ("slow", refusals.TooLong), ("large", refusals.TooManyPixels)],
)
def test_what_the_child_process_refuses_is_said(alice, patient, monkeypatch, reason, refusal):
    from quenotte.devices.paper import apart

    def no(*_words):
        raise apart.Unreadable(reason)

    monkeypatch.setattr(apart, "_asked", no)
    assert _drop(sheet(), patient, alice).words == str(refusal())


def test_a_huge_file_and_a_full_disk_are_refused(alice, patient, monkeypatch, settings):
    monkeypatch.setattr("quenotte.care.documents.operations.looking.LARGEST_BYTES", 10)
    assert _drop(sheet(), patient, alice).words == str(refusals.TooBig())
    monkeypatch.undo()
    settings.DISK_FLOOR_BYTES = 10**18
    answer = _drop(picture(), patient, alice)
    assert (answer.is_kept, "espace disque" in answer.words) == (False, True)
    assert not Document.objects.exists()


def test_the_same_file_twice_is_told_once_kept(alice, patient, document):
    again = _drop(sheet("Bilan"), patient, alice, "autre nom.pdf")
    assert (again.is_kept, "« Compte rendu »" in again.words) == (False, True)
    assert Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_drop_the_same_file(alice, bob, patient):
    answers = race(lambda: _drop(picture(), patient, alice), lambda: _drop(picture(), patient, bob))
    assert sorted("Ajouté" in str(answer) for answer in answers) == [False, True]
    assert Document.objects.count() == 1


def test_a_description_is_corrected_and_the_former_is_told(alice, document):
    given = {"title": "Bilan sanguin", "kind": "laboratory", "dated_on": date(2026, 1, 5)}
    changed = _changed(alice, document, operations.describe, **given)
    assert (changed.title, changed.version) == ("Bilan sanguin", 2)
    assert "Compte rendu" in DocumentEvent.objects.filter(what="described").get().words
    _changed(alice, document, operations.describe, **given)
    assert DocumentEvent.objects.filter(what="described").count() == 1


def test_a_replacement_destroys_nothing_and_is_undone(alice, document, tmp_path):
    first = document.current_id
    changed = _replace(alice, document, picture(), tmp_path)
    assert (changed.current.number, changed.current.media_type) == (2, "image/png")
    old = DocumentVersion.objects.get(id=first)
    assert files.local_path(old.blob).read_bytes() == sheet("Bilan")
    back = _changed(alice, document, operations.take_back)
    assert back.current_id == first
    assert _replace(alice, document, picture("JPEG"), tmp_path).current.number == 3
    _changed(alice, document, operations.take_back)
    with pytest.raises(refusals.NothingToTakeBack):
        _changed(alice, document, operations.take_back)


def test_what_was_taken_back_may_come_again(alice, document, tmp_path):
    _replace(alice, document, picture(), tmp_path)
    with pytest.raises(refusals.AlreadyThere):
        _replace(alice, document, picture(), tmp_path)
    _changed(alice, document, operations.take_back)
    assert _replace(alice, document, picture(), tmp_path).current.number == 3


def test_a_document_is_withdrawn_for_a_reason_and_put_back(alice, patient, document, tmp_path):
    with pytest.raises(refusals.NoReason):
        _changed(alice, document, operations.withdraw, reason=" ")
    _changed(alice, document, operations.withdraw, reason="Numérisation ratée")
    assert queries.listed(patient.id, ()) == []
    assert [one.id for one in queries.listed(patient.id, (), withdrawn=True)] == [document.id]
    with pytest.raises(refusals.Withdrawn):
        _replace(alice, document, picture(), tmp_path)
    _changed(alice, document, operations.restore)
    _changed(alice, document, operations.restore)
    assert [one.id for one in queries.listed(patient.id, ())] == [document.id]
    assert DocumentEvent.objects.filter(what="restored").count() == 1


def test_a_document_of_another_patient_moves_and_both_records_tell(
    alice, practice, patient, document
):
    other = PatientFactory.create(practice=practice)
    _changed(alice, document, operations.move, patient_id=other.id)
    assert Document.objects.get(id=document.id).patient_id == other.id
    assert [one.document_id for one in queries.taken_from(patient.id, ())] == [document.id]
    lines = Line.objects.filter(action="file")
    assert {line.patient_id for line in lines} == {patient.id, other.id}
    _changed(alice, document, operations.move, patient_id=other.id)
    assert DocumentEvent.objects.filter(what="moved").count() == 1


def test_a_document_never_leaves_the_practice(alice, document):
    with pytest.raises(refusals.NotOurPatient):
        _changed(alice, document, operations.move, patient_id=PatientFactory.create().id)


def test_a_stale_page_changes_nothing(alice, document):
    _changed(alice, document, operations.withdraw, reason="Doublon")
    with pytest.raises(refusals.Changed):
        _changed(alice, document, operations.restore, version=1)


def test_what_was_made_here_is_cancelled_with_a_mention_and_nothing_else(alice, patient, tmp_path):
    made = operations.keep(
        actor=actor(alice),
        patient_id=patient.id,
        kind="consent",
        title="Consentement",
        content=sheet(),
        content_type="application/pdf",
        source="consent:1",
    )
    for operation, given in (
        (operations.withdraw, {"reason": "x"}),
        (operations.take_back, {}),
        (operations.move, {"patient_id": patient.id}),
    ):
        with pytest.raises(refusals.Sealed):
            _changed(alice, made, operation, **given)
    with pytest.raises(refusals.Sealed):
        _replace(alice, made, picture(), tmp_path)
    operations.cancel(actor=actor(alice), document_id=made.id, reason="Mauvaise dent")
    operations.cancel(actor=actor(alice), document_id=made.id, reason="Encore")
    kept = queries.made_by("consent:1")
    assert kept is not None
    assert kept.cancelled_reason == "Mauvaise dent"
    assert [one.cancelled_at is None for one in queries.listed(patient.id, ())] == [False]
