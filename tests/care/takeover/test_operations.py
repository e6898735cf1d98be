"""A file checked, decided, written; what can go wrong meanwhile."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.jobs.models import Run
from quenotte.base.live.models import Event
from quenotte.care.patients import merging, searches
from quenotte.care.patients.models import Patient, RelatedPerson
from quenotte.care.takeover import jobs, operations, rules
from quenotte.care.takeover.models import (
    ColumnMap,
    Import,
    ImportedPatient,
    OpeningBalance,
    StagedRow,
)
from quenotte.care.takeover.operations import writing
from quenotte.devices.sheets.layouts import Layout, OldExcel, UnreadableTable
from tests.care.takeover.conftest import PATIENTS, upload_of, workbook_of
from tests.care.takeover.lines import NIR, lines, remarks
from tests.devices.sheets.old_excel import old_workbook
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db


def test_file_is_kept_and_its_columns_proposed(received):
    source = received()
    assert source.state == "mapping"
    assert source.columns == {
        "0": "old_id",
        "1": "birth_name",
        "2": "birth_first_names",
        "3": "born_on",
        "4": "sex",
        "5": "mobile_phone",
        "6": "email",
        "7": "postcode",
        "8": "town",
    }
    assert source.layout["header_lines"] == 1
    assert lines() == [("receive", "")]
    assert not Patient.objects.exists()


def test_list_of_an_old_excel_is_taken(received):
    row = ["12", "DURAND", "Hélène", date(1985, 4, 3), "F"]
    head = ["N° dossier", "Nom de naissance", "Prénoms", "Date de naissance", "Sexe"]
    source = received(old_workbook({"Patients": [head, row]}))
    assert (source.state, source.layout["kind"]) == ("mapping", "xls")
    assert source.blob.media_type == "application/vnd.ms-excel"


def test_refused_upload_is_a_line_and_no_import(actor):
    with pytest.raises(OldExcel):
        operations.receive(
            actor=actor, kind="patients", upload=upload_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..")
        )
    assert not Import.objects.exists()
    line = Line.objects.get()
    assert (line.result, line.detail) == ("refused", {"purpose": "patients", "reason": "old_excel"})


def test_check_judges_each_line_and_writes_nothing(checked):
    source = checked()
    assert source.state == "checked"
    assert source.counts == {
        "total": 5, "ready": 3, "refused": 2, "doubles": 0, "undecided": 0, "warned": 1,
    }  # fmt: skip
    assert remarks(source) == {
        2: [],
        3: [],
        4: ["birth_impossible"],
        5: ["name_missing"],
        6: ["phone_wrong", "email_wrong"],
    }
    assert not Patient.objects.exists()
    assert source.rows.get(line=4).cells[1] == "Petit"
    assert lines() == [("receive", ""), ("change", "checking"), ("change", "checked")]
    assert Run.objects.get(name="quenotte.care.takeover.jobs.check")


def test_columns_are_remembered_for_the_next_file(actor, checked, received):
    source = checked()
    assert ColumnMap.objects.count() == 1
    chosen = {**source.columns, "6": ""}
    operations.start_check(actor=actor, import_id=source.id, chosen=chosen, options=rules.Options())
    assert received().columns == chosen
    assert ColumnMap.objects.count() == 1


def test_check_that_was_killed_begins_again(checked, alice):
    source = checked()
    Import.objects.filter(id=source.id).update(state="checking")
    jobs.check(import_id=str(source.id), person_id=str(alice.id))
    assert source.rows.count() == 5
    source.refresh_from_db()
    assert source.state == "checked"


def test_writing_brings_the_ready_lines_and_only_them(written, practice):
    source = written()
    assert (source.state, source.counts["created"]) == ("done", 3)
    marie = Patient.objects.get(birth_name="DURAND")
    assert (marie.born_on, marie.sex, marie.mobile_phone) == (
        date(1985, 4, 3), "F", "+33639980001",
    )  # fmt: skip
    assert marie.identity_status == "provisoire"
    assert Patient.objects.get(birth_name="Moreau").postcode == "04400"
    assert sorted(Patient.objects.values_list("file_number", flat=True)) == [1, 2, 3]
    for text in ("durand mar", "legall", "06 39 98 00 02", "12/11/1972", "1"):
        assert searches.search(practice.id, text).found, text
    assert ImportedPatient.objects.get(old_id="102").patient.birth_name == "LE GALL"
    assert lines()[-1] == ("create", "")
    assert Event.objects.filter(name="takeover").exists()


def test_writing_again_after_the_end_changes_nothing(written, alice):
    source = written()
    jobs.write(import_id=str(source.id), person_id=str(alice.id))
    assert Patient.objects.count() == 3


def test_failure_in_the_middle_writes_nothing(monkeypatch, checked, actor, alice):
    source = checked()
    operations.start_writing(actor=actor, import_id=source.id)

    def fall(*_args, **_kwargs):
        raise OSError("the disk went")

    monkeypatch.setattr(ImportedPatient.objects, "bulk_create", fall)
    with pytest.raises(OSError, match="the disk went"):
        jobs.write(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert source.state == "failed"
    assert "incident" in source.trouble
    assert not Patient.objects.exists()


def test_existing_record_waits_for_a_decision(practice, actor, checked):
    known = PatientFactory.create(
        practice=practice, birth_name="Durand", first_birth_first_name="Marie"
    )
    source = checked()
    row = source.rows.get(line=2)
    assert (row.state, row.match_id, row.remarks[0]) == ("double", known.id, ["same", ""])
    with pytest.raises(operations.Undecided):
        operations.start_writing(actor=actor, import_id=source.id)


@pytest.mark.parametrize(
    ("decision", "patients", "linked"), [("link", 3, 1), ("skip", 3, 0), ("create", 4, 0)]
)
def test_decisions(decision, patients, linked, practice, written):
    known = PatientFactory.create(
        practice=practice,
        birth_name="Durand",
        first_birth_first_name="Marie",
        file_number=900,
        email="ancien@courriel.example",
    )
    source = written(decision=decision)
    assert Patient.objects.count() == patients
    assert ImportedPatient.objects.filter(is_created=False).count() == linked
    assert source.counts.get("linked", 0) == linked
    known.refresh_from_db()
    assert known.email == "ancien@courriel.example"


def test_one_line_is_decided_alone(practice, actor, checked):
    for surname, first in (("Durand", "Marie"), ("Le Gall", "Hélène")):
        PatientFactory.create(
            practice=practice,
            birth_name=surname,
            first_birth_first_name=first,
            born_on=date(1985, 4, 3) if surname == "Durand" else date(1972, 11, 12),
        )
    source = checked()
    assert source.counts["undecided"] == 2
    operations.decide(actor=actor, import_id=source.id, decision="skip", line=2)
    source = operations.decide(actor=actor, import_id=source.id, decision="link")
    decisions = dict(source.rows.exclude(decision="").values_list("line", "decision"))
    assert decisions == {2: "skip", 3: "link"}
    assert source.counts["undecided"] == 0


def test_line_linked_to_a_record_united_meanwhile_follows_it(practice, actor, checked, alice):
    known = PatientFactory.create(
        practice=practice, birth_name="Durand", first_birth_first_name="Marie", file_number=900
    )
    last = PatientFactory.create(practice=practice, file_number=901)
    source = checked()
    operations.decide(actor=actor, import_id=source.id, decision="link")
    merging.merge_patients(actor=actor, survivor_id=last.id, absorbed_id=known.id, taken=())
    operations.start_writing(actor=actor, import_id=source.id)
    jobs.write(import_id=str(source.id), person_id=str(alice.id))
    assert ImportedPatient.objects.get(old_id="101").patient_id == last.id


def test_old_number_twice_is_refused_and_the_same_person_is_warned(checked):
    source = checked(
        "Dossier;Nom;Prénom;Date de naissance\n"
        "1;Durand;Marie;03/04/1985\n1;Petit;Paul;01/01/1980\n2;DURAND;marie;3/4/85\n"
    )
    assert remarks(source)[3] == ["old_id_twice"]
    assert remarks(source)[4] == ["birth_doubtful", "double_in_file"]


def test_number_of_a_parent_is_the_insured_person_s(written):
    written(f"Nom;Prénom;Date de naissance;Sexe;NIR\nDurand;Léa;03/04/2015;F;{NIR}\n")
    patient = Patient.objects.get()
    assert patient.ins_matricule == ""
    assert RelatedPerson.objects.get(patient=patient).nir == NIR


def test_own_number_is_a_provisional_ins_given_once(written, checked):
    written(f"Nom;Prénom;Date de naissance;Sexe;NIR\nDurand;Marc;03/04/1985;M;{NIR}\n")
    patient = Patient.objects.get()
    assert (patient.ins_matricule, patient.identity_status) == (NIR, "provisoire")
    again = checked(f"Nom;Prénom;Date de naissance;Sexe;NIR\nMorel;Luc;03/04/1985;M;{NIR}\n")
    assert remarks(again)[2] == ["nir_taken"]


def test_ambiguous_name_and_birth_is_refused(practice, written, checked):
    for number in (800, 801):
        PatientFactory.create(
            practice=practice,
            birth_name="Durand",
            first_birth_first_name="Marie",
            file_number=number,
        )
    source = checked("Nom;Prénom;Naissance;Solde\nDurand;Marie;03/04/1985;12\n", kind="balances")
    assert remarks(source)[2] == ["patient_ambiguous"]


def test_layout_chosen_by_the_person_reads_the_file_again(received, actor):
    source = received(PATIENTS.encode("cp1252"))
    assert source.layout["encoding"] == "cp1252"
    layout = Layout("csv", encoding="mac_roman", delimiter=";", header_lines=2)
    source = operations.read_otherwise(actor=actor, import_id=source.id, layout=layout)
    assert source.layout["header_lines"] == 2
    assert source.state == "mapping"


def test_wrong_encoding_chosen_refuses_its_lines(received, actor, alice):
    source = received(PATIENTS.encode("cp1252"))
    layout = Layout("csv", encoding="utf-8-sig", delimiter=";", header_lines=1)
    operations.read_otherwise(actor=actor, import_id=source.id, layout=layout)
    operations.start_check(
        actor=actor,
        import_id=source.id,
        chosen={"0": "old_id", "1": "birth_name", "2": "birth_first_names"},
        options=rules.Options(),
    )
    jobs.check(import_id=str(source.id), person_id=str(alice.id))
    assert remarks(source)[3][0] == "signs_unreadable"


def test_workbook_with_three_header_lines(written):
    written(
        workbook_of(
            [
                ["Liste des patients"],
                ["Exportée le", date(2026, 3, 1)],
                ["Nom", "Prénom", "Date de naissance", "Téléphone"],
                ["DURAND", "Marie", date(1985, 4, 3), 639980001],
            ]
        )
    )
    patient = Patient.objects.get()
    assert (patient.born_on, patient.mobile_phone) == (date(1985, 4, 3), "+33639980001")


def test_columns_and_practitioner_must_be_told(received, actor):
    source = received()
    with pytest.raises(operations.ColumnsMissing, match="nom et le prénom"):
        operations.start_check(
            actor=actor, import_id=source.id, chosen={"3": "born_on"}, options=rules.Options()
        )
    source = received("N° dossier;Date RDV;Heure\n1;20/03/2026;09:00\n", kind="appointments")
    with pytest.raises(operations.PractitionerMissing):
        operations.start_check(
            actor=actor, import_id=source.id, chosen=source.columns, options=rules.Options()
        )


def test_nothing_ready_is_said(checked, actor):
    source = checked("Nom;Prénom;Naissance\nPetit;Paul;31/02/1990\n")
    with pytest.raises(operations.NothingReady):
        operations.start_writing(actor=actor, import_id=source.id)


def test_steps_are_refused_where_they_make_no_sense(written, actor, chloe):
    from tests.care.people import actor as actor_of

    source = written()
    with pytest.raises(operations.NotNow):
        operations.start_writing(actor=actor, import_id=source.id)
    with pytest.raises(operations.NotNow):
        operations.give_up(actor=actor, import_id=source.id)
    with pytest.raises(operations.NoSuchImport):
        operations.start_undo(actor=actor_of(chloe), import_id=source.id)
    with pytest.raises(operations.NoSuchImport):
        operations.start_undo(actor=actor, import_id=uuid4())


def test_given_up_import_is_forgotten(checked, actor):
    operations.give_up(actor=actor, import_id=checked().id)
    assert not Import.objects.exists()
    assert not StagedRow.objects.exists()


def test_lines_are_erased_after_ninety_days(checked):
    source = checked()
    assert operations.forget_lines() == 0
    Import.objects.update(created_at=timezone.now() - timedelta(days=91))
    jobs.forget_lines()
    assert not source.rows.exists()


def test_file_broken_after_its_start_stops_the_check(received, actor, alice, monkeypatch):
    source = received()
    operations.start_check(
        actor=actor, import_id=source.id, chosen=source.columns, options=rules.Options()
    )

    def fall(*_args, **_kwargs):
        raise UnreadableTable

    monkeypatch.setattr("quenotte.care.takeover.operations.checking.read_rows", fall)
    jobs.check(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert source.state == "failed"
    assert source.trouble.startswith("Ce fichier n’est ni un CSV")


def test_jobs_of_another_state_do_nothing(checked, alice):
    source = checked()
    for one in (jobs.check, jobs.write, jobs.undo):
        one(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert source.state == "checked"
    assert writing.taken_rows(source).count() == 3


def test_record_removed_since_the_check_stops_the_writing(written, checked, actor, alice):
    written()
    source = checked("N° dossier;Solde\n101;12\n", kind="balances")
    StagedRow.objects.filter(source=source).update(match_id=uuid4())
    operations.start_writing(actor=actor, import_id=source.id)
    jobs.write(import_id=str(source.id), person_id=str(alice.id))
    source.refresh_from_db()
    assert (source.state, OpeningBalance.objects.count()) == ("failed", 0)
