from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.patients import conflicts, operations, photos, rules
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, SearchKey
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PatientFactory, RelatedPersonFactory
from tests.support.racing import race

NIR = "279035121518989"
TEST_OID = "1.2.250.1.213.1.4.10"

VALUES = {
    "birth_name": "DURAND",
    "birth_first_names": "Marie Anne",
    "born_on": date(1985, 4, 3),
    "sex": "F",
}


def details():
    return list(Line.objects.order_by("number").values_list("action", "object_kind", "detail"))


def test_create_patient_takes_the_next_number(alice, practice):
    first = operations.create_patient(actor=actor(alice), values=VALUES)
    second = operations.create_patient(actor=actor(alice), values=VALUES | {"birth_name": "PETIT"})
    assert (first.file_number, second.file_number) == (1, 2)
    practice.refresh_from_db()
    assert practice.last_file_number == 2


def test_create_patient_that_fails_gives_its_number_back(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.create_patient(actor=actor(alice), values=VALUES | {"sex": "X"})
    assert operations.create_patient(actor=actor(alice), values=VALUES).file_number == 1


def test_create_patient_writes_line_event_and_keys(alice, practice):
    patient = operations.create_patient(actor=actor(alice), values=VALUES)
    assert patient.first_birth_first_name == "Marie"
    line = Line.objects.get()
    assert (line.action, line.patient_id) == ("create", patient.id)
    assert "DURAND" not in str(line.detail)
    event = Event.objects.get()
    assert (event.name, event.practice_id) == ("patient.changed", practice.id)
    assert event.data == {"patient": str(patient.id)}
    assert SearchKey.objects.filter(patient=patient, kind="n", key="durand").exists()


def test_create_patient_refuses_a_field_that_nobody_types(alice):
    with pytest.raises(ValueError, match="file_number"):
        operations.create_patient(actor=actor(alice), values=VALUES | {"file_number": 7})
    assert not Patient.objects.exists()


def test_change_patient_names_the_fields_and_not_the_values(alice, patient):
    operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"town": "Rezé", "mobile_phone": "+33639980001"},
    )
    patient.refresh_from_db()
    assert (patient.town, patient.version) == ("Rezé", 2)
    assert details() == [("change", "patient", {"fields": "mobile_phone,town", "count": 2})]
    assert SearchKey.objects.filter(patient=patient, key="0639980001").exists()


def test_change_patient_without_a_difference_writes_nothing(alice, patient):
    operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"sex": patient.sex}
    )
    patient.refresh_from_db()
    assert patient.version == 1
    assert not Line.objects.exists()


def test_change_of_a_strict_trait_makes_the_identity_provisional(alice, practice):
    patient = PatientFactory.create(practice=practice, identity_status="validee")
    changed = operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"born_on": date(1985, 4, 4)},
    )
    assert changed.identity_status == "provisoire"


def test_change_of_a_telephone_keeps_what_was_proved(alice, practice):
    patient = PatientFactory.create(practice=practice, identity_status="validee")
    changed = operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"town": "Rezé"}
    )
    assert changed.identity_status == "validee"


@pytest.mark.parametrize("other", ["is_doubtful", "is_homonym"])
def test_database_refuses_a_fictitious_identity_with_another_mark(practice, other):
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientFactory.create(practice=practice, is_fictitious=True, **{other: True})


def test_doubtful_identity_loses_its_ins_and_its_status(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="qualifiee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"is_doubtful": True}
    )
    assert (changed.ins_matricule, changed.ins_oid) == ("", "")
    assert changed.identity_status == "provisoire"


def test_change_patient_on_an_older_version_is_told_who_and_what(alice, sarah, patient):
    operations.change_patient(
        actor=actor(sarah), patient_id=patient.id, expected_version=1, values={"town": "Rezé"}
    )
    with pytest.raises(conflicts.ChangedMeanwhile) as refused:
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"town": "Vertou", "email": "a@example.org"},
            seen={"town": "", "email": ""},
        )
    assert sarah.full_name in str(refused.value)
    assert refused.value.version == 2
    assert refused.value.differences == (conflicts.Difference("town", "Rezé", "Vertou"),)
    patient.refresh_from_db()
    assert (patient.town, patient.email) == ("Rezé", "")
    assert refused_lines() == [("change", {"reason": "conflict"})]


