"""Invented patients, always the same for the same seed."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from quenotte.base.practice.models import Practice
from quenotte.care.patients import rules
from quenotte.care.patients.models import (
    IdentityStatus,
    MedicalAlert,
    Patient,
    RelatedPerson,
)
from quenotte.config.demo import words
from quenotte.kernel.identifiers import nir_key
from quenotte.kernel.names import fold

#: The INS of test: no number of the demo practice can be taken for a real one.
TEST_OID = "1.2.250.1.213.1.4.10"


def draw_uuid(random: Random) -> uuid.UUID:
    """Return a UUID that depends on the seed alone."""
    return uuid.UUID(int=random.getrandbits(128), version=4)


def draw_patients(
    random: Random, practice: Practice, count: int, today: date
) -> Iterator[tuple[Patient, list[RelatedPerson], list[MedicalAlert]]]:
    """Draw ``count`` unsaved patients with their relatives and alerts.

    A third of them are families that share a name, an address and a telephone.
    """
    household: Patient | None = None
    taken: set[str] = set()
    for number in range(1, count + 1):
        if household is None or random.random() > 0.35:
            household = None
        patient = _draw_one(random, practice, number, today, household)
        _give_ins(random, patient, taken)
        relatives = _relatives(random, patient, household, today)
        # A draw of its own: an alert that joins the list moves nothing else of the demo.
        own = Random(patient.id.int)  # noqa: S311 - invented data, not a secret
        yield patient, relatives, _alerts(own, patient, today)
        household = patient if _age(patient, today) > 25 else household


def _age(patient: Patient, today: date) -> int:
    return (today - patient.born_on).days // 365


def _draw_one(
    random: Random, practice: Practice, number: int, today: date, household: Patient | None
) -> Patient:
    sex = random.choice("FM")
    first_names = random.sample(words.WOMEN if sex == "F" else words.MEN, 3)
    knotty = random.random() < 0.08
    birth_name = random.choice(words.KNOTTY_SURNAMES if knotty else words.SURNAMES)
    born_on = _birth_date(random, today, is_child=household is not None)
    used_name = ""
    if household is not None:
        birth_name = household.used_name or household.birth_name
    elif sex == "F" and born_on.year < 1990 and random.random() < 0.4:
        used_name = random.choice(words.SURNAMES)
    patient = Patient(
        id=draw_uuid(random),
        practice=practice,
        file_number=number,
        birth_name=birth_name,
        birth_first_names=" ".join(first_names[: random.choice((1, 2, 3))]),
        first_birth_first_name=first_names[0],
        born_on=born_on,
        sex=sex,
        birth_place_code=random.choice(words.BIRTH_PLACES),
        used_name=used_name,
        used_first_name=first_names[0] if random.random() < 0.5 else "",
    )
    _give_contact(random, patient, household)
    _give_cover(random, patient, today)
    return patient


def _birth_date(random: Random, today: date, *, is_child: bool) -> date:
    age_days = random.randint(3 * 365, 17 * 365) if is_child else random.randint(18 * 365, 92 * 365)
    return today - timedelta(days=age_days)


def _give_contact(random: Random, patient: Patient, household: Patient | None) -> None:
    # 06 39 98 xx xx and 02 61 91 xx xx are kept for fiction by the French numbering plan.
    patient.mobile_phone = f"+3363998{random.randrange(10_000):04d}"
    if random.random() < 0.3:
        patient.other_phone = f"+3326191{random.randrange(10_000):04d}"
    if random.random() < 0.6:
        local = f"{fold(patient.first_birth_first_name)}.{fold(patient.birth_name)}"
        patient.email = f"{local.replace(' ', '-')}@courriel.example"
    postcode, town = random.choice(words.TOWNS)
    patient.address = f"{random.randint(1, 140)} {random.choice(words.STREETS)}"
    patient.postcode, patient.town = postcode, town
    patient.do_not_contact = random.random() < 0.02
    if household is not None:
        patient.mobile_phone = household.mobile_phone
        patient.address = household.address
        patient.postcode, patient.town = household.postcode, household.town


def _give_cover(random: Random, patient: Patient, today: date) -> None:
    if random.random() < 0.8:
        patient.mutuelle_name = random.choice(words.MUTUELLES)
        patient.mutuelle_number = f"{random.randrange(10**8):08d}"
        patient.mutuelle_contract = f"{random.randrange(10**9):09d}"
        patient.mutuelle_ends_on = date(today.year + random.choice((0, 0, 0, 1)), 12, 31)
    if random.random() < 0.7:
        patient.referring_doctor = random.choice(words.DOCTORS)
    if _age(patient, today) > 80 and random.random() < 0.15:
        patient.died_on = today - timedelta(days=random.randint(30, 900))


def _give_ins(random: Random, patient: Patient, taken: set[str]) -> None:
    born = patient.born_on
    sex = "2" if patient.sex == "F" else "1"
    first = f"{sex}{born:%y%m}{patient.birth_place_code}{patient.file_number % 1000:03d}"
    if random.random() > 0.65 or first in taken:
        return
    taken.add(first)
    patient.ins_matricule = first + nir_key(first)
    patient.ins_oid = TEST_OID
    patient.identity_status = (
        IdentityStatus.QUALIFIED if random.random() < 0.8 else IdentityStatus.RETRIEVED
    )


def _relatives(
    random: Random, patient: Patient, household: Patient | None, today: date
) -> list[RelatedPerson]:
    if household is None or _age(patient, today) >= 18:
        return []
    parent = f"{household.used_name or household.birth_name} {household.first_birth_first_name}"
    return [
        RelatedPerson(
            id=draw_uuid(random),
            patient=patient,
            relation=relation,
            full_name=parent,
            phone=household.mobile_phone,
        )
        for relation in (RelatedPerson.Relation.GUARDIAN, RelatedPerson.Relation.INSURED)
    ]


def _possible_alerts(sex: str, age: int) -> list[str]:
    """Return the alerts that somebody of that sex and age may well have."""
    never = set()
    if sex != "F" or not 18 <= age <= 45:
        never |= {"pregnancy", "breastfeeding"}
    if age < 16:
        never |= {"smoking", "hypertension", "heart_disease", "stroke", "antiplatelet"}
        never |= {"antiresorptive", "methotrexate", "lithium", "liver_failure", "anticoagulant"}
        never |= {"heart_failure", "conduction", "stomach_ulcer"}
    elif age < 40:
        never |= {"heart_disease", "heart_failure", "stroke", "antiresorptive", "antiplatelet"}
    return sorted(rules.ALERTS.keys() - never)


def _alerts(random: Random, patient: Patient, today: date) -> list[MedicalAlert]:
    if random.random() > 0.22:
        return []
    possible = _possible_alerts(patient.sex, _age(patient, today))
    chosen = random.sample(possible, random.choice((1, 1, 1, 2, 3)))
    return [
        MedicalAlert(
            id=draw_uuid(random),
            patient=patient,
            kind=rules.ALERTS[code].kind,
            code=code,
            label=str(rules.ALERTS[code].label),
            severity=rules.ALERTS[code].severity,
        )
        for code in chosen
    ]
