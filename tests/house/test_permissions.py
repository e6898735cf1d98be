"""The permission table and the pages agree, for each role and each address."""

from collections.abc import Callable

import pytest
from django.test import Client

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.people.rules import PERMISSIONS, Role, may
from tests.factories import PersonFactory
from tests.house.addresses import VIEWS

#: Actions that no view names, and who asks for them.
ASKED_ELSEWHERE = {
    "live.read": "the raw door of live events (base.live.access)",
}


#: Pages that need nothing but a login: their address has no parameter.
PLAIN = [
    (f"/{route}", action)
    for route, view in VIEWS
    if "<" not in route and (action := getattr(view, "required_action", None))
]


@pytest.mark.parametrize(("route", "view"), VIEWS, ids=[route for route, _ in VIEWS])
def test_view_names_its_permission_or_is_public(route: str, view: Callable[..., object]) -> None:
    assert hasattr(view, "required_action"), f"/{route}: @requires(…) or @public is missing"
    action = view.required_action
    assert action is None or action in PERMISSIONS, f"/{route}: {action} is not in the table"


def test_action_of_the_table_is_asked_somewhere() -> None:
    asked = {getattr(view, "required_action", None) for _, view in VIEWS} | _asked_in_code()

    assert set(PERMISSIONS) - asked - set(ASKED_ELSEWHERE) == set()


def _asked_in_code() -> set[str]:
    """Return the actions that doors and panels ask: a view may open on a weaker one."""
    from pathlib import Path

    import quenotte

    package = Path(quenotte.__file__).parent
    files = [*package.rglob("*.py"), *package.rglob("*.html")]
    text = "\n".join(path.read_text("utf-8") for path in files if path.parent.name != "people")
    return {action for action in PERMISSIONS if f'"{action}"' in text}


@pytest.mark.parametrize("role", list(Role))
def test_no_role_is_without_home(role: Role) -> None:
    assert may(frozenset({role}), "home.read")


def test_unknown_action_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        may(frozenset(Role), "nothing.known")


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_pages_answer_each_role_as_the_table_says(
    role: Role, alice: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(
        PersonFactory.create(practice=alice.practice, role=role.value, is_manager=False)
    )
    wrong = {}
    for path, action in PLAIN:
        before = Line.objects.filter(result="refused").count()
        status = client.get(path).status_code
        refused = Line.objects.filter(result="refused").count() - before
        allowed = may(frozenset({role}), action)
        expected = {200, 302, 400, 405} if allowed else {403}
        if status not in expected or refused != (0 if allowed else 1):
            wrong[path] = (action, status, refused)
    assert wrong == {}


@pytest.mark.django_db
def test_pages_lead_a_stranger_to_login(alice: Person) -> None:
    answers = {path: Client().get(path) for path, _ in PLAIN}

    assert {path for path, answer in answers.items() if answer.status_code != 302} == set()
    assert not Line.objects.exists()


@pytest.mark.django_db
def test_refusal_is_a_page_in_french(bob: Person, client_of: Callable[[Person], Client]) -> None:
    answer = client_of(bob).get("/journal/")

    assert answer.status_code == 403
    assert "Votre rôle ne permet pas" in answer.content.decode()
