"""No page that one can open is left out of what the journeys look at."""

from collections.abc import Callable

import pytest
from django.test import Client

from e2e.pages import ELSEWHERE, NOT_PAGES, OTHER_PAGES, PAGES
from quenotte.base.people.models import Person
from tests.house.addresses import VIEWS, parameters


def _path(address: str) -> str:
    return address.partition("?")[0]


LOOKED_AT = {_path(address) for address in PAGES.values()} | {
    _path(address) for addresses in OTHER_PAGES.values() for address in addresses
}
NAMED = LOOKED_AT | ELSEWHERE.keys() | NOT_PAGES.keys()
OPEN = ["/" + route for route, _view in VIEWS if not parameters(route)]


@pytest.mark.django_db
def test_each_address_that_can_be_opened_is_looked_at_or_named(
    client_of: Callable[[Person], Client], alice: Person
) -> None:
    browser = client_of(alice)
    forgotten = [
        address
        for address in OPEN
        if address not in NAMED and browser.get(address).status_code != 405
    ]
    assert not forgotten, "\n".join(forgotten)


@pytest.mark.parametrize("address", [*ELSEWHERE, *NOT_PAGES])
def test_excluded_address_exists_and_is_in_no_list(address: str) -> None:
    assert address in OPEN
    assert address not in LOOKED_AT
    assert {**ELSEWHERE, **NOT_PAGES}[address]