def test_change_patient_conflict_without_a_line_still_says_somebody(alice, practice):
    patient = PatientFactory.create(practice=practice, version=4)
    with pytest.raises(conflicts.ChangedMeanwhile, match="Quelqu’un"):
        operations.change_patient(
            actor=actor(alice), patient_id=patient.id, expected_version=3, values={"town": "Rezé"}
        )


def test_change_patient_of_another_practice_does_not_exist(chloe, patient):
    with pytest.raises(Patient.DoesNotExist):
        operations.change_patient(
            actor=actor(chloe), patient_id=patient.id, expected_version=1, values={"town": "X"}
        )


def test_ins_of_another_patient_is_refused(alice, practice, patient):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    with pytest.raises(operations.DuplicateIns):
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"ins_matricule": NIR, "ins_oid": TEST_OID},
        )
    patient.refresh_from_db()
    assert patient.ins_matricule == ""


def test_ins_of_another_patient_is_refused_at_creation(alice, practice):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    with pytest.raises(operations.DuplicateIns):
        operations.create_patient(
            actor=actor(alice), values=VALUES | {"ins_matricule": NIR, "ins_oid": TEST_OID}
        )
    assert Patient.objects.count() == 1


def test_other_broken_constraint_is_not_called_a_duplicate(alice, patient):
    with pytest.raises(IntegrityError):
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"ins_matricule": NIR},
        )


@pytest.mark.parametrize("paper", rules.PAPERS)
def test_check_identity_validates_and_notes_the_paper(alice, patient, paper):
    assert (
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper=paper
        ).identity_status
        == "validee"
    )
    line = Line.objects.get()
    assert line.object_kind == "identity"
    assert line.detail["purpose"] == f"papers {paper.lower()}"


def changed_by(person, patient):
    operations.change_patient(
        actor=actor(person),
        patient_id=patient.id,
        expected_version=patient.version,
        values={"birth_name": "MARTIN"},
    )


def refused_lines():
    return list(Line.objects.filter(result="refused").values_list("action", "detail"))


def test_papers_prove_no_trait_that_was_not_on_screen(alice, sarah, patient):
    changed_by(sarah, patient)
    with pytest.raises(conflicts.ChangedMeanwhile, match=sarah.full_name):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"
    assert refused_lines() == [("change", {"reason": "conflict"})]


@pytest.mark.django_db(transaction=True)
def test_papers_and_a_change_at_once_never_prove_what_was_not_seen(alice, sarah, patient):
    answers = race(
        lambda: operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        ),
        lambda: changed_by(sarah, patient),
    )
    assert sum(isinstance(answer, conflicts.ChangedMeanwhile) for answer in answers) == 1
    patient.refresh_from_db()
    assert (patient.identity_status == "validee") != (patient.birth_name == "MARTIN")
    assert len(refused_lines()) == 1


def test_identity_without_a_birth_date_is_not_proved(alice, practice):
    patient = PatientFactory.create(practice=practice, born_on=rules.UNKNOWN_BIRTH)
    with pytest.raises(operations.BirthDateMissing):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"


def test_check_identity_of_an_unknown_paper_is_refused(alice, patient):
    with pytest.raises(KeyError):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="XX"
        )


def test_check_identity_of_a_doubtful_identity_is_refused(alice, practice):
    patient = PatientFactory.create(practice=practice, is_doubtful=True)
    with pytest.raises(operations.PapersNotEnough):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )


def test_papers_seen_after_the_national_service_qualify(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="recuperee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.check_identity(
        actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
    )
    assert changed.identity_status == "qualifiee"
    assert NIR not in str(Line.objects.get().detail)


def test_qualified_identity_with_another_matricule_is_provisional(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="qualifiee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"ins_matricule": "253072A07300443", "ins_oid": TEST_OID},
    )
    assert changed.identity_status == "provisoire"


