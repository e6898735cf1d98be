"""The database: reachable, whole, up to date."""

from collections.abc import Iterator
from pathlib import Path

from quenotte.config.doctor.finding import Finding, State
from quenotte.config.words import _

#: The oldest PostgreSQL that we know to work.
OLDEST_POSTGRES = 14


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
            _("elle ne répond pas ou est abîmée ({error}).").format(error=error),
            _("N’y touchez plus : restaurez la dernière sauvegarde, ou appelez un technicien."),
        )  # fmt: skip


def is_there() -> bool:
    """Tell whether there is a database to look at; never makes one."""
    from django.conf import settings
    from django.db import connection

    name = settings.DATABASES["default"]["NAME"]
    return connection.vendor != "sqlite" or (Path(name).exists() and Path(name).stat().st_size > 0)


def _sqlite() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        troubles = [row[0] for row in cursor.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        broken = cursor.execute("PRAGMA foreign_key_check").fetchone()
    subject = _("Base de données")
    if troubles or broken:
        words = str(troubles[0]) if troubles else _("une ligne désigne une ligne disparue.")
        return Finding(
            subject, State.BAD, _("elle est abîmée : {words}").format(words=words),
            _("Arrêtez Quenotte et restaurez la dernière sauvegarde vérifiée."),
        )  # fmt: skip
    return Finding(subject, State.OK, _("SQLite, entière."))


def _postgres() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
    words = _("PostgreSQL {version} répond.").format(version=version)
    if int(version.partition(".")[0]) < OLDEST_POSTGRES:
        advice = _("Passez à PostgreSQL {version} ou plus.").format(version=OLDEST_POSTGRES)
        return Finding(_("Base de données"), State.ATTENTION, words, advice)
    return Finding(_("Base de données"), State.OK, words)


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
