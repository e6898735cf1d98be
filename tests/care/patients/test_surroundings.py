"""Photo, relatives and medical alerts."""

from io import BytesIO

import pytest
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.care.patients import conflicts, operations, photos
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, SearchKey
from tests.care.patients.typed import details, refused_lines
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, RelatedPersonFactory
from tests.support.racing import race


def picture(kind="JPEG", size=(800, 600), **options):
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, format=kind, **options)
    return out.getvalue()


def test_photo_is_small_upright_and_tells_nothing(alice, patient):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010F] = "Appareil"
    blob = operations.set_photo(
        actor=actor(alice), patient_id=patient.id, seen="", content=picture(exif=exif)
    ).photo
    assert blob is not None
    assert blob.media_type == "image/jpeg"
    kept = Image.open(BytesIO(photos.cleaned(picture(exif=exif))))
    assert kept.size == (240, 320)
    assert not kept.getexif()
    assert details() == [("change", "patient", {"fields": "photo", "count": 1})]
    patient.refresh_from_db()
    assert patient.version == 1


def test_photo_can_be_removed(alice, patient):
    kept = operations.set_photo(
        actor=actor(alice), patient_id=patient.id, seen="", content=picture("PNG")
    )
    removed = operations.remove_photo(
        actor=actor(alice), patient_id=patient.id, seen=kept.photo_id or ""
    )
    assert removed.photo is None


def test_photo_that_another_replaced_is_not_overwritten_nor_removed(alice, sarah, patient):
    hers = operations.set_photo(
        actor=actor(sarah), patient_id=patient.id, seen="", content=picture()
    ).photo
    with pytest.raises(conflicts.PhotoChanged, match="Rien n’a été écrasé"):
        operations.set_photo(
            actor=actor(alice), patient_id=patient.id, seen="", content=picture(size=(90, 90))
        )
    with pytest.raises(conflicts.PhotoChanged):
        operations.remove_photo(actor=actor(alice), patient_id=patient.id, seen="0" * 64)
    patient.refresh_from_db()
    assert patient.photo == hers
    assert refused_lines() == [("change", {"reason": "conflict"})] * 2


@pytest.mark.django_db(transaction=True)
def test_photos_at_once_keep_the_first(alice, sarah, patient):
    def keep(person, size):
        return lambda: operations.set_photo(
            actor=actor(person), patient_id=patient.id, seen="", content=picture(size=size)
        )

    answers = race(keep(alice, (80, 60)), keep(sarah, (60, 80)))
    (kept,) = [answer for answer in answers if isinstance(answer, Patient)]
    patient.refresh_from_db()
    assert patient.photo_id == kept.photo_id
    assert len(refused_lines()) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg/>", picture()[:100], picture("GIF"), b"x" * (photos.MAX_BYTES + 1)],
    ids=["empty", "cut gif", "svg", "cut jpeg", "gif", "too heavy"],
)
def test_photo_that_is_none_is_refused(alice, patient, content):
    with pytest.raises(photos.NotAPhoto):
        operations.set_photo(actor=actor(alice), patient_id=patient.id, seen="", content=content)
    patient.refresh_from_db()
    assert patient.photo is None


def test_photo_with_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(photos, "MAX_PIXELS", 100)
    with pytest.raises(photos.NotAPhoto):
        photos.cleaned(picture())


def test_relative_is_added_found_by_telephone_and_ended(alice, patient):
    person = operations.add_related_person(
        actor=actor(alice),
        patient_id=patient.id,
        values={"relation": "guardian", "full_name": "Anne Petit", "phone": "+33639980009"},
    )
    assert SearchKey.objects.filter(patient=patient, key="0639980009").exists()
    operations.end_related_person(actor=actor(alice), patient_id=patient.id, related_id=person.id)
    assert RelatedPerson.objects.get().ended_at is not None
    assert not SearchKey.objects.filter(patient=patient, key="0639980009").exists()
    assert [kind for _action, kind, _detail in details()] == ["related", "related"]


def test_relative_of_another_patient_is_not_ended(alice, practice, patient):
    person = RelatedPersonFactory.create(patient__practice=practice)
    with pytest.raises(RelatedPerson.DoesNotExist):
        operations.end_related_person(
            actor=actor(alice), patient_id=patient.id, related_id=person.id
        )


def test_alert_of_the_list_takes_its_words(alice, patient):
    alert = operations.add_alert(actor=actor(alice), patient_id=patient.id, code="latex")
    assert (alert.kind, alert.severity, alert.label) == ("allergy", "danger", "Latex")
    assert "latex" not in str(Line.objects.get().detail)


def shown_alerts(patient):
    return list(
        MedicalAlert.objects.filter(patient=patient, ended_at=None).values_list("label", "details")
    )


