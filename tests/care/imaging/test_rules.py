"""To whom an arriving picture belongs: nobody is ever guessed."""

import random
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quenotte.care.imaging.rules import (
    Agreement,
    Arrival,
    Candidate,
    Reason,
    Surroundings,
    dropped_contradictions,
    file_numbers,
    match,
    propose,
)

ISSUER = "CABINET-DES-QUENOTTES"
LEA = Candidate(
    id=uuid.UUID(int=1),
    file_number=42,
    born_on=date(1985, 4, 3),
    sex="F",
    names=("Le Gall Léa", "Martin Léa"),
)
AROUND = Surroundings(our_issuer=ISSUER, is_device_recognised=True)
ARRIVAL = Arrival(
    patient_id="42",
    issuer=ISSUER,
    name="MARTIN^Léa",
    born_on=date(1985, 4, 3),
    sex="F",
    taken_on=date(2026, 3, 17),
)


def test_match_with_number_issuer_and_birth_date_files():
    decision = match(ARRIVAL, [LEA], AROUND)

    assert decision.patient_id == LEA.id
    assert decision.is_filed
    assert decision.reasons == ()
    assert decision.proof == ("file_number", "issuer", "birth_date", "name")


def test_match_without_name_files_and_does_not_claim_the_name():
    decision = match(replace(ARRIVAL, name="  "), [LEA], AROUND)

    assert decision.patient_id == LEA.id
    assert decision.proof == ("file_number", "issuer", "birth_date")


@pytest.mark.parametrize("name", ["LE GALL^LEA", "le-gall^léa", "Martin^Lea"])
def test_match_accepts_birth_and_used_names_however_written(name):
    assert match(replace(ARRIVAL, name=name), [LEA], AROUND).is_filed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"patient_id": ""}, Reason.IDENTIFIER_MISSING),
        ({"issuer": ""}, Reason.ISSUER_MISSING),
        ({"issuer": "AUTRE"}, Reason.ISSUER_FOREIGN),
        ({"patient_id": "43"}, Reason.FILE_NUMBER_UNKNOWN),
        ({"patient_id": "042"}, Reason.FILE_NUMBER_UNKNOWN),
        ({"patient_id": "٤٢"}, Reason.FILE_NUMBER_UNKNOWN),
        ({"born_on": None}, Reason.BIRTH_DATE_MISSING),
        ({"born_on": date(1985, 3, 4)}, Reason.BIRTH_DATE_DIFFERS),
        ({"name": "DURAND^Paul"}, Reason.NAME_DIFFERS),
        ({"name": "MARTIN^Léo"}, Reason.NAME_DIFFERS),
        ({"sex": "M"}, Reason.SEX_DIFFERS),
    ],
)
def test_match_with_one_doubt_waits_with_that_reason(change, reason):
    decision = match(replace(ARRIVAL, **change), [LEA], AROUND)

    assert decision.patient_id is None
    assert reason in decision.reasons
    assert decision.proof == ()


def test_match_without_any_identity_says_all_that_is_missing():
    decision = match(Arrival(), [LEA], AROUND)

    assert decision.reasons == (Reason.IDENTIFIER_MISSING, Reason.BIRTH_DATE_MISSING)


def test_match_with_a_foreign_issuer_says_nothing_of_our_patient():
    decision = match(
        replace(ARRIVAL, issuer="AUTRE", name="DURAND^Paul", born_on=None), [LEA], AROUND
    )

    assert decision.reasons == (Reason.ISSUER_FOREIGN, Reason.BIRTH_DATE_MISSING)


def test_match_from_an_unknown_device_waits():
    decision = match(ARRIVAL, [LEA], replace(AROUND, is_device_recognised=False))

    assert decision.reasons == (Reason.DEVICE_UNKNOWN,)


@pytest.mark.parametrize("sex", ["", "O", "F"])
def test_match_takes_only_opposite_sexes_for_a_contradiction(sex):
    assert match(replace(ARRIVAL, sex=sex), [LEA], AROUND).is_filed


