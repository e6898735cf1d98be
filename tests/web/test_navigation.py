"""The rail shows what a person may use."""

from django.http import HttpRequest

from quenotte.web import navigation
from quenotte.web.navigation import NavItem
from tests.web.conftest import rendered

PATIENTS = NavItem("patients", "Patients", "users", "web:kit", "patients.read", 30)
TODAY = NavItem("today", "Aujourd’hui", "house", "web:kit", "home.read", 10)


def test_items_are_in_rail_order(request_of: HttpRequest) -> None:
    navigation.register(PATIENTS)
    navigation.register(TODAY)
    navigation.use_permissions(lambda request, action: True)
    assert navigation.items_for(request_of) == [TODAY, PATIENTS]


def test_items_a_role_may_not_use_are_not_shown(request_of: HttpRequest) -> None:
    navigation.register(PATIENTS)
    navigation.register(TODAY)
    navigation.use_permissions(lambda request, action: action == "home.read")
    assert navigation.items_for(request_of) == [TODAY]


def test_nobody_may_anything_before_permissions_are_named(request_of: HttpRequest) -> None:
    assert not navigation.allowed(request_of, "home.read")


def test_a_stranger_sees_nothing(stranger_request: HttpRequest) -> None:
    navigation.register(TODAY)
    navigation.use_permissions(lambda request, action: True)
    assert navigation.items_for(stranger_request) == []


def test_a_second_item_with_the_same_key_replaces_the_first(request_of: HttpRequest) -> None:
    navigation.register(TODAY)
    newer = NavItem("today", "Accueil", "house", "web:kit", "home.read", 10)
    navigation.register(newer)
    navigation.use_permissions(lambda request, action: True)
    assert navigation.items_for(request_of) == [newer]


def test_rail_marks_the_place_of_the_page(request_of: HttpRequest) -> None:
    navigation.register(PATIENTS)
    navigation.use_permissions(lambda request, action: True)
    html = rendered('{% rail "patients" %}', request_of)
    assert 'aria-current="page"' in html
    assert "Patients" in html


def test_may_tag_asks_the_registered_permissions(request_of: HttpRequest) -> None:
    navigation.use_permissions(lambda request, action: action == "home.read")
    source = '{% may "home.read" as one %}{% may "audit.read" as two %}{{ one }} {{ two }}'
    assert rendered(source, request_of) == "True False"


def test_shell_tags_without_request_draw_nothing() -> None:
    assert rendered('{% panels "patient" "strip" %}{% theme_attribute %}') == ""
