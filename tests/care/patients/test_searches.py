from datetime import date

import pytest

from quenotte.care.patients import searches
from tests.factories import MedicalAlertFactory, PatientFactory, RelatedPersonFactory


@pytest.fixture
def people(practice):
    """A few patients whose names are easily confused."""
    rows = [
        ("DUPONT", "Marie", date(1985, 4, 3), ""),
        ("DUPONT", "Jean-Pierre", date(1950, 1, 12), ""),
        ("DUPOND", "Marc", date(2001, 7, 9), ""),
        ("LE GALL", "Hélène", date(1990, 11, 30), "MARTIN"),
        ("LEFEBVRE", "Zoé", date(1985, 4, 3), ""),
        ("MARTIN", "Dupré", date(1970, 5, 5), ""),
    ]
    return {
        f"{name} {first}": PatientFactory.create(
            practice=practice,
            birth_name=name,
            first_birth_first_name=first,
            born_on=born_on,
            used_name=used,
            mobile_phone="+33639980001" if first == "Marie" else "",
        )
        for name, first, born_on, used in rows
    }


def names(practice, text, limit=20):
    return [one.name for one in searches.search(practice.id, text, limit).found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dupont marie", ["DUPONT Marie"]),
        ("marie dupont", ["DUPONT Marie"]),
        ("DUP MAR 85", ["DUPONT Marie"]),
        ("mar dup", ["DUPOND Marc", "DUPONT Marie", "MARTIN Dupré"]),
        ("03/04/1985", ["DUPONT Marie", "LEFEBVRE Zoé"]),
        ("3 avril 1985", ["DUPONT Marie", "LEFEBVRE Zoé"]),
        ("avril 1985 lef", ["LEFEBVRE Zoé"]),
        ("06 39 98", ["DUPONT Marie"]),
        ("+33 6 39 98 00 01", ["DUPONT Marie"]),
        ("legall", ["MARTIN Hélène"]),
        ("le-gall helene", ["MARTIN Hélène"]),
        ("jeanpierre", ["DUPONT Jean-Pierre"]),
        ("jean pierre", ["DUPONT Jean-Pierre"]),
        ("zoe", ["LEFEBVRE Zoé"]),
    ],
)
def test_search_finds_what_is_typed(practice, people, text, expected):
    found = [one for one in searches.search(practice.id, text, 20).found if not one.is_close]
    assert [one.name for one in found] == expected


def test_search_by_file_number_comes_first(practice, people):
    number = people["LEFEBVRE Zoé"].file_number
    assert names(practice, str(number))[0] == "LEFEBVRE Zoé"


@pytest.mark.parametrize("typed", ["lefevre", "lefebvr zo", "lefbvre"])
def test_misspelled_surname_is_found_and_marked(practice, people, typed):
    found = searches.search(practice.id, typed, 20).found
    by_name = {one.name: one for one in found}
    assert "LEFEBVRE Zoé" in by_name
    if typed != "lefebvr zo":
        assert by_name["LEFEBVRE Zoé"].is_close


def test_exact_hits_come_before_near_spellings(practice, people):
    found = searches.search(practice.id, "dupont", 20).found
    assert [(one.name, one.is_close) for one in found] == [
        ("DUPONT Jean-Pierre", False),
        ("DUPONT Marie", False),
        ("DUPOND Marc", True),
    ]


def test_exact_surname_comes_before_a_longer_one(practice, people):
    PatientFactory.create(practice=practice, birth_name="MARTINEAU", first_birth_first_name="Al")
    assert names(practice, "martin")[-1] == "MARTINEAU Al"


def test_near_spelling_keeps_the_other_words(practice, people):
    assert "DUPOND Marc" not in names(practice, "dupnt marie")
    assert names(practice, "dupnt marie")[0] == "DUPONT Marie"


def test_short_word_is_never_called_a_misspelling(practice, people):
    assert names(practice, "qx") == []


def test_search_stays_in_the_practice(other_practice, people):
    assert names(other_practice, "dupont") == []
    assert names(other_practice, "lefevre") == []


def test_search_gives_at_most_what_is_asked(practice, people):
    assert len(names(practice, "m", limit=2)) == 2


def test_search_for_signs_alone_finds_nothing(practice, people):
    assert searches.search(practice.id, "%_'\"\\ <b>", 20).found == []
    assert names(practice, "...") == []


def test_marks_of_a_line(practice):
    patient = PatientFactory.create(
        practice=practice,
        birth_name="RIVIÈRE",
        used_name="COSTE",
        first_birth_first_name="Anne",
        died_on=date(2025, 1, 2),
        is_homonym=True,
        mobile_phone="+33639980001",
    )
    MedicalAlertFactory.create(patient=patient)
    (one,) = searches.search(practice.id, "riviere", 20).found
    assert (one.name, one.birth_name, one.born) == ("COSTE Anne", "RIVIÈRE", "née")
    assert (one.is_dead, one.is_homonym, one.has_alert, one.is_close) == (True, True, True, False)
    assert (one.age, one.birth_date, one.phone) == ("39 ans", "03/04/1985", "06 39 98 00 01")


def test_child_is_found_by_her_mothers_telephone(practice, people):
    from quenotte.care.patients import operations

    child = people["LEFEBVRE Zoé"]
    RelatedPersonFactory.create(patient=child, phone="+33639980055")
    operations.rebuild_search_keys(child)
    assert names(practice, "0639980055") == ["LEFEBVRE Zoé"]
