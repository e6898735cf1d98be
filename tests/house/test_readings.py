"""Nobody reads a record without the right and a line of the journal, whatever the address."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.people.rules import Role, may
from quenotte.care.patients.models import Patient
from tests.factories import PersonFactory
from tests.house.addresses import VIEWS, parameters, path_of, samples_of

pytestmark = pytest.mark.django_db

#: Addresses that open a record: a patient or a picture of hers is in them.
OF_A_RECORD = [
    (route, view.required_action)  # type: ignore[attr-defined]
    for route, view in VIEWS
    if {"patient_id", "picture_id"} & set(parameters(route))
]
#: Addresses with any parameter, and what they ask.
WITH_PARAMETERS = [
    (route, action)
    for route, view in VIEWS
    if parameters(route) and (action := getattr(view, "required_action", None))
]
#: Once its picture is filed, an address of the tray asks what a record asks.
STRICTER_DOOR = {
    "images/<uuid:picture_id>/choisir/": "imaging.read",
    "images/<uuid:picture_id>/vignette": "imaging.read",
}


@pytest.fixture
def samples(alice: Person, patient: Patient) -> dict[str, str]:
    return samples_of(alice, patient)


def allowed(person: Person, action: str) -> Person:
    """Return this person, or a colleague of hers whose role the table allows ``action``."""
    if person.may(action):
        return person
    role = next(role for role in Role if may(frozenset({role}), action))
    return PersonFactory.create(practice=person.practice, role=role.value, is_manager=False)


def test_there_are_addresses_to_look_at() -> None:
    assert len(OF_A_RECORD) > 20


def answers_of(
    person: Person, client_of: Callable[[Person], Client], samples: dict[str, str], **headers: str
) -> Iterator[tuple[str, int]]:
    """Open each address of a record as if it were the first; give it with the status.

    What an address leaves behind is taken back when the next one is asked for.
    """
    for route, action in OF_A_RECORD:
        with transaction.atomic():
            client = client_of(allowed(person, action))
            yield route, client.get(path_of(route, samples), headers=headers).status_code
            transaction.set_rollback(True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_a_first_look_at_a_record_leaves_exactly_one_line(
    headers: dict[str, str],
    samples: dict[str, str],
    alice: Person,
    patient: Patient,
    client_of: Callable[[Person], Client],
) -> None:
    wrong, looks = {}, 0
    for route, status in answers_of(alice, client_of, samples, **headers):
        lines = list(Line.objects.filter(patient_id=patient.id).values_list("action", "result"))
        told = [[]] if status == 405 else [[("read", "ok")], [("print", "ok")]]
        looks += status != 405
        if lines not in told:
            wrong[route] = (status, lines)
    assert wrong == {}
    assert looks > 20


def test_a_stranger_is_not_told_that_the_record_exists(
    samples: dict[str, str], chloe: Person, client_of: Callable[[Person], Client]
) -> None:
    answers = dict(answers_of(chloe, client_of, samples))
    assert {route: one for route, one in answers.items() if one not in {404, 405}} == {}
    assert 404 in answers.values()


@pytest.mark.parametrize("role", list(Role))
def test_addresses_with_parameters_answer_each_role_as_the_table_says(
    role: Role,
    samples: dict[str, str],
    alice: Person,
    client_of: Callable[[Person], Client],
) -> None:
    person = PersonFactory.create(practice=alice.practice, role=role.value, is_manager=False)
    client = client_of(person)
    wrong = {}
    for route, action in WITH_PARAMETERS:
        status = client.get(path_of(route, samples)).status_code
        asked = {action, STRICTER_DOOR.get(route, action)}
        allowed = all(may(frozenset({role}), each) for each in asked)
        if (status == 403) == allowed or status >= 500:
            wrong[route] = (action, status)
    assert wrong == {}
