"""Nobody reads a record without the right and a line of the journal, whatever the address."""

from collections.abc import Callable

import pytest
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


@pytest.mark.parametrize("is_fragment", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize(("route", "action"), OF_A_RECORD, ids=[one for one, _ in OF_A_RECORD])
def test_a_first_look_at_a_record_leaves_exactly_one_line(
    route: str,
    is_fragment: bool,
    action: str,
    samples: dict[str, str],
    alice: Person,
    patient: Patient,
    client_of: Callable[[Person], Client],
) -> None:
    headers = {"HX-Request": "true"} if is_fragment else {}
    reader = allowed(alice, action)

    answer = client_of(reader).get(path_of(route, samples), headers=headers)

    lines = list(Line.objects.filter(patient_id=patient.id).values_list("action", "result"))
    if answer.status_code == 405:
        assert lines == []
    else:
        assert lines in ([("read", "ok")], [("print", "ok")])


@pytest.mark.parametrize(("route", "action"), OF_A_RECORD, ids=[one for one, _ in OF_A_RECORD])
def test_a_stranger_is_not_told_that_the_record_exists(
    route: str,
    action: str,
    samples: dict[str, str],
    chloe: Person,
    client_of: Callable[[Person], Client],
) -> None:
    answer = client_of(allowed(chloe, action)).get(path_of(route, samples))

    assert answer.status_code in {404, 405}


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
