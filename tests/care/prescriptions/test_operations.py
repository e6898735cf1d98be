"""A draft changes, a paper never does; numbers have no gap and nothing is issued twice."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quenotte.base.audit.models import Line as JournalLine
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.documents.operations import CannotPrint
from quenotte.care.prescriptions import operations, queries
from quenotte.care.prescriptions.models import (
    Drug,
    Letter,
    Prescription,
    PrescriptionCounter,
)
from quenotte.care.prescriptions.operations import Written, refusals
from quenotte.care.prescriptions.rules.lines import Line, to_json
from quenotte.devices.paper import codes, reading
from tests.care.people import actor
from tests.factories import (
    MedicalAlertFactory,
    PatientFactory,
    PrescriptionFactory,
)
from tests.support.racing import race

AMOX = Line("Amoxicilline", "gélule", "500 mg", "2 gélules", 2, 7, "QSP 7 jours")


def begun(person, patient, *found, **given):
    draft = operations.begin(actor=actor(person), patient_id=patient.id)
    written = Written(found or (AMOX,), **given)
    return operations.save(
        actor=actor(person), prescription_id=draft.id, expected_version=1, written=written
    )


def issued(person, draft, seen=frozenset(), confirmed=frozenset()):
    return operations.issue(
        actor=actor(person),
        prescription_id=draft.id,
        expected_version=draft.version,
        seen=frozenset(seen),
        confirmed=frozenset(confirmed),
    )


def pdf_of(paper):
    from quenotte.base.files.operations import local_path

    document = Document.objects.select_related("current__blob").get(id=paper.document_id)
    assert document.current is not None
    return local_path(document.current.blob).read_bytes()


def test_an_issued_prescription_is_numbered_kept_and_says_who_what_when(alice, practice, patient):
    type(practice).objects.filter(id=practice.id).update(
        address="1 rue des Essais", town="Nantes", finess="750712184", phone="+33199001234"
    )
    type(alice).objects.filter(id=alice.id).update(rpps="10002422979")
    operations.save_prescriber(
        actor=actor(alice), values={"am_number": "444000001", "speciality": "", "paper": "a4"}
    )
    paper = issued(alice, begun(alice, patient, AMOX, remarks="À revoir"))
    text = reading.text_of(pdf_of(paper))
    for words in (
        "Amoxicilline 500 mg, gélule", "2 gélules 2 fois par jour pendant 7 jours", "QSP 7 jours",
        "À revoir", "RPPS 10002422979", "N° AM 444000001", "FINESS 750712184", "1 rue des Essais",
        alice.full_name, patient.full_name, "Ordonnance n° 1", "Nantes, le 17 mars 2026",
        "1 ligne prescrite",
    ):  # fmt: skip
        assert words in text, words
    assert "INS :" not in text
    assert (paper.number, paper.paper, paper.document.is_sealed) == (1, "a4", True)
    assert "amoxicilline" in Document.objects.get().title.lower()
    assert JournalLine.objects.filter(object_kind="prescription", action="create").count() == 2


def test_the_matricule_is_on_paper_for_a_qualified_identity_alone(alice, practice):
    proved = {"ins_matricule": "279035121518989", "ins_oid": "1.2.250.1.213.1.4.10"}
    for status, is_there in (("validee", False), ("qualifiee", True)):
        patient = PatientFactory.create(
            practice=practice, identity_status=status, birth_name=f"Essai {status}", **proved
        )
        content = pdf_of(issued(alice, begun(alice, patient)))
        assert ("INS :" in reading.text_of(content)) is is_there
        if is_there:
            read = codes.read(reading.picture_of(content, width_px=1400))
            assert [text[:4] for text in read] == ["IS01"]
        type(patient).objects.filter(id=patient.id).update(ins_matricule="", ins_oid="")


def test_numbers_follow_one_another_for_each_dentist(alice, practice, patient):
    from tests.factories import PersonFactory

    hugo = PersonFactory.create(practice=practice)
    numbers = [issued(who, begun(who, patient)).number for who in (alice, alice, hugo, alice)]
    assert numbers == [1, 2, 1, 3]


def test_what_fails_leaves_no_gap(alice, patient, monkeypatch):
    draft = begun(alice, patient)

    def no(*_args, **_given):
        raise CannotPrint

    with monkeypatch.context() as broken:
        broken.setattr("quenotte.care.prescriptions.operations.issuing.prescription_pdf", no)
        with pytest.raises(CannotPrint):
            issued(alice, draft)
    assert not PrescriptionCounter.objects.exists()
    assert issued(alice, draft).number == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_issues_once(alice, patient):
    draft = begun(alice, patient)
    answers = race(lambda: issued(alice, draft), lambda: issued(alice, draft))
    assert [getattr(one, "number", one) for one in answers] == [1, 1]
    assert (Document.objects.count(), PrescriptionCounter.objects.get().last) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_prescriptions_at_once_have_two_numbers(alice, patient):
    drafts = [begun(alice, patient), begun(alice, patient)]
    answers = race(*(lambda one=one: issued(alice, one) for one in drafts))
    assert sorted(getattr(one, "number", 0) for one in answers) == [1, 2]


def test_only_a_dentist_issues_what_an_assistant_prepared(alice, bob, patient):
    draft = begun(bob, patient)
    with pytest.raises(refusals.DentistSigns):
        issued(bob, draft)
    paper = issued(alice, draft)
    assert (paper.created_by_id, paper.author_id, paper.signed_as) == (
        bob.id,
        alice.id,
        alice.full_name,
    )


def test_a_grave_reminder_is_confirmed_and_written_down(alice, patient):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    draft = begun(alice, patient)
    with pytest.raises(refusals.NotSeen):
        issued(alice, draft)
    seen = {"penicillin:penicillins"}
    with pytest.raises(refusals.NotConfirmed, match="Allergie aux pénicillines"):
        issued(alice, draft, seen)
    assert Prescription.objects.get().state == "draft"
    paper = issued(alice, draft, seen, seen)
    assert JournalLine.objects.get(detail__how="issued").detail["state"] == "confirmed"
    assert paper.reminders[0]["code"] == "penicillin:penicillins"
    assert paper.reminders[0]["line"] == "Amoxicilline 500 mg, gélule"


def test_an_issued_prescription_never_changes(alice, patient):
    paper = issued(alice, begun(alice, patient))
    with pytest.raises(refusals.AlreadyIssued):
        operations.save(
            actor=actor(alice), prescription_id=paper.id, expected_version=paper.version,
            written=Written(()),
        )  # fmt: skip
    with pytest.raises(refusals.AlreadyIssued):
        operations.drop(
            actor=actor(alice), prescription_id=paper.id, expected_version=paper.version
        )


def test_two_people_on_one_draft_overwrite_nothing(alice, bob, patient):
    draft = begun(alice, patient)
    with pytest.raises(refusals.PaperChanged):
        operations.save(
            actor=actor(bob), prescription_id=draft.id, expected_version=1,
            written=Written((Line("Autre"),)),
        )  # fmt: skip
    assert queries.issued_lines(Prescription.objects.get()) == [AMOX]


def test_an_empty_or_endless_prescription_is_refused(alice, patient):
    empty = operations.begin(actor=actor(alice), patient_id=patient.id)
    with pytest.raises(refusals.NothingPrescribed):
        issued(alice, empty)
    with pytest.raises(refusals.TooManyLines):
        begun(alice, patient, *([AMOX] * 21))


def test_a_prescription_is_cancelled_for_a_reason_with_its_document(alice, bob, patient):
    paper = issued(alice, begun(alice, patient))

    def cancelled(person, reason):
        return operations.cancel(actor=actor(person), prescription_id=paper.id, reason=reason)

    with pytest.raises(refusals.DentistSigns):
        cancelled(bob, "x")
    with pytest.raises(refusals.ReasonMissing):
        cancelled(alice, "  ")
    assert cancelled(alice, "Erreur de dose").state == "cancelled"
    assert cancelled(alice, "Encore").cancelled_reason == "Erreur de dose"
    assert Document.objects.get().cancelled_reason == "Erreur de dose"
    with pytest.raises(refusals.NotIssued):
        operations.duplicate(actor=actor(alice), prescription_id=paper.id)
    with pytest.raises(refusals.NotIssued):
        operations.cancel(actor=actor(alice), prescription_id=begun(alice, patient).id, reason="x")


def test_a_duplicate_says_so_with_who_and_when(alice, bob, patient):
    paper = issued(alice, begun(alice, patient))
    text = reading.text_of(operations.duplicate(actor=actor(bob), prescription_id=paper.id))
    assert "DUPLICATA" in text
    assert f"Duplicata du 17 mars 2026, par {bob.full_name}" in text
    assert JournalLine.objects.filter(action="print", object_kind="prescription").count() == 1


def test_a_duplicate_says_what_the_paper_said_whatever_changed_since(alice, practice, patient):
    paper = issued(alice, begun(alice, patient))
    first = reading.text_of(pdf_of(paper))
    type(practice).objects.filter(id=practice.id).update(name="Cabinet déménagé", town="Brest")
    type(patient).objects.filter(id=patient.id).update(birth_name="Mariée", used_name="Mariée")
    type(alice).objects.filter(id=alice.id).update(last_name="Changée", rpps="10002422979")
    again = reading.text_of(operations.duplicate(actor=actor(alice), prescription_id=paper.id))
    assert set(first.split()) <= set(again.split())
    for words in ("déménagé", "Brest", "Mariée", "Changée", "10002422979"):
        assert words not in again


def test_a_brand_of_the_public_file_is_printed_with_its_substances(alice, patient):
    held = ("amoxicilline", "acide clavulanique")
    Drug.objects.create(cis="60000001", name="AUGMENTIN, comprimé", substances=list(held))
    brand = Line("AUGMENTIN", cis="60000001", substances=held)
    text = reading.text_of(pdf_of(issued(alice, begun(alice, patient, brand), {"unsaid:101"})))
    assert "DCI : amoxicilline, acide clavulanique" in text


CHOSEN = Line("DOLIPRANE 1000 mg", "comprimé", cis="60000001", substances=("paracétamol",))
SWAPPED = replace(CHOSEN, name="Amoxicilline 1 g")


@pytest.fixture
def doliprane(db):
    return Drug.objects.create(
        cis="60000001", name="DOLIPRANE 1000 mg, comprimé", substances=["paracétamol"]
    )


def test_a_line_typed_over_is_the_medicine_that_its_name_says(alice, patient, doliprane):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    draft = begun(alice, patient, CHOSEN)
    assert draft.lines == to_json([CHOSEN])
    draft = operations.save(
        actor=actor(alice),
        prescription_id=draft.id,
        expected_version=draft.version,
        written=Written((SWAPPED,)),
    )
    assert draft.lines == [{"name": "Amoxicilline 1 g"}]
    seen = {"unsaid:011", "penicillin:penicillins"}
    with pytest.raises(refusals.NotSeen):
        issued(alice, draft, {"unsaid:011"})
    with pytest.raises(refusals.NotConfirmed):
        issued(alice, draft, seen)
    text = reading.text_of(pdf_of(issued(alice, draft, seen, {"penicillin:penicillins"})))
    assert "DCI" not in text
    assert "paracétamol" not in text


def test_wrong_substances_travel_into_no_favourite_template_or_renewal(alice, patient, doliprane):
    kept = operations.keep_favourite(actor=actor(alice), line=SWAPPED)
    assert kept.line == {"name": "Amoxicilline 1 g"}
    model = operations.save_model(
        actor=actor(alice), code="", expected_version=0, name="Essai", found=[SWAPPED, CHOSEN],
        remarks="", is_active=True,
    )  # fmt: skip
    assert model.lines == [{"name": "Amoxicilline 1 g"}, *to_json([CHOSEN])]
    # As it was written before names were compared.
    draft = PrescriptionFactory.create(patient=patient, created_by=alice, lines=to_json([SWAPPED]))
    paper = issued(alice, draft, {"unsaid:001"})
    again = operations.begin(actor=actor(alice), patient_id=patient.id, renews_id=paper.id)
    assert again.lines == [{"name": "Amoxicilline 1 g"}]


def test_a_medicine_that_left_the_file_keeps_what_the_draft_knew_of_it(alice, patient, doliprane):
    draft = begun(alice, patient, CHOSEN)
    Drug.objects.all().delete()
    forged = replace(CHOSEN, substances=("ibuprofène",))
    for typed, kept in ((forged, CHOSEN), (SWAPPED, Line("Amoxicilline 1 g"))):
        draft = operations.save(
            actor=actor(alice),
            prescription_id=draft.id,
            expected_version=draft.version,
            written=Written((typed,)),
        )
        assert draft.lines == to_json([kept])
    draft = begun(alice, patient, forged)
    assert draft.lines == [{"name": "DOLIPRANE 1000 mg", "form": "comprimé"}]


def _issued_letter(alice, patient):
    draft = operations.begin_letter(
        actor=actor(alice), patient_id=patient.id, template="adressage", given={}
    )
    return operations.issue_letter(
        actor=actor(alice), letter_id=draft.id, expected_version=1, title="Avis", body="Bonjour"
    )


_ISSUED = {"state": "draft", "signed_as": "Autre"}


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize(
    ("table", "changes"),
    [
        (Prescription, {"lines": [], "number": 9, "remarks": "x", "sheet": {}, **_ISSUED}),
        (Letter, {"body": "x", "title": "x", "changed_as": "x", **_ISSUED}),
    ],
)
def test_the_database_keeps_what_was_issued(alice, practice, patient, table, changes, is_cancelled):
    if table is Prescription:
        paper: Any = issued(alice, begun(alice, patient))
        given = {"prescription_id": paper.id, "cancel": operations.cancel}
    else:
        paper = _issued_letter(alice, patient)
        given = {"letter_id": paper.id, "cancel": operations.cancel_letter}
    row = table.objects.filter(id=paper.id)
    if is_cancelled:
        given.pop("cancel")(actor=actor(alice), reason="Erreur", **given)
        changes = {"state": "issued", "cancelled_reason": "Autre"}
    for name, value in changes.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**{name: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        row._raw_delete(row.db)
    # A record that is united takes its papers along.
    row.update(patient=PatientFactory.create(practice=practice))


def test_the_database_keeps_the_versions_of_a_document(alice, patient):
    paper = issued(alice, begun(alice, patient))
    row = DocumentVersion.objects.filter(document_id=paper.document_id)
    for change in ({"words": "x"}, {"number": 2}, {"signed_as": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row._raw_delete(row.db)
    row.update(taken_back_at=paper.issued_at)


def test_a_renewal_is_a_new_draft_and_a_draft_is_not_renewed(alice, patient):
    draft = begun(alice, patient)
    with pytest.raises(refusals.NotIssued):
        operations.begin(actor=actor(alice), patient_id=patient.id, renews_id=draft.id)
    paper = issued(alice, draft)
    again = operations.begin(actor=actor(alice), patient_id=patient.id, renews_id=paper.id)
    assert (again.state, again.number, again.renews_id) == ("draft", None, paper.id)
    assert queries.issued_lines(again) == [AMOX]


def test_a_letter_is_filled_edited_issued_once_and_cancelled(alice, patient):
    to = operations.save_correspondent(
        actor=actor(alice), correspondent_id=None,
        values={"name": "Dr Paul Essai", "speciality": "Cardiologue", "town": "Nantes"},
    )  # fmt: skip
    draft = operations.begin_letter(
        actor=actor(alice), patient_id=patient.id, template="medecin",
        given={"acte": "extraction"}, correspondent_id=to.id,
    )  # fmt: skip
    assert draft.body.startswith("Dr Paul Essai\nCardiologue\nNantes")
    assert patient.full_name in draft.body

    def write(work, version, body):
        return work(
            actor=actor(alice), letter_id=draft.id, expected_version=version, title="Avis",
            body=body,
        )  # fmt: skip

    assert write(operations.save_letter, 1, "Bonjour [à compléter : dents]").version == 2
    with pytest.raises(refusals.Incomplete):
        write(operations.issue_letter, 2, "Bonjour [à compléter : dents]")
    with pytest.raises(refusals.PaperChanged):
        write(operations.save_letter, 1, "x")
    paper = write(operations.issue_letter, 2, "Bonjour <b>#strong[x]")
    again = write(operations.issue_letter, 2, "Bonjour <b>#strong[x]")
    assert again.document_id == paper.document_id
    with pytest.raises(refusals.AlreadyIssued):
        write(operations.issue_letter, 2, "Autre")
    text = reading.text_of(pdf_of(paper))
    assert "Bonjour <b>#strong[x]" in text
    with pytest.raises(refusals.AlreadyIssued):
        write(operations.save_letter, 3, "x")
    with pytest.raises(refusals.ReasonMissing):
        operations.cancel_letter(actor=actor(alice), letter_id=paper.id, reason="")
    for _time in range(2):
        operations.cancel_letter(actor=actor(alice), letter_id=paper.id, reason="Erreur")
    assert Document.objects.get().cancelled_reason == "Erreur"


def test_an_assistant_issues_a_presence_and_not_a_work_leave(bob, patient):
    for template, is_refused in (("presence", False), ("arret", True)):
        draft = operations.begin_letter(
            actor=actor(bob), patient_id=patient.id, template=template, given={}
        )
        given: dict[str, Any] = {
            "letter_id": draft.id,
            "expected_version": 1,
            "title": "T",
            "body": "B",
        }
        if is_refused:
            with pytest.raises(refusals.DentistSigns):
                operations.issue_letter(actor=actor(bob), **given)
            with pytest.raises(refusals.NotIssued):
                operations.cancel_letter(actor=actor(bob), letter_id=draft.id, reason="x")
            dropped = operations.drop_letter(
                actor=actor(bob), letter_id=draft.id, expected_version=1
            )
            assert dropped.state == "dropped"
        else:
            assert operations.issue_letter(actor=actor(bob), **given).state == "issued"
    with pytest.raises(refusals.NoSuchTemplate):
        operations.begin_letter(actor=actor(bob), patient_id=patient.id, template="?", given={})


def test_a_letter_template_names_known_places_alone(alice, practice):
    values = {
        "name": "Mot", "kind": "letter", "title": "Mot", "body": "{patient}",
        "needs_dentist": True, "has_correspondent": False, "is_active": True,
    }  # fmt: skip
    kept = operations.save_text(actor=actor(alice), code="", expected_version=0, values=values)
    assert queries.text_of(practice.id, kept.code) is not None
    with pytest.raises(refusals.UnknownPlace):
        operations.save_text(
            actor=actor(alice), code="", expected_version=0, values=values | {"body": "{nom}"}
        )


def test_a_child_s_weight_and_two_of_one_family_are_shown_beside_their_line(alice, practice):

    child = PatientFactory.create(practice=practice, born_on=date(2019, 1, 1))
    found = queries.checked([Line("Paracétamol"), Line("Doliprane")], child, 20.0)
    assert "300 mg" in found[0].help
    assert [one.code for one in found[1].reminders] == ["double:paracetamol", "unsaid:111"]
    assert [one.code for one in found[0].reminders] == ["unsaid:111"]