def test_match_in_the_study_of_another_patient_waits():
    around = replace(AROUND, study_patients=frozenset({LEA.id, uuid.UUID(int=2)}))

    assert match(ARRIVAL, [LEA], around).reasons == (Reason.STUDY_OF_ANOTHER,)


def test_match_in_her_own_study_files():
    assert match(ARRIVAL, [LEA], replace(AROUND, study_patients=frozenset({LEA.id}))).is_filed


def test_match_of_an_identifier_already_kept_with_other_bytes_waits():
    decision = match(ARRIVAL, [LEA], replace(AROUND, has_other_bytes=True))

    assert decision.reasons == (Reason.OTHER_BYTES,)


def test_match_of_a_picture_taken_after_death_waits():
    dead = replace(LEA, died_on=date(2026, 1, 1))

    assert match(ARRIVAL, [dead], AROUND).reasons == (Reason.TAKEN_AFTER_DEATH,)
    assert match(replace(ARRIVAL, taken_on=date(2025, 12, 31)), [dead], AROUND).is_filed


def test_match_between_two_patients_of_one_number_waits():
    decision = match(ARRIVAL, [LEA, replace(LEA, id=uuid.UUID(int=2))], AROUND)

    assert decision.patient_id is None


def _near(text: str) -> st.SearchStrategy[str]:
    """Texts that look like another one: cut, doubled, swapped, padded."""
    return st.sampled_from(
        [
            "",
            text,
            text[1:],
            text[:-1],
            text[::-1],
            text + text[-1:],
            "0" + text,
            text + " ",
            " " + text,
            text.lower(),
            text.replace("4", "7"),
        ]
    ) | st.text(max_size=8)


ARRIVALS = st.builds(
    Arrival,
    patient_id=_near("42") | st.integers(0, 60).map(str),
    issuer=_near(ISSUER),
    name=st.sampled_from(
        ["", "MARTIN^Léa", "LE GALL^Léa", "MARTIN^Léo", "MARTIN", "MARTAIN^Léa", "^Léa", "GALL^Léa"]
    ),
    born_on=st.none()
    | st.sampled_from([date(1985, 4, 3), date(1985, 3, 4), date(1958, 4, 3), date(1985, 4, 4)])
    | st.integers(-40, 40).map(lambda days: date(1985, 4, 3) + timedelta(days=days)),
    sex=st.sampled_from(["", "F", "M", "O"]),
    taken_on=st.none() | st.just(date(2026, 3, 17)),
)
PEOPLE = [
    LEA,
    Candidate(uuid.UUID(int=2), 24, date(1985, 4, 3), "F", ("Martin Léa",)),
    Candidate(uuid.UUID(int=3), 43, date(1985, 4, 3), "M", ("Martin Léo",)),
    Candidate(uuid.UUID(int=4), 4, date(1985, 3, 4), "F", ("Le Gall Léa",)),
    Candidate(uuid.UUID(int=5), 422, date(1958, 4, 3), "F", ("Martin Lea",)),
]
AROUNDS = st.builds(
    Surroundings,
    our_issuer=st.just(ISSUER),
    is_device_recognised=st.booleans(),
    study_patients=st.frozensets(st.sampled_from([each.id for each in PEOPLE]), max_size=2),
    has_other_bytes=st.booleans(),
)


@settings(max_examples=500, deadline=None)
@given(arrival=ARRIVALS, around=AROUNDS)
def test_match_never_files_to_somebody_else(arrival, around):
    check(arrival, around)


def test_match_misfiles_none_of_ten_thousand_near_misses():
    draw = random.Random(20260317)
    names = sorted({name.replace(" ", "^", 1) for each in PEOPLE for name in each.names})
    filed = 0
    for _ in range(10_000):
        arrival = Arrival(
            patient_id=draw.choice(["4", "42", "422", "24", "43", "042", "42 ", "", "999"]),
            issuer=draw.choice([ISSUER, ISSUER, ISSUER, ISSUER.lower(), "", "AUTRE"]),
            name=draw.choice([*names, "", "MARTIN^Léon", "GALL^Léa", "MARTIN"]),
            born_on=draw.choice([*(each.born_on for each in PEOPLE), None, date(1985, 4, 2)]),
            sex=draw.choice(["F", "M", "O", ""]),
        )
        others = draw.sample([each.id for each in PEOPLE], draw.choice([0, 0, 1, 2]))
        around = Surroundings(ISSUER, draw.random() < 0.9, frozenset(others), draw.random() < 0.1)
        filed += check(arrival, around)
    assert filed > 50  # the drawing is near enough to be a test