def test_alert_given_twice_is_completed_not_doubled(alice, patient):
    bare = operations.add_alert(actor=actor(alice), patient_id=patient.id, code="latex")
    operations.add_alert(
        actor=actor(alice), patient_id=patient.id, code="latex", details="choc en 2019"
    )
    assert shown_alerts(patient) == [("Latex", "choc en 2019")]
    bare.refresh_from_db()
    assert bare.ended_at is not None


@pytest.mark.parametrize("details", ["choc en 2019", ""])
def test_alert_that_says_nothing_new_writes_nothing(alice, patient, details):
    noted = MedicalAlertFactory.create(
        patient=patient, code="latex", label="Latex", details="choc en 2019"
    )
    again = operations.add_alert(
        actor=actor(alice), patient_id=patient.id, code="latex", details=details
    )
    assert again == noted
    assert not Line.objects.exists()


def test_alert_with_other_words_is_refused_with_both(alice, patient):
    noted = MedicalAlertFactory.create(
        patient=patient, code="latex", label="Latex", details="choc en 2019"
    )
    with pytest.raises(conflicts.AlertNotedOtherwise, match="Rien n’a été écrasé") as refused:
        operations.add_alert(
            actor=actor(alice), patient_id=patient.id, code="latex", details="urticaire"
        )
    assert refused.value.alert_id == noted.id
    assert refused.value.differences == (
        conflicts.Difference("details", "choc en 2019", "urticaire"),
    )
    assert shown_alerts(patient) == [("Latex", "choc en 2019")]
    line = Line.objects.get()
    assert (line.action, line.result, line.detail) == ("change", "refused", {"reason": "conflict"})
    assert (line.patient_id, line.person_id) == (patient.id, alice.id)


def test_alert_whose_words_were_read_is_replaced_and_kept(alice, patient):
    noted = MedicalAlertFactory.create(
        patient=patient, code="latex", label="Latex", details="choc en 2019"
    )
    typed = {"actor": actor(alice), "patient_id": patient.id, "code": "latex"}
    operations.add_alert(**typed, details="choc en 2019, urticaire", replaces=noted.id)
    assert shown_alerts(patient) == [("Latex", "choc en 2019, urticaire")]
    noted.refresh_from_db()
    assert (noted.details, noted.ended_at is None) == ("choc en 2019", False)
    # The row that was read is no longer the one that is shown.
    with pytest.raises(conflicts.AlertNotedOtherwise):
        operations.add_alert(**typed, details="bénigne", replaces=noted.id)


def test_free_alert_of_another_severity_is_refused_with_both(alice, patient):
    free = {"kind": "allergy", "label": "Fraises"}
    typed = {"actor": actor(alice), "patient_id": patient.id, **free}
    noted = operations.add_alert(**typed, severity="danger", details="œdème")
    with pytest.raises(conflicts.AlertNotedOtherwise) as refused:
        operations.add_alert(**typed, severity="info")
    assert refused.value.differences == (conflicts.Difference("severity", "danger", "info"),)
    operations.add_alert(**typed, severity="info", replaces=noted.id)
    assert shown_alerts(patient) == [("Fraises", "œdème")]


@pytest.mark.django_db(transaction=True)
def test_alert_of_two_browsers_keeps_the_first_words(alice, bob, patient):
    def add(person, details):
        return lambda: operations.add_alert(
            actor=actor(person), patient_id=patient.id, code="latex", details=details
        )

    answers = race(add(alice, "choc en 2019"), add(bob, "urticaire"))
    (refused,) = [one for one in answers if isinstance(one, conflicts.AlertNotedOtherwise)]
    (added,) = [one for one in answers if isinstance(one, MedicalAlert)]
    assert shown_alerts(patient) == [("Latex", added.details)]
    assert refused.differences[0].theirs == added.details
    assert sorted(Line.objects.values_list("result", flat=True)) == ["ok", "refused"]


def test_free_alert(alice, patient):
    alert = operations.add_alert(
        actor=actor(alice),
        patient_id=patient.id,
        kind="allergy",
        severity="attention",
        label="Fraises",
    )
    assert (alert.code, alert.label) == ("", "Fraises")


def test_alert_of_an_unknown_code_is_refused(alice, patient):
    with pytest.raises(KeyError):
        operations.add_alert(actor=actor(alice), patient_id=patient.id, code="dragon")


def test_ended_alert_stays_in_the_record(alice, patient):
    alert = MedicalAlertFactory.create(patient=patient)
    operations.end_alert(actor=actor(alice), patient_id=patient.id, alert_id=alert.id)
    alert.refresh_from_db()
    assert alert.ended_at is not None
    with pytest.raises(MedicalAlert.DoesNotExist):
        operations.end_alert(actor=actor(alice), patient_id=patient.id, alert_id=alert.id)
