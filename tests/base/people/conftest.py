"""Fixtures of the people room."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_login_counted_yet() -> None:
    """The clock stands still: without this, the logins of all tests fall in one minute."""
    cache.clear()
