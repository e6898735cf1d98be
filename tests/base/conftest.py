"""What several rooms of base need."""

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def shared_memory(transactional_db: None) -> Iterator[None]:
    """Let threads use the in-memory SQLite of the test."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.inc_thread_sharing()
    yield
    connection.dec_thread_sharing()
