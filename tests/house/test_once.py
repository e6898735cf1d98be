"""What the second engine's pass leaves out could not have given another answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import once, settled
from tests.support.once import is_page, may_differ

TESTS = Path(__file__).resolve().parents[1]
OF_THE_PROVIDER = TESTS.parent / "tests_provider"
#: What a test about devices or the kernel may import of us: nothing that opens a database.
_APART = re.compile(
    r"(quenotte|tests)\.(devices|kernel)\b|tests\.support(\.| import )(mail_servers|push_services)"
    r"|tests\.support\.installations import free_port$"
)

_PURE: dict[str, Any] = {
    "folder": "care",
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


def test_pages_run_on_one_engine_unless_they_open_connections() -> None:
    told = _PURE | {"is_page": True, "marks": ["django_db"], "fixtures": ["db", "client_of"]}

    assert not may_differ(**told)
    assert may_differ(**told | {"fixtures": ["transactional_db"]})
    assert may_differ(**told | {"marks": ["real_clock", "django_db"]})
    for place, expected in {
        "care/chart/views/test_notes.py": True,
        "care/stock/test_views.py": True,
        "house/test_urls.py": True,
        "care/stock/test_operations.py": False,
        "care/chart/test_queries.py": False,
    }.items():
        assert is_page(TESTS / place) == expected
    assert is_page(OF_THE_PROVIDER / "isolation/test_addresses.py")
    assert not is_page(OF_THE_PROVIDER / "fleet/test_taking.py")


@pytest.mark.parametrize("folder", ["devices", "kernel"])
def test_what_may_not_import_django_runs_on_one(folder: str) -> None:
    texts = ["import subprocess", "from tests.support import certificates"]

    assert not may_differ(**_PURE | {"folder": folder, "marks": ["real_clock"], "texts": texts})
    assert may_differ(**_PURE | {"folder": folder, "marks": ["django_db"]})
    assert may_differ(**_PURE | {"folder": folder, "fixtures": ["db"]})


def test_what_hangs_on_no_kind_of_database_runs_once_though_it_needs_one() -> None:
    assert not may_differ(**_PURE | {"marks": ["django_db", "any_engine"], "fixtures": ["db"]})


def test_what_needs_no_database_for_its_proof_runs_on_one_engine() -> None:
    told = {"marks": ["one_engine", "real_clock"], "texts": ["import subprocess"]}

    assert not may_differ(**_PURE | told)
    assert not may_differ(**_PURE | told | {"folder": "real", "fixtures": ["installation"]})
    assert may_differ(**_PURE | told | {"fixtures": ["db"]})


@pytest.mark.parametrize("folder", ["devices", "kernel"])
def test_tests_of_what_may_not_import_django_start_nothing_of_the_product(folder: str) -> None:
    lines = {
        line
        for path in (TESTS / folder).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s*(from|import) (django|quenotte|tests)\b", line)
    }
    assert lines
    assert [line for line in sorted(lines) if not _APART.search(line)] == []


def test_second_pass_reads_no_file_that_the_first_found_to_hold_nothing_for_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUENOTTE_SETTLED", str(tmp_path))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    here = [one for one in request.session.items if one.path == request.path]
    settled.pytest_collection_modifyitems(here)

    once._settled.cache_clear()
    try:
        assert once._settled() == {str(request.path): len(here)}
        assert once.pytest_ignore_collect(request.path, request.config)
        assert once.pytest_ignore_collect(TESTS / "config/test_cli.py", request.config) is None
        assert request.config.stash[once._LEFT_OUT] == len(here)
    finally:
        request.config.stash[once._LEFT_OUT] = 0
        once._settled.cache_clear()


def test_file_with_one_test_that_may_differ_is_read(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUENOTTE_SETTLED", str(tmp_path))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.setattr(once, "runs_again", lambda item: item is request.node)
    settled.pytest_collection_modifyitems(list(request.session.items))
    assert str(request.path) not in (tmp_path / "tests.json").read_text("utf-8")
