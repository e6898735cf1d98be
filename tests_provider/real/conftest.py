"""Sites of the provider in processes of their own, on either engine."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.support import postgres
from tests.support.installations import free_port
from tests_provider.real.sites import Site


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of two practices of the demo, on the engine of this run; its door is closed."""
    tmp_path = tmp_path_factory.mktemp("fleet")
    name = f"fleet_{free_port()}"
    is_postgres = os.environ.get("QUENOTTE_TEST_DATABASE", "sqlite") == "postgres"
    made = Site(tmp_path / "parc", postgres.new_database(name) if is_postgres else "")
    made.run("-m", "quenotte.config.processes.preparing")
    made.script(
        "from quenotte.config.fleet_demo import parc\n"
        "parc.prepare(lambda _words, _share: None, size=parc.Size(practices=2, machines=5))\n"
        "print('ready')"
    )
    yield made
    if is_postgres:
        with psycopg.connect(os.environ["QUENOTTE_DATABASE_URL"], autocommit=True) as connection:
            words = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(words.format(sql.Identifier(name)))


@contextlib.contextmanager
def database_away(site: Site) -> Iterator[None]:
    """Take the database of a site away: nobody connects, or another holds it shut."""
    if not site.database_url:
        yield from _held_shut(site.folder / "db.sqlite3")
        return
    name = urlsplit(site.database_url).path.lstrip("/")
    with psycopg.connect(os.environ["QUENOTTE_DATABASE_URL"], autocommit=True) as connection:
        words = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        shut, back = (
            words.format(sql.Identifier(name), sql.Literal(is_open)) for is_open in (False, True)
        )
        connection.execute(shut)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        connection.execute(back)


def _held_shut(path: Path) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()
