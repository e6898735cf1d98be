import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from random import Random

import pytest
import time_machine

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.imaging.models import Device
from quenotte.care.patients.models import Patient, SearchKey
from quenotte.care.questionnaires.models import RaisedAlert
from quenotte.config.demo import patients, practice, visits, words
from quenotte.kernel.identifiers import is_valid_ins, nir_matches
from tests.config.demo.conftest import Filled

TODAY = date(2026, 3, 17)
NOW = datetime(2026, 3, 17, 14, 50, tzinfo=visits.ZONE)
SMALL = practice.Size(patients=120, years=1, days_ahead=20)


@pytest.fixture(scope="module")
def filled(filling: Filled) -> Iterator[None]:
    def fill() -> None:
        with time_machine.travel(NOW, tick=False):
            practice.prepare(lambda _what, _share: None, size=SMALL, now=NOW)

    with filling(fill):
        yield


@pytest.fixture
def demo(filled: None, db: None) -> Practice:
    return Practice.objects.get()


def test_demo_has_its_team_and_its_devices(demo: Practice) -> None:
    roles = Counter(Person.objects.values_list("role", flat=True))
    assert roles["praticien"] == 2
    assert roles["assistante"] == roles["secretaire"] == 1
    assert Device.objects.filter(ae_title="STORESCU", is_recognised=True).exists()
    assert demo.is_demo


def test_demo_people_can_be_found_and_have_test_numbers_alone(demo: Practice) -> None:
    assert Patient.objects.count() == 120
    assert demo.last_file_number == 120
    assert SearchKey.objects.values("patient").distinct().count() == 120
    for patient in Patient.objects.exclude(ins_matricule=""):
        assert patient.ins_oid == patients.TEST_OID
        assert is_valid_ins(patient.ins_matricule, patient.ins_oid)
        assert not nir_matches(patient.ins_matricule, sex=patient.sex, born_on=patient.born_on)


def test_demo_day_is_half_done(demo: Practice) -> None:
    states = Counter(
        Appointment.objects.filter(starts_at__date=TODAY).values_list("status", flat=True)
    )
    assert states["done"] > 4
    assert states["in_chair"] >= 1
    assert states["booked"] + states["confirmed"] > 4


def test_demo_questionnaires_name_the_alerts_that_their_answers_tell(demo: Practice) -> None:
    told = RaisedAlert.objects.select_related("alert", "questionnaire")
    assert told.count() > 10
    assert all(one.alert.patient_id == one.questionnaire.patient_id for one in told)
    assert not told.filter(is_ours=True).exists()


def test_demo_has_a_past_and_a_future(demo: Practice) -> None:
    assert Appointment.objects.filter(starts_at__date__gt=TODAY).exists()
    assert Note.objects.count() > 500
    assert ChartEvent.objects.exists()


def test_demo_is_prepared_once(demo: Practice) -> None:
    practice.prepare(lambda _what, _share: pytest.fail("prepared twice"), size=SMALL, now=NOW)
    assert Practice.objects.count() == 1


def test_demo_is_the_same_for_the_same_seed(demo: Practice) -> None:
    names = list(Patient.objects.order_by("file_number").values_list("birth_name", "born_on")[:5])
    from random import Random

    again = patients.draw_patients(Random(practice.SEED), demo, 5, TODAY)
    assert [(patient.birth_name, patient.born_on) for patient, _, _ in again] == names


def test_demo_extractions_are_on_the_chart(demo: Practice) -> None:
    extractions = Note.objects.filter(text__contains=" : avulsion")
    assert extractions.exists()
    for note in extractions:
        tooth = int(note.text.split(" ")[0])
        assert any(
            event.finding == {"kind": "extraction", "teeth": [tooth], "status": "done"}
            for event in ChartEvent.objects.filter(patient=note.patient_id)
        )


def test_demo_wisdom_teeth_alone_come_through_with_pain(demo: Practice) -> None:
    visits_in_pain = Appointment.objects.filter(title=words.PAIN, status=Appointment.Status.DONE)
    notes = [
        visits.draw_note(Random(seed), visit, {})
        for visit in visits_in_pain.select_related("patient", "practitioner")
        for seed in range(30)
    ]
    told = [note.text for note in notes if note is not None and words.ERUPTION in note.text]
    assert told
    assert {re.findall(r"\d+", text)[0][1] for text in told} == {"8"}


def test_demo_children_get_no_crown_and_nobody_comes_first_twice(demo: Practice) -> None:
    crowns = Appointment.objects.filter(title="Couronne").select_related("patient")
    assert all((it.starts_at.date() - it.patient.born_on).days >= 14 * 365 for it in crowns)
    firsts = Counter(
        Appointment.objects.filter(title="Première consultation").values_list("patient", flat=True)
    )
    assert set(firsts.values()) == {1}


@pytest.mark.parametrize(
    ("sex", "age", "is_possible"),
    [("M", 30, False), ("F", 8, False), ("F", 70, False), ("F", 30, True)],
)
def test_alerts_of_the_demo_fit_sex_and_age(sex, age, is_possible):
    found = patients._possible_alerts(sex, age)
    assert ("pregnancy" in found) is is_possible
    assert ("stroke" in found) is (age >= 40)
