"""Accounts as rows."""

import pytest
from django.db import IntegrityError

from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.models import Practice
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_create_user_hashes_the_password(practice: Practice) -> None:
    person = Person.objects.create_user(
        "nora", "secret-long-mot", practice=practice, first_name="Nora", last_name="Le Goff",
        role="secretaire",
    )  # fmt: skip

    assert person.password != "secret-long-mot"
    assert person.check_password("secret-long-mot")
    assert str(person) == "Nora Le Goff"


def test_account_without_a_password_opens_to_nobody(practice: Practice) -> None:
    person = Person.objects.create_user("nora", practice=practice, role="secretaire")

    assert not person.has_usable_password()


def test_role_must_be_known(practice: Practice) -> None:
    with pytest.raises(IntegrityError, match="person_role_is_known"):
        PersonFactory.create(practice=practice, role="patron")


def test_person_who_left_cannot_stay_active(practice: Practice) -> None:
    with pytest.raises(IntegrityError, match="person_who_left_is_inactive"):
        PersonFactory.create(practice=practice, left_at="2026-01-01T10:00Z", is_active=True)


def test_draft_names_itself(alice: Person) -> None:
    assert str(Draft(person=alice, key="note")) == "note"
