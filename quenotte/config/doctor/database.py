"""The database: reachable, whole, up to date."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quenotte.config.doctor.finding import Finding, State
from quenotte.config.words import _

#: The oldest PostgreSQL that we know to work.
OLDEST_POSTGRES = 14
#: A SQLite file is read from end to end for no longer than this, in seconds.
LONGEST_S = 120
#: How many anomalies are looked for before the file is called damaged.
_ENOUGH = 5
#: SQLite is stopped between so many of its instructions: some milliseconds.
_STRIDE = 100_000

#: What PostgreSQL itself no longer trusts: an index half made, a constraint never checked.
_UNSOUND = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE NOT (i.indisvalid AND i.indisready)
   AND c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT conname FROM pg_constraint
 WHERE NOT convalidated
   AND connamespace = current_schema()::regnamespace
 ORDER BY 1
"""


def examine() -> Iterator[Finding]:
    """Look at the database."""
    import django

    django.setup()
    from django.db import DatabaseError, connection

    subject = _("Base de données")
    if not is_there():
        yield Finding(
            subject, State.ATTENTION, _("elle n’existe pas encore."),
            _("Elle est créée par « quenotte serve » ou « quenotte migrate »."),
        )  # fmt: skip
        return
    try:
        yield _sqlite() if connection.vendor == "sqlite" else _postgres()
        yield _migrations()
    except DatabaseError as error:
        yield Finding(
            subject, State.BAD,
            _("elle ne répond pas ou est abîmée."),
            _("N’y touchez plus : restaurez la dernière sauvegarde, ou appelez un technicien."),
            raw=str(error),
        )  # fmt: skip


def is_there() -> bool:
    """Tell whether there is a database to look at; never makes one."""
    from django.conf import settings
    from django.db import connection

    name = settings.DATABASES["default"]["NAME"]
    return connection.vendor != "sqlite" or (Path(name).exists() and Path(name).stat().st_size > 0)


def _sqlite() -> Finding:
    from django.db import OperationalError, connection

    subject = _("Base de données")
    deadline = time.monotonic() + LONGEST_S
    try:
        with _stopped_at(deadline), connection.cursor() as cursor:
            troubles = _anomalies(cursor)
            broken = cursor.execute("PRAGMA foreign_key_check").fetchone()
    except OperationalError:
        if time.monotonic() < deadline:
            raise
        return Finding(
            subject, State.ATTENTION,
            _("SQLite répond ; l’examen, arrêté au bout de {seconds} s, n’est pas fini.").format(
                seconds=LONGEST_S
            ),
            _("Relancez « quenotte doctor » quand personne ne travaille."),
        )  # fmt: skip
    if not troubles and not broken:
        words = _("SQLite, lue en entier et intacte (limite de l’examen : {seconds} s).")
        return Finding(subject, State.OK, words.format(seconds=LONGEST_S))
    words = _("elle est abîmée.")
    if not troubles:
        words = _("elle est abîmée : une ligne désigne une ligne disparue.")
    return Finding(
        subject, State.BAD, words,
        _("Arrêtez Quenotte et restaurez la dernière sauvegarde vérifiée."),
        raw="; ".join(troubles) or f"foreign key: {broken}",
    )  # fmt: skip


def _anomalies(cursor: Any) -> list[str]:
    """Read the whole file, each index against its table; return what SQLite says of it."""
    rows = cursor.execute(f"PRAGMA integrity_check({_ENOUGH})")
    return [str(row[0]) for row in rows if row[0] != "ok"]


@contextmanager
def _stopped_at(deadline: float) -> Iterator[None]:
    """Stop SQLite at this instant (monotonic clock, seconds): it then raises OperationalError."""
    from django.db import connection

    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: time.monotonic() >= deadline, _STRIDE)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def _postgres() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
        cursor.execute(_UNSOUND)
        unsound = [str(row[0]) for row in cursor.fetchall()]
    subject = _("Base de données")
    if unsound:
        return Finding(
            subject, State.BAD,
            _("PostgreSQL ne garantit plus : {names}.").format(names=", ".join(unsound)),
            _("Faites reconstruire ces index (REINDEX) ou valider ces contraintes."),
        )  # fmt: skip
    words = _("PostgreSQL {version} répond.").format(version=version)
    if int(version.partition(".")[0]) < OLDEST_POSTGRES:
        advice = _("Passez à PostgreSQL {version} ou plus.").format(version=OLDEST_POSTGRES)
        return Finding(subject, State.ATTENTION, words, advice)
    return Finding(subject, State.OK, words)


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    subject = _("Version de la base")
    if any(app in {"base", "care"} for app, _name in unknown):
        return Finding(
            subject, State.BAD, _("elle vient d’une version plus récente de Quenotte."),
            _("Réinstallez la version la plus récente."),
        )  # fmt: skip
    if missing:
        return Finding(
            subject, State.ATTENTION, _("{count} étapes à appliquer.").format(count=len(missing)),
            _("Lancez « quenotte migrate », ou redémarrez Quenotte."),
        )  # fmt: skip
    return Finding(subject, State.OK, _("à jour."))