def check(arrival: Arrival, around: Surroundings) -> bool:
    """The rule said once more, naively; tell whether the picture was filed."""
    decision = match(arrival, PEOPLE, around)

    owners = [
        each
        for each in PEOPLE
        if arrival.patient_id == str(each.file_number)
        and arrival.issuer == ISSUER
        and arrival.born_on == each.born_on
        and {arrival.sex, each.sex} != {"F", "M"}
        and around.is_device_recognised
        and not around.has_other_bytes
        and around.study_patients <= {each.id}
    ]
    if decision.is_filed:
        assert [each.id for each in owners] == [decision.patient_id]
        assert not decision.reasons
    else:
        assert decision.reasons
        assert not (owners and not arrival.name.strip())
    return decision.is_filed


@settings(max_examples=200, deadline=None)
@given(arrival=ARRIVALS)
def test_match_of_whoever_is_unknown_files_nobody(arrival):
    assert not match(replace(arrival, patient_id="999"), PEOPLE, AROUND).is_filed


def test_propose_by_number_says_what_agrees_and_what_does_not():
    found = propose(replace(ARRIVAL, born_on=date(1985, 3, 4)), PEOPLE, AROUND)

    assert found[0].patient_id == LEA.id
    assert found[0].agreements == (Agreement.FILE_NUMBER, Agreement.NAME)
    assert found[0].contradictions == (Reason.BIRTH_DATE_DIFFERS,)


def test_propose_by_name_and_birth_date_needs_no_number():
    found = propose(replace(ARRIVAL, patient_id="", name="MARTIN^Léa"), PEOPLE, AROUND)

    assert [each.patient_id for each in found] == [LEA.id, uuid.UUID(int=2)]
    assert found[0].agreements == (Agreement.BIRTH_DATE, Agreement.NAME)


def test_propose_by_padded_number_without_issuer():
    found = propose(replace(ARRIVAL, patient_id=" 0042 ", issuer=""), [LEA], AROUND)

    assert Agreement.FILE_NUMBER in found[0].agreements


def test_propose_ignores_a_foreign_number():
    arrival = replace(ARRIVAL, issuer="AUTRE", name="", born_on=None)

    assert propose(arrival, PEOPLE, AROUND) == []


def test_propose_a_name_or_a_date_alone_means_nobody():
    assert propose(Arrival(name="MARTIN^Léa"), PEOPLE, AROUND) == []
    assert propose(Arrival(born_on=LEA.born_on), PEOPLE, AROUND) == []


def test_propose_the_patient_of_the_same_study():
    found = propose(Arrival(), PEOPLE, replace(AROUND, study_patients=frozenset({LEA.id})))

    assert [(each.patient_id, each.agreements) for each in found] == [(LEA.id, (Agreement.STUDY,))]


def test_file_numbers_keeps_what_may_be_a_number():
    assert file_numbers(["42", " 0043", "", "A42", "٤٢", "0", "9" * 11]) == {42, 43}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ()),
        ({"patient_id": "", "issuer": "", "name": "", "born_on": None}, ()),
        ({"patient_id": "7", "issuer": "AUTRE"}, ()),
        ({"patient_id": "7"}, (Reason.DROPPED_ON_ANOTHER,)),
        (
            {"patient_id": "", "name": "DURAND^Paul"},
            (Reason.DROPPED_ON_ANOTHER, Reason.NAME_DIFFERS),
        ),
    ],
)
def test_dropped_contradictions(change, reasons):
    assert dropped_contradictions(replace(ARRIVAL, **change), LEA, ISSUER) == reasons
