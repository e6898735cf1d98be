"""A record as FHIR: what a library that we did not write reads in it, and its mouth come back."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quenotte.base.audit.models import Line
from quenotte.base.files.models import Blob
from quenotte.base.files.operations import local_path
from quenotte.care.chart import operations as chart
from quenotte.care.chart import queries as charts
from quenotte.care.chart.rules import Finding, Kind, NotChartable, Status, parse
from quenotte.care.documents import operations as documents
from quenotte.care.prescriptions import operations as prescriptions
from quenotte.care.prescriptions.models import Drug
from quenotte.care.prescriptions.rules.lines import Line as DrugLine
from quenotte.config import handing_over
from quenotte.exchange.fhir import operations, rules
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PatientFactory, VisitActFactory

TODAY = date(2026, 3, 17)
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
PATIENT = UUID(int=7)
LONG_AGO = date(2025, 1, 5)
LINES = (
    "18 absente",
    "16 MOD composite",
    "26 carie O profonde",
    "à faire 36 couronne céramique",
    "14-16 bridge",
    "46 endo",
    "surveiller 24 D carie",
)


def _chart(person, patient, *lines, on=LONG_AGO):
    for line in lines:
        try:
            chart.chart(actor=actor(person), patient_id=patient.id, findings=parse(line), on=on)
        except NotChartable:
            continue


def _mouth(patient):
    found = charts.mouth_on(patient.id, patient.born_on, TODAY)
    return [
        (tooth.fdi, tooth.presence, tooth.is_assumed, [mark.finding for mark in tooth.marks])
        for tooth in found.teeth
    ]


def _exported(person, patient):
    return operations.export_record(actor=actor(person), patient=patient)


def _resources(text, kind):
    return [one for one in _all(text) if one.get_resource_type() == kind]


def _all(found: Any) -> Any:
    read = Bundle.model_validate_json if isinstance(found, str) else Bundle.model_validate
    bundle: Any = read(found)
    return [entry.resource for entry in bundle.entry]


def test_the_mouth_comes_back_whole(alice, practice, patient):
    _chart(alice, patient, *LINES)
    other = PatientFactory.create(practice=practice, born_on=patient.born_on)
    text = _exported(alice, patient)
    count = operations.take_in_mouth(actor=actor(alice), patient_id=other.id, text=text)
    assert count >= len(LINES) - 1
    assert _mouth(other) == _mouth(patient)
    assert _exported(alice, other).count(rules.FINDING) == count


_TEETH = st.sampled_from([11, 16, 21, 24, 36, 38, 46])
_FINDINGS = st.one_of(
    st.builds(
        Finding, st.sampled_from([Kind.MISSING, Kind.IMPACTED, Kind.ROOT, Kind.PRESENT]),
        _TEETH.map(lambda one: (one,)),
    ),
    st.builds(
        Finding, st.sampled_from([Kind.CROWN, Kind.ENDODONTICS, Kind.EXTRACTION, Kind.IMPLANT]),
        _TEETH.map(lambda one: (one,)), status=st.sampled_from([Status.DONE, Status.PLANNED]),
    ),
    st.builds(
        Finding, st.just(Kind.CARIES), _TEETH.map(lambda one: (one,)), st.sampled_from(["O", "MD"]),
        icdas=st.none() | st.integers(0, 6), detail=st.text("éà<&'\"", max_size=5),
    ),
)  # fmt: skip


@given(st.lists(_FINDINGS, max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mouth_comes_back_from_what_was_written(found):
    charted = [rules.Charted(f"{n:032x}", TODAY, one) for n, one in enumerate(found)]
    person = rules.Person(PATIENT, 1, "Leroy", "Zoé", "", "", date(1980, 1, 1), "F")
    written = rules.bundle(
        [rules.patient(person), *(rules.charted(one, f"urn:uuid:{PATIENT}") for one in charted)],
        NOW,
    )
    read = Bundle.model_validate_json(json.dumps(written)).model_dump(mode="json")
    assert rules.charted_in(read) == charted


def test_teeth_are_body_sites_that_others_read(alice, patient):
    _chart(alice, patient, "16 MOD composite", "à faire 36 couronne céramique", "26 carie O")
    text = _exported(alice, patient)
    (filling,), (crown,) = _resources(text, "Procedure"), _resources(text, "ServiceRequest")
    codes = [code.code for site in filling.bodySite for code in site.coding]
    assert codes == ["865995000", "16", "M", "O", "D"]
    assert (crown.status, crown.intent) == ("active", "plan")
    assert crown.bodySite[0].coding[1].code == "36"
    (caries,) = _resources(text, "Condition")
    assert caries.bodySite[0].coding[1].code == "26"


def test_who_and_what_to_know_first(alice, practice):
    patient = PatientFactory.create(
        practice=practice, birth_name="Le Goff", used_name="Martin", mobile_phone="+33639980001",
        town="Nantes", died_on=date(2026, 1, 2), email="zoe@exemple.fr",
    )  # fmt: skip
    MedicalAlertFactory.create(patient=patient, kind="allergy", label="Pénicilline")
    MedicalAlertFactory.create(patient=patient, kind="condition", label="Diabète", details="type 2")
    text = _exported(alice, patient)
    (who,) = _resources(text, "Patient")
    assert [name.family for name in who.name] == ["Le Goff", "Martin"]
    assert [one.code.text for one in _resources(text, "AllergyIntolerance")] == ["Pénicilline"]
    assert [one.note[0].text for one in _resources(text, "Condition")] == ["type 2"]
    assert Line.objects.filter(action="export").count() == 1


@pytest.mark.parametrize(("status", "count"), [("qualifiee", 2), ("validee", 1)])
def test_a_matricule_leaves_with_a_qualified_identity_alone(status, count):
    person = rules.Person(
        PATIENT, 1, "Leroy", "Zoé", "", "", None, "U",
        matricule="280" if count == 2 else "", oid="1.2.250.1.213.1.4.10",
    )  # fmt: skip
    assert len(rules.patient(person)["identifier"]) == count


@pytest.mark.parametrize("text", ["", "{}", '{"resourceType": "Patient"}', "pas du JSON"])
def test_what_is_no_bundle_is_refused(alice, patient, text):
    with pytest.raises(operations.NotFhir):
        operations.take_in_mouth(actor=actor(alice), patient_id=patient.id, text=text)


def test_a_finding_that_says_nothing_is_refused():
    broken = {"entry": [{"resource": {"extension": [{"url": rules.FINDING, "extension": []}]}}]}
    with pytest.raises(ValueError, match="unreadable"):
        rules.charted_in(broken)


def test_what_is_not_ours_says_too_little_of_a_mouth():
    foreign = {"extension": [{"url": "urn:autre"}]}
    assert rules.charted_in({"entry": [{"resource": foreign}, {}]}) == []


def test_a_drug_typed_freely_has_no_code():
    line = rules.Prescribed(PATIENT, "1", "Bain de bouche", "", "", NOW, "Dr A")
    assert rules.medication(line, "x", TODAY)["medicationCodeableConcept"] == {
        "text": "Bain de bouche"
    }


@pytest.mark.parametrize(
    ("until", "is_cancelled", "days_later", "status"),
    [
        (TODAY, False, 0, "active"),
        (TODAY, False, 1, "completed"),
        (TODAY, True, 0, "cancelled"),
        (None, True, 0, "cancelled"),
        (None, False, 92, "active"),
        (None, False, 93, "unknown"),
    ],
)
def test_an_order_is_active_while_it_may_be_taken(until, is_cancelled, days_later, status):
    line = rules.Prescribed(PATIENT, "1", "Amoxicilline", "", "", NOW, "Dr A", is_cancelled, until)
    order = rules.medication(line, "x", NOW.date() + timedelta(days=days_later))
    assert order["status"] == status


def test_a_treatment_is_no_disease(alice, patient):
    MedicalAlertFactory.create(patient=patient, kind="treatment", label="AVK", details="INR 2,5")
    MedicalAlertFactory.create(patient=patient, kind="treatment", label="Lithium", ended_at=NOW)
    MedicalAlertFactory.create(patient=patient, kind="precaution", label="Tabac")
    text = _exported(alice, patient)
    taken = {
        one.medicationCodeableConcept.text: one for one in _resources(text, "MedicationStatement")
    }
    assert (taken["AVK"].status, taken["AVK"].note[0].text) == ("active", "INR 2,5")
    assert (taken["Lithium"].status, taken["Lithium"].effectivePeriod.end is not None) == (
        "completed",
        True,
    )
    assert [one.code.text for one in _resources(text, "Condition")] == ["Tabac"]


def test_two_mouths_are_never_mixed(alice, patient):
    _chart(alice, patient, "18 absente")
    text = _exported(alice, patient)
    with pytest.raises(operations.MouthAlreadyCharted):
        operations.take_in_mouth(actor=actor(alice), patient_id=patient.id, text=text)


def test_prescriptions_and_documents_are_read_by_others():
    line = rules.Prescribed(
        PATIENT, "2026-12", "Amoxicilline 1 g", "60000001", "1 matin et soir, 6 jours", NOW, "Dr A"
    )
    filed = rules.Filed(
        PATIENT, "letter", "Courrier", TODAY, "text/plain", 3, b"\x01" * 20, content=b"abc"
    )
    subject = f"urn:uuid:{PATIENT}"
    found = rules.bundle(
        [rules.medication(line, subject, TODAY), rules.document(filed, subject)], NOW
    )
    drug, paper = _all(found)
    assert drug.medicationCodeableConcept.coding[0].code == "60000001"
    assert drug.dosageInstruction[0].text == "1 matin et soir, 6 jours"
    assert paper.content[0].attachment.data == b"abc"


def test_what_was_issued_is_a_medication_request(alice, patient):
    Drug.objects.create(cis="60000001", name="Amoxicilline", substances=["amoxicilline"])
    draft = prescriptions.begin(actor=actor(alice), patient_id=patient.id)
    line = DrugLine("Amoxicilline", "gélule", "500 mg", "2 gélules", 2, 7, cis="60000001")
    draft = prescriptions.save(
        actor=actor(alice), prescription_id=draft.id, expected_version=draft.version,
        written=prescriptions.Written((line,)),
    )  # fmt: skip
    assert _resources(_exported(alice, patient), "MedicationRequest") == []
    prescriptions.issue(
        actor=actor(alice), prescription_id=draft.id, expected_version=draft.version,
        seen=frozenset(),
    )  # fmt: skip
    text = _exported(alice, patient)
    (drug,) = _resources(text, "MedicationRequest")
    assert drug.status == "active"
    assert drug.medicationCodeableConcept.coding[0].code == "60000001"
    assert drug.dosageInstruction[0].text == "2 gélules 2 fois par jour pendant 7 jours"
    assert [one.type.text for one in _resources(text, "DocumentReference")] == ["Ordonnance"]


def test_acts_of_visits_leave_too(alice, patient):
    done = VisitActFactory.create(
        visit__patient=patient, teeth="16 99", surfaces="M", practitioner=alice
    )
    VisitActFactory.create(visit__patient=patient, undone_at=NOW)
    finding = Finding(Kind.FILLING, (16,), "M", status=Status.DONE)
    chart.chart(actor=actor(alice), patient_id=patient.id, findings=[finding], source=done.source)
    left, act = _resources(_exported(alice, patient), "Procedure")
    assert (act.code.coding[0].code, act.code.text) == ("HBJD001", "Détartrage et polissage")
    assert act.code.coding[0].system == rules.CCAM
    assert [site.coding[-1].code for site in act.bodySite] == ["16", "M"]
    assert [one.reference for one in left.partOf] == [f"urn:uuid:{done.id}"]
    assert act.performer[0].actor.display == alice.full_name


@pytest.mark.parametrize(
    ("code", "system"), [("HBLD038", rules.CCAM), ("HNPILI", rules.ACT), ("C", rules.ACT)]
)
def test_only_codes_of_the_nomenclature_are_said_to_be_of_it(code, system):
    act = rules.Performed(PATIENT, code, "Acte", (), NOW, "Dr Alice")
    assert rules.performed(act, "urn:uuid:x")["code"]["coding"][0]["system"] == system


def test_signed_notes_leave_with_their_author_and_what_corrects_them(
    alice, bob, patient, frozen_clock
):
    who = {"patient_id": patient.id}
    first = chart.write_note(actor=actor(alice), text="Carie 16 <MOD>, à surveiller.", **who)
    frozen_clock.shift(3600)
    chart.write_note(actor=actor(alice), text="Carie 26.", corrects_id=first.id, **who)
    old, new = _resources(_exported(alice, patient), "DocumentReference")
    assert (old.status, old.docStatus, old.relatesTo) == ("superseded", "final", None)
    assert old.content[0].attachment.data.decode() == "Carie 16 <MOD>, à surveiller."
    assert (old.author[0].display, old.date) == (alice.full_name, first.signed_at)
    assert (new.status, new.docStatus) == ("current", "amended")
    (replaced,) = new.relatesTo
    assert (replaced.code, replaced.target.reference) == ("replaces", f"urn:uuid:{first.id}")
    assert new.date - old.date == timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("letter", "entered-in-error"),
        ("consent", "superseded"),
        ("passport", "superseded"),
    ],
)
def test_what_holds_no_more_is_no_mistake_for_that(alice, patient, letter, kind, status):
    type(letter).objects.filter(id=letter.id).update(kind=kind)
    documents.cancel(actor=actor(alice), document_id=letter.id, reason="Autre avis")
    (paper,) = _resources(_exported(alice, patient), "DocumentReference")
    assert paper.status == status


def test_a_file_that_is_gone_does_not_hold_the_record_up(alice, patient, letter):
    local_path(Blob.objects.get()).unlink()
    (paper,) = _resources(_exported(alice, patient), "DocumentReference")
    assert paper.content[0].attachment.title == "Courrier"
    assert paper.content[0].attachment.hash is None


@pytest.fixture
def letter(alice, patient):
    return documents.keep(
        actor=actor(alice), patient_id=patient.id, kind="letter", title="Courrier",
        content=b"Cher confr\xc3\xa8re", content_type="text/plain",
    )  # fmt: skip


def test_the_command_writes_a_file_that_nobody_else_reads(patient, letter, tmp_path, capsys):
    target = tmp_path / "dossier.json"
    assert handing_over.export_fhir(patient.file_number, target, with_files=True) == 0
    assert target.stat().st_mode & 0o077 == 0
    (paper,) = _resources(target.read_text("utf-8"), "DocumentReference")
    assert paper.content[0].attachment.data == "Cher confrère".encode()
    assert handing_over.export_fhir(patient.file_number, target, with_files=True) == 1
    assert handing_over.export_fhir(987_654, None, with_files=False) == 1
    assert "existe déjà" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told(patient, tmp_path, capsys):
    target = tmp_path / "nulle-part" / "dossier.json"
    assert handing_over.export_fhir(patient.file_number, target, with_files=False) == 1
    assert "n’a pas été écrit" in capsys.readouterr().err
    assert handing_over.export_fhir(patient.file_number, None, with_files=False) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "collection"
