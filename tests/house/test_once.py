"""What the second engine's pass leaves out could not have given another answer."""

from typing import Any

import pytest

from tests.support.once import may_differ

_PURE: dict[str, Any] = {
    "folder": "kernel",
    "marks": ["parametrize"],
    "fixtures": ["request", "tmp_path", "django_db_blocker", "_django_db_marker"],
    "texts": ["def test_a(): assert 1"],
}


def test_pure_test_runs_on_one_engine() -> None:
    assert not may_differ(**_PURE)


@pytest.mark.parametrize(
    "reaching",
    [
        {"folder": "real"},
        {"folder": "config"},
        {"marks": ["django_db"]},
        {"marks": ["real_clock"]},
        {"fixtures": ["db"]},
        {"fixtures": ["transactional_db"]},
        {"fixtures": ["django_db_setup"]},
        {"fixtures": ["live_server"]},
        {"fixtures": ["served"]},
        {"texts": ["", "import subprocess"]},
        {"texts": ["from django.db import connection"]},
        {"texts": ["with django_db_blocker.unblock():"]},
        {"texts": ["from tests.support.installations import Workshop"]},
    ],
)
def test_what_may_reach_a_database_runs_on_both(reaching: dict[str, Any]) -> None:
    assert may_differ(**_PURE | reaching)
