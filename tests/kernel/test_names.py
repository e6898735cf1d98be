import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import names


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lefèvre", "lefevre"),
        ("  D’HERVÉ-Œuf  ", "d herve oeuf"),
        ("Saint--Martin", "saint martin"),
        ("Müller Çelik", "muller celik"),
        ("😀", ""),
    ],
)
def test_fold_keeps_letters_and_digits_alone(text: str, folded: str) -> None:
    assert names.fold(text) == folded


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


def test_tokens_are_words_in_order() -> None:
    assert names.tokens("Le Gall-Anne") == ("le", "gall", "anne")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("DUPONT^MARIE", "Marie Dupont"),
        ("LEGALL^ANNE", "Le Gall Anne"),
        ("anne le gall", "LEGALL ANNE"),
        ("De La Rue Zoé", "RUE ZOE"),
        ("Le", "le"),
    ],
)
def test_same_name_ignores_order_accents_and_particles(a: str, b: str) -> None:
    assert names.same_name(a, b)
    assert names.same_name(b, a)


@pytest.mark.parametrize(
    ("a", "b"), [("DUPONT^MARIE", "DURAND MARIE"), ("DUPONT", "DUPONT MARIE"), ("", ""), ("^", "A")]
)
def test_same_name_tells_others_apart(a: str, b: str) -> None:
    assert not names.same_name(a, b)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Lefèvre", "Lefebvre", "Lefevre"),
        ("Gauthier", "Gautier", "Gotier"),
        ("Dupond", "Dupont"),
        ("Lemaitre", "Le Maître"),
        ("Moreau", "Moro"),
        ("Philippe", "Filippe"),
        ("Renaud", "Renault", "Reno"),
        ("Durand", "Durant"),
        ("Bernard", "Bernar"),
    ],
)
def test_phonetic_key_is_shared_by_spellings(spellings: tuple[str, ...]) -> None:
    assert len({names.phonetic(spelling) for spelling in spellings}) == 1


def test_phonetic_key_tells_common_surnames_apart() -> None:
    surnames = ["Martin", "Bernard", "Petit", "Robert", "Durand", "Moreau", "Simon", "Michel"]
    assert len({names.phonetic(surname) for surname in surnames}) == len(surnames)


def test_phonetic_key_of_nothing_is_empty() -> None:
    assert names.phonetic("42") == ""


def test_display_name_prefers_the_used_name() -> None:
    assert names.display_name("Dupont", "Martin", "Marie") == "MARTIN Marie"
    assert names.display_name("Dupont", "", "Marie") == "DUPONT Marie"


def test_initials_are_two_letters() -> None:
    assert names.initials("Dupont", "Marie") == "MD"
