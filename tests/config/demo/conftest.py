"""A demo practice is filled once for a file of tests: each of them works in a savepoint of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import transaction

Filled = Callable[[Callable[[], object]], Any]


@pytest.fixture(scope="module")
def filling(django_db_setup: None, django_db_blocker: Any) -> Filled:
    """Return a context in which the database holds what a function wrote, then nothing."""

    @contextmanager
    def filled(fill: Callable[[], object]) -> Iterator[None]:
        with ExitStack() as kept:
            with django_db_blocker.unblock():
                kept.enter_context(transaction.atomic())
                fill()
            yield
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                kept.close()

    return filled
