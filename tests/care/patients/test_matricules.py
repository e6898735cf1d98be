from datetime import date

import pytest

from quenotte.care.patients import matricules

NIR, NIA = "279035121518989", "779035121518933"
NIR_OID, NIA_OID, TEST_OID = (f"1.2.250.1.213.1.4.{end}" for end in (8, 9, 10))

PERSON = {"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": "51215"}


@pytest.mark.parametrize(
    ("matricule", "oid", "words"),
    [
        (NIR, NIR_OID, ""),
        (NIR, TEST_OID, ""),
        (NIA, NIA_OID, ""),
        (NIR, NIA_OID, "commence par 2 n’est pas un NIA"),
        (NIA, NIR_OID, "commence par 7 n’est pas un NIR"),
        ("", NIR_OID, ""),
        (NIR, None, ""),
    ],
)
def test_matricule_is_of_the_kind_that_its_oid_says(matricule, oid, words):
    found = matricules.wrong_kind(matricule, oid)
    assert words in found
    assert bool(words) == bool(found)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"sex": "M"}, ["sex"]),
        ({"born_on": date(1980, 3, 28)}, ["year"]),
        ({"born_on": date(1979, 4, 28)}, ["month"]),
        ({"birth_place_code": "44109"}, ["place"]),
        ({"birth_place_code": ""}, []),
        ({"sex": "M", "born_on": date(1980, 4, 28)}, ["sex", "year", "month"]),
        ({"sex": "I"}, []),
        ({"sex": ""}, []),
        ({"born_on": None}, []),
        ({"ins_matricule": ""}, []),
    ],
)
def test_contradictions_of_a_matricule_and_its_traits(changed, found):
    assert matricules.contradictions({"ins_matricule": NIR} | PERSON | changed) == found


def test_contradictions_are_asked_in_words():
    words = matricules.contradiction_words(["sex", "month"])
    assert "avec le sexe, le mois de naissance." in words
