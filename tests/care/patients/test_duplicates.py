from datetime import date

import pytest

from quenotte.base.audit.models import Line
from quenotte.care.patients import duplicates
from quenotte.care.patients.likenesses import Level, Traits
from quenotte.care.patients.operations import rebuild_search_keys
from tests.care.people import actor as actor_of
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db

WANTED = Traits(("Gauthier",), ("Philippe",), date(1970, 5, 6), ("0639980007",), "M")


def known(practice, surname, first, born=date(1970, 5, 6), **values):
    return PatientFactory.create(
        practice=practice,
        birth_name=surname,
        first_birth_first_name=first,
        born_on=born,
        sex="M",
        **values,
    )


def test_likeliest_comes_first(practice):
    sounding = known(practice, "Gotier", "Filipe")
    same = known(practice, "GAUTHIER", "Philippe")
    homonym = known(practice, "Gauthier", "Philippe", date(1999, 1, 1))
    known(practice, "Gauthier", "Paul")
    found = duplicates.look_alikes(practice.id, WANTED)
    assert [one.found.id for one in found] == [same.id, sounding.id, homonym.id]
    assert [one.level for one in found] == [Level.SAME, Level.LIKELY, Level.POSSIBLE]
    assert found[1].words == [
        "nom qui se prononce pareil",
        "prénom proche",
        "même date de naissance",
    ]


def test_birth_with_day_and_month_swapped_finds_a_changed_surname_by_phone(practice):
    record = known(practice, "Petit", "Philippe", date(1970, 6, 5), mobile_phone="+33639980007")
    (found,) = duplicates.look_alikes(practice.id, WANTED)
    assert found.found.id == record.id
    assert "jour et mois de naissance inversés" in found.words


def test_names_in_each_other_s_place_are_found(practice):
    record = known(practice, "Philippe", "Gauthier")
    assert [one.found.id for one in duplicates.look_alikes(practice.id, WANTED)] == [record.id]


def test_shared_telephone_alone_asks_no_decision(practice):
    known(practice, "Gauthier", "Léon", date(2001, 2, 3), mobile_phone="+33639980007")
    (found,) = duplicates.look_alikes(practice.id, WANTED)
    assert not found.must_be_decided


def test_absorbed_records_and_other_practices_are_no_look_alikes(practice, other_practice):
    known(other_practice, "Gauthier", "Philippe")
    survivor = known(practice, "Gauthier", "Philippe")
    absorbed = known(practice, "Gauthier", "Philippe", merged_into=survivor)
    rebuild_search_keys(absorbed)
    found = duplicates.look_alikes(practice.id, WANTED)
    assert [one.found.id for one in found] == [survivor.id]
    assert duplicates.look_alikes(practice.id, WANTED, but=survivor.id) == []


def test_looking_is_a_line_when_somebody_was_shown(practice, sarah):
    actor = actor_of(sarah)
    assert duplicates.look(actor=actor, wanted=WANTED) == []
    assert not Line.objects.exists()
    record = known(practice, "Gauthier", "Philippe")
    duplicates.look(actor=actor, wanted=duplicates.traits_of_patient(record))
    line = Line.objects.get()
    assert (line.action, line.detail) == ("search", {"purpose": "duplicates", "count": 1})


def test_nothing_typed_asks_for_nobody(practice, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert duplicates.look_alikes(practice.id, Traits((), ())) == []


def test_namesakes_by_the_hundred_hide_nobody(practice, monkeypatch):
    monkeypatch.setattr(duplicates, "_AT_ONCE", 3)
    for number in range(7):
        known(practice, "Gauthier", f"Paul{'ab'[number % 2]}", date(1990, 1, 1 + number))
    same = known(practice, "Gauthier", "Philippe")
    for number in range(7):
        known(practice, "Gauthier", "Paule", date(1991, 1, 1 + number))
    found = duplicates.look_alikes(practice.id, WANTED)
    assert [one.found.id for one in found] == [same.id]


BORN = date(1985, 4, 3)


def namesakes(practice, surname, first_name, used_name="", used_first_name="", *, born=BORN):
    wanted = Traits(
        tuple(filter(None, (surname, used_name))),
        tuple(filter(None, (first_name, used_first_name))),
        born,
    )
    found = duplicates.look_alikes(practice.id, wanted)
    return [one.found.id for one in found if one.must_be_decided]


def test_namesakes_are_the_same_names_in_any_spelling(practice, other_practice):
    same = PatientFactory.create(
        practice=practice, birth_name="Le Gall", first_birth_first_name="Hélène"
    )
    PatientFactory.create(practice=practice, birth_name="Le Gall", first_birth_first_name="Marc")
    PatientFactory.create(
        practice=other_practice, birth_name="Le Gall", first_birth_first_name="Hélène"
    )
    for surname in ("LE-GALL", "Legall", "le gall", "LÉ GALL"):
        assert namesakes(practice, surname, "helene") == [same.id]
    assert namesakes(practice, "Le Gal", "helene", born=date(1960, 1, 1)) == []


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        (("Lévy", "Zoé"), ("LEVY", "ZOE")),
        (("LEVY", "Zoe"), ("Lévy", "Zoé")),
        (("Lévy", "Anne-Marie"), ("Levy", "Anne Marie")),
        (("Lévy", "Anne Marie"), ("Levy", "Anne-Marie")),
        (("Lévy-Durand", "Zoé"), ("DURAND", "Zoé")),
        (("d'Orves", "Zoé"), ("Dorves", "Zoé")),
    ],
)
def test_namesakes_do_not_mind_accents_nor_hyphens(practice, known, typed):
    surname, first_name = known
    patient = PatientFactory.create(
        practice=practice,
        birth_name=surname,
        first_birth_first_name=first_name.split()[0],
        birth_first_names=first_name,
        born_on=date(1960, 1, 1),
    )
    assert namesakes(practice, *typed) == [patient.id]


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        ({"used_name": "Pétit"}, ("PETIT", "Marie")),
        ({"used_first_name": "Lou"}, ("Durand", "Lou")),
        ({}, ("Martin", "Marie", "DURAND")),
        ({}, ("Durand", "Simone", "", "Marie")),
        ({"used_name": "Petit", "used_first_name": "Lou"}, ("X", "Y", "PETIT", "LOU")),
    ],
)
def test_namesakes_are_known_by_their_used_names_too(practice, names, typed):
    patient = PatientFactory.create(
        practice=practice, birth_name="Durand", first_birth_first_name="Marie", **names
    )
    assert namesakes(practice, *typed) == [patient.id]


def test_namesakes_born_the_same_day_come_first_and_a_few_are_enough(practice):
    names = {"birth_name": "Durand", "first_birth_first_name": "Marie"}
    PatientFactory.create_batch(11, practice=practice, born_on=date(1960, 1, 1), **names)
    same_day = PatientFactory.create(practice=practice, born_on=BORN, **names)
    found = namesakes(practice, "durand", "marie")
    assert (found[0], len(found)) == (same_day.id, duplicates.SHOWN)


@pytest.mark.parametrize("typed", [("", ""), ("--", "--"), ("Durand", ""), ("", "Marie")])
def test_namesakes_of_no_name_are_nobody(practice, typed):
    PatientFactory.create(practice=practice, birth_name="Durand", first_birth_first_name="Marie")
    assert namesakes(practice, *typed, born=date(1960, 1, 1)) == []
