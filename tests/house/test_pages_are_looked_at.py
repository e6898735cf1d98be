"""No page that one can open is left out of what the journeys look at."""

import re
from collections.abc import Callable, Iterable

import pytest
from django.test import Client

from e2e.pages import ELSEWHERE, NOT_PAGES, OTHER_PAGES, PAGES
from quenotte.base.people.models import Person
from quenotte.care.patients.models import Patient
from tests.house.addresses import VIEWS, path_of, samples_of

_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")


def _path(address: str) -> str:
    return address.partition("?")[0]


LOOKED_AT = {_path(address) for address in PAGES.values()} | {
    _path(address) for addresses in OTHER_PAGES.values() for address in addresses
}
NAMED = LOOKED_AT | ELSEWHERE.keys() | NOT_PAGES.keys()
OPEN = ["/" + route for route, _view in VIEWS]


def _named(route: str, addresses: Iterable[str]) -> bool:
    """Tell whether a route is one of these addresses: a slug may be said, an id is in braces."""
    pattern, end = "", 0
    for found in _PARAMETER.finditer(route):
        one = r"\{\w+\}" if found[1] in {"uuid", "int"} else r"(?:\{\w+\}|[\w-]+)"
        pattern += re.escape(route[end : found.start()]) + one
        end = found.end()
    pattern += re.escape(route[end:])
    return any(re.fullmatch(pattern, address) for address in addresses)


@pytest.mark.django_db
def test_each_address_that_can_be_opened_is_looked_at_or_named(
    client_of: Callable[[Person], Client], alice: Person, patient: Patient
) -> None:
    browser, samples = client_of(alice), samples_of(alice, patient)
    forgotten = [
        route
        for route in OPEN
        if not _named(route, NAMED) and browser.get(path_of(route[1:], samples)).status_code != 405
    ]
    assert not forgotten, "\n".join(forgotten)


@pytest.mark.parametrize("address", [*ELSEWHERE, *NOT_PAGES])
def test_excluded_address_exists_and_is_in_no_list(address: str) -> None:
    route = next((route for route in OPEN if _named(route, [address])), "")
    assert route
    assert not _named(route, LOOKED_AT)
    assert {**ELSEWHERE, **NOT_PAGES}[address]


def test_an_id_is_not_taken_for_a_word() -> None:
    assert _named("/patients/<uuid:patient_id>/", ["/patients/{patient}/"])
    assert not _named("/patients/<uuid:patient_id>/", ["/patients/nouveau/", "/patients/"])
