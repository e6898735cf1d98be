"""What is offered while one prescribes: templates, favourites, the public file."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line as JournalLine
from quenotte.care.prescriptions import operations, queries
from quenotte.care.prescriptions.models import Drug, DrugFile, PrescriptionTemplate
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.rules import usual
from quenotte.care.prescriptions.rules.lines import Line, to_json
from tests.care.people import actor
from tests.care.prescriptions.reading import read_models
from tests.care.prescriptions.test_rules import TEXTS
from tests.factories import FavouriteFactory, PatientFactory

AMOX = Line("Amoxicilline", "gélule", "500 mg", "2 gélules", 2, 7, "QSP 7 jours")


def test_a_template_fills_a_draft_and_an_unknown_one_is_told(alice, patient):
    read_models(actor(alice), "sagesse")
    draft = operations.begin(actor=actor(alice), patient_id=patient.id, template="sagesse")
    assert len(draft.lines) == 5
    with pytest.raises(refusals.NoSuchTemplate):
        operations.begin(actor=actor(alice), patient_id=patient.id, template="rien")


def test_template_of_antibiotics_is_read_once_before_it_is_used(alice, practice, patient):
    unread = {one.code for one in queries.models_of(practice.id) if one.is_unread}
    assert unread == {
        "sagesse", "implant", "abces", "abces-allergie", "pericoronarite",
        "endocardite", "endocardite-allergie", "endocardite-enfant",
    }  # fmt: skip
    with pytest.raises(refusals.TemplateUnread):
        operations.begin(actor=actor(alice), patient_id=patient.id, template="abces")
    # Nor is a line of it proposed; what other templates hold is.
    assert queries.proposed(practice.id, "amoxi") == []
    assert [one.line.name for one in queries.proposed(practice.id, "parac")][:1] == ["Paracétamol"]
    read_models(actor(alice), "abces")
    assert operations.begin(actor=actor(alice), patient_id=patient.id, template="abces").lines
    assert [one.origins for one in queries.proposed(practice.id, "amoxi")] == [
        ("Abcès, cellulite débutante",)
    ]
    assert JournalLine.objects.filter(object_kind="prescription_template").count() == 1


def test_the_practice_changes_a_template_of_ours(alice, practice):
    given: dict[str, Any] = {
        "name": "Extraction",
        "found": [AMOX],
        "remarks": "",
        "is_active": False,
    }
    save = operations.save_model
    save(actor=actor(alice), code="extraction", expected_version=0, **given)
    found = queries.model_of(practice.id, "extraction")
    assert found is not None
    assert (found.name, found.lines, found.version) == ("Extraction", (AMOX,), 1)
    assert "extraction" not in {one.code for one in queries.models_of(practice.id)}
    with pytest.raises(refusals.TemplateChanged):
        save(actor=actor(alice), code="extraction", expected_version=0, **given)
    new = save(actor=actor(alice), code="", expected_version=0, **given)
    assert queries.model_of(practice.id, new.code) is not None
    with pytest.raises(refusals.TooManyLines):
        save(actor=actor(alice), code="", expected_version=0, **given | {"found": [AMOX] * 21})


def test_a_favourite_is_proposed_first_until_it_is_forgotten(alice, practice):
    read_models(actor(alice))
    line = Line("Amoxidoux", dose="1 sachet")
    kept = operations.keep_favourite(actor=actor(alice), line=line)
    operations.keep_favourite(actor=actor(alice), line=line)
    found = queries.proposed(practice.id, "AMOX")
    assert (found[0].key, found[0].line, found[0].is_favourite) == (f"fav:{kept.id}", line, True)
    assert queries.line_by_key(practice.id, f"fav:{kept.id}") == line
    assert queries.line_by_key(practice.id, found[1].key) == found[1].line
    operations.forget_favourite(actor=actor(alice), favourite_id=kept.id)
    assert queries.line_by_key(practice.id, f"fav:{kept.id}") is None
    assert queries.line_by_key(practice.id, "usual:999") is None
    assert queries.line_by_key(practice.id, "cis:1") is None


def test_what_prepares_a_care_is_proposed_last_and_names_its_template(alice, practice):
    read_models(actor(alice))
    (endocarditis,) = next(one.lines for one in usual.USUAL if one.code == "endocardite")
    operations.keep_favourite(actor=actor(alice), line=endocarditis)
    found = queries.proposed(practice.id, "amoxi")
    assert [one.is_prevention for one in found] == [False, True, True]
    curative, favourite, _child = found
    assert (curative.line.times, "Implant" in curative.origins) == (2, True)
    assert favourite.is_favourite
    assert favourite.origins == ("Prévention de l’endocardite (adulte)",)
    assert favourite.line == endocarditis


def test_line_of_the_practice_that_names_no_child_is_told_to_be_an_adults(practice):
    line = Line("Amoxicilline", "comprimé", "1 g", "1 comprimé", 2, 7)
    by_weight = Line("Amoxicilline", "suspension", "250 mg/5 ml", "50 mg/kg", 2, 7)
    for name, one in (("Ma ligne", line), ("Enfant", replace(line, times=3))):
        PrescriptionTemplate.objects.create(
            practice=practice, code=name, name=name, lines=to_json([one])
        )
    FavouriteFactory.create(practice=practice, line=to_json([by_weight])[0])
    born = timezone.localdate() - timedelta(days=365 * 8)
    child = PatientFactory.create(practice=practice, born_on=born)
    adult = PatientFactory.create(practice=practice, born_on=date(1980, 1, 1))

    def told(patient, one):
        (checked,) = queries.checked([one], patient, None)
        return {found.code for found in checked.reminders}

    assert "adult-line:penicillins" in told(child, line)
    assert "adult-line:penicillins" not in told(child, replace(line, times=3))
    assert "adult-line:penicillins" not in told(child, by_weight)
    assert not told(adult, line)


@pytest.fixture
def folder(tmp_path):
    for number, (name, text) in enumerate(TEXTS.items()):
        shown = name.lower() if number else name
        (tmp_path / shown).write_bytes(text.encode("cp1252", "replace"))
    return tmp_path


def test_the_public_file_is_read_twice_as_once_and_searched(practice, folder):
    seen = []
    for edition in (1, 2):
        kept = operations.import_drugs(folder, progress=lambda *done: seen.append(done))
        assert (kept.drugs, kept.edition) == (1, edition)
    assert (Drug.objects.count(), DrugFile.objects.count(), seen[-1]) == (1, 1, (1, 1))
    for typed in ("amoxi", "essai AMO", "trihydr"):
        last = queries.proposed(practice.id, typed)[-1]
        key, line = last.key, last.line
        assert (key, line.form) == ("cis:60000001", "gélule")
    assert line.title == "AMOXICILLINE ESSAI 500 mg, gélule"
    assert queries.line_by_key(practice.id, "cis:60000001") == line
    assert queries.found_drugs("a zz") == []
    assert queries.conditions_of(["60000001", ""]) == {}


@pytest.mark.django_db
def test_a_wrong_folder_changes_nothing(folder, tmp_path):
    operations.import_drugs(folder)
    DrugFile.objects.update(drugs=100)
    with pytest.raises(refusals.FewDrugs):
        operations.import_drugs(folder)
    operations.import_drugs(folder, is_sure=True)
    (folder / "CIS_bdpm.txt").write_text("autre\tchose\n")
    with pytest.raises(refusals.WrongDrugFile) as error:
        operations.import_drugs(folder)
    assert "CIS_bdpm.txt, ligne 1" in str(error.value)
    (folder / "CIS_bdpm.txt").write_text("")
    with pytest.raises(refusals.NoDrugFile):
        operations.import_drugs(folder)
    for missing in (tmp_path / "rien", tmp_path.parent):
        with pytest.raises(refusals.NoDrugFile):
            operations.import_drugs(missing)
    assert Drug.objects.count() == 1
