from datetime import date

import pytest

from quenotte.care.patients import rules, unions
from quenotte.care.patients.models import Patient

NIR, OID = "279035121518989", "1.2.250.1.213.1.4.10"
QUAL = rules.QUALIFIED


def record(**values):
    empty = {
        name: False
        if name.startswith(("is_", "do_not", "refuses_"))
        else None
        if name in {"died_on", "mutuelle_ends_on", "photo_id"}
        else ""
        for name in unions.FIELDS
    }
    who = {
        "birth_name": "Durand",
        "birth_first_names": "Marie",
        "first_birth_first_name": "Marie",
        "born_on": date(1985, 4, 3),
        "sex": "F",
        "identity_status": rules.PROVISIONAL,
    }
    return empty | who | values


def test_every_typed_field_is_compared():
    from quenotte.care.patients.operations import TYPED_FIELDS

    assert set(unions.FIELDS) >= TYPED_FIELDS
    assert {field.attname for field in Patient._meta.concrete_fields} >= set(unions.FIELDS)


def test_only_what_differs_is_asked():
    own, other = record(town="Nantes"), record(town="Rezé", email="m@courriel.example")
    assert unions.differing(own, other) == ["email", "address"]
    assert unions.differing(own, own) == []


@pytest.mark.parametrize(
    ("choice", "own", "other", "expected"),
    [
        ("email", {"email": ""}, {"email": "m@courriel.example"}, True),
        ("email", {"email": "a@courriel.example"}, {"email": "m@courriel.example"}, False),
        ("do_not_contact", {}, {"do_not_contact": True}, True),
        ("do_not_contact", {"do_not_contact": True}, {}, False),
        ("birth_name", {}, {"identity_status": rules.QUALIFIED}, True),
        ("birth_name", {"identity_status": rules.VALIDATED}, {}, False),
        (
            "birth_place_code",
            {"birth_place_code": "44109"},
            {"identity_status": "qualifiee"},
            False,
        ),
    ],
)
def test_proposal(choice, own, other, expected):
    assert unions.takes_other(choice, record(**own), record(**other)) is expected


def test_proof_holds_for_the_traits_it_proved():
    own = record()
    other = record(
        birth_name="Durant", identity_status=rules.QUALIFIED, ins_matricule=NIR, ins_oid=OID
    )
    whole = unions.united(own, other, taken=frozenset({"birth_name", "ins"}))
    mixed = unions.united(own, other, taken=frozenset({"ins"}))
    assert (whole["birth_name"], whole["identity_status"]) == ("Durant", rules.QUALIFIED)
    assert (mixed["birth_name"], mixed["identity_status"]) == ("Durand", rules.PROVISIONAL)
    assert mixed["ins_matricule"] == NIR


def test_better_proof_of_the_same_traits_wins():
    own = record(identity_status=rules.VALIDATED)
    united = unions.united(own, record(identity_status=rules.RETRIEVED), taken=frozenset())
    assert united["identity_status"] == rules.RETRIEVED


def test_doubtful_identity_carries_no_ins():
    own = record(ins_matricule=NIR, ins_oid=OID, identity_status=rules.QUALIFIED)
    united = unions.united(own, record(is_doubtful=True), taken=frozenset({"signals"}))
    assert (united["ins_matricule"], united["identity_status"]) == ("", rules.PROVISIONAL)


def test_two_qualified_ins_are_two_people():
    one = record(ins_matricule=NIR, ins_oid=OID, identity_status=rules.QUALIFIED)
    two = one | {"ins_matricule": "295109912611193"}
    assert unions.have_two_proved_ins(one, two)
    assert not unions.have_two_proved_ins(one, one)
    assert not unions.have_two_proved_ins(one, two | {"identity_status": rules.VALIDATED})
    assert not unions.have_two_proved_ins(one, record(identity_status=rules.QUALIFIED))


def test_nobody_is_the_homonym_of_a_fictitious_identity():
    own, other = record(is_homonym=True), record(is_fictitious=True)
    values = unions.united(own, other, taken=frozenset({"signals"}))
    assert (values["is_fictitious"], values["is_homonym"]) == (True, False)