@pytest.mark.parametrize("objects", [False, True])
def test_death_stops_all_contact_and_its_correction_keeps_the_objection(alice, practice, objects):
    patient = PatientFactory.create(practice=practice, do_not_contact=objects)
    dead = operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 1)
    )
    assert (dead.died_on, dead.may_be_contacted) == (date(2026, 3, 1), False)
    alive = operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=2, died_on=None
    )
    assert (alive.died_on, alive.do_not_contact) == (None, objects)
    assert alive.may_be_contacted is not objects
    assert details() == [("change", "patient", {"fields": "died_on", "count": 1})] * 2


def test_empty_death_form_erases_no_objection_and_writes_nothing(alice, practice):
    patient = PatientFactory.create(practice=practice, do_not_contact=True)
    operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=None
    )
    patient.refresh_from_db()
    assert (patient.do_not_contact, patient.version) == (True, 1)
    assert not Line.objects.exists()


@pytest.mark.parametrize("day", [date(1980, 1, 1), date(2026, 3, 18)])
def test_death_before_birth_or_to_come_is_refused(alice, patient, day):
    with pytest.raises(operations.ImpossibleDeath):
        operations.record_death(
            actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=day
        )


def test_death_of_two_browsers_is_told_with_both_days(alice, sarah, patient):
    operations.record_death(
        actor=actor(sarah), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 1)
    )
    with pytest.raises(conflicts.ChangedMeanwhile) as refused:
        operations.record_death(
            actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 2)
        )
    assert refused.value.differences == (
        conflicts.Difference("died_on", date(2026, 3, 1), date(2026, 3, 2)),
    )
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)
    assert refused_lines() == [("change", {"reason": "conflict"})]


@pytest.mark.django_db(transaction=True)
def test_deaths_at_once_keep_the_first(alice, sarah, patient):
    def note(person, day):
        return lambda: operations.record_death(
            actor=actor(person),
            patient_id=patient.id,
            expected_version=1,
            died_on=date(2026, 3, day),
        )

    answers = race(note(alice, 1), note(sarah, 2))
    (noted,) = [answer for answer in answers if isinstance(answer, Patient)]
    patient.refresh_from_db()
    assert patient.died_on == noted.died_on
    assert len(refused_lines()) == 1


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


def test_search_writes_the_kind_and_the_count_only(alice, practice):
    PatientFactory.create(practice=practice, birth_name="DURAND")
    assert len(operations.search(actor=actor(alice), text="durand 1985", limit=20)) == 1
    assert details() == [("search", "patient", {"purpose": "birth,name", "count": 1})]


def test_search_of_nothing_writes_nothing(alice):
    assert operations.search(actor=actor(alice), text="  ", limit=20) == []
    assert not Line.objects.exists()


def test_every_search_key_can_be_rebuilt(practice, other_practice):
    for home in (practice, practice, other_practice):
        PatientFactory.create(practice=home)
    before = set(SearchKey.objects.values_list("patient_id", "kind", "key"))
    SearchKey.objects.all().delete()
    assert operations.rebuild_all_search_keys(practice.id, batch=1) == 2
    assert operations.rebuild_all_search_keys() == 3
    assert set(SearchKey.objects.values_list("patient_id", "kind", "key")) == before


@pytest.mark.parametrize(("channel", "field"), [("mail", "refuses_mail"), ("sms", "refuses_sms")])
def test_patient_who_wants_no_more_reminders_is_noted_once(sarah, patient, channel, field):
    for _turn in range(2):
        operations.refuse_reminders(actor=actor(sarah), patient_id=patient.id, channel=channel)
    patient.refresh_from_db()
    assert getattr(patient, field)
    assert patient.version == 2
    assert Line.objects.filter(patient_id=patient.id, action="change").count() == 1


def test_reminders_by_another_channel_are_unknown(sarah, patient):
    with pytest.raises(KeyError):
        operations.refuse_reminders(actor=actor(sarah), patient_id=patient.id, channel="pigeon")
