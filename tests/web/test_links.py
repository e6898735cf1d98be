"""Addresses of lists are the addresses that Django would write."""

from uuid import UUID, uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from quenotte.web.links import link_to


@pytest.mark.parametrize("name", ["imaging:viewer", "imaging:vignette", "patients:record"])
@pytest.mark.parametrize("key", [UUID(int=0), uuid4()])
def test_link_is_the_address_of_the_view(name: str, key: UUID) -> None:
    assert link_to(name, key) == reverse(name, args=[key])


def test_unknown_view_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        link_to("imaging:nothing", uuid4())
