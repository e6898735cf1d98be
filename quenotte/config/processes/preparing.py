"""Makes the database ready, then says so: migrations, the demo, the installation code.

Speaks JSON lines to whoever started it: ``{"progress": …}``, ``{"trouble": …,
"engine": …}`` (the second for the log), ``{"installation_code": …}``, ``{"hint": …}`` (a line for
the banner).
"""

import json
import sys
import time
from typing import Any

from quenotte.config import sites
from quenotte.config.processes import lifeline
from quenotte.config.words import _

#: How long a database that does not answer is waited for, in seconds.
PATIENCE_S = 20.0
#: Any number: two machines that start together must not migrate together.
_MIGRATION_LOCK = 0x51756E

_last_said: dict[str, int] = {}


def main(arguments: list[str]) -> int:
    """Prepare the database; return the exit code."""
    lifeline.attach("ready")
    site = sites.here()
    import django

    django.setup()
    from django.db import DatabaseError

    from quenotte.base.erasures import UnknownErasure

    try:
        _wait_for_database()
        migrate()
        site.settle()
        if "demo" in arguments:
            _say(hint=site.prepare_demo(_progress))
        site.load()
        _say(installation_code=_installation_code())
    except DatabaseError as error:
        _say(trouble=_trouble(), engine=_first_line(error))
        return 1
    except UnknownErasure:
        _say(trouble=_unknown_erasure())
        return 1
    return 0


def migrate() -> bool:
    """Apply what is missing; tell whether there was something."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    from quenotte.base.masses import Mass, declare

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _say(progress=_("Préparation de la base de données"))
    begun_at = timezone.now()
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        finally:
            if is_postgres:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
    # The next copy looks different, and nobody attacked.
    declare(Mass.MIGRATION, since=begun_at)
    return True


def _wait_for_database() -> None:
    from django.db import DatabaseError, connection

    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.ensure_connection()
        except DatabaseError:
            if time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)
        else:
            return


def _unknown_erasure() -> str:
    return _(
        "Ce cabinet revient d’une copie, et cette version de Quenotte ne sait pas refaire un "
        "effacement qui y est noté. Rien n’est perdu : installez la version qui tournait au "
        "cabinet, ou une plus récente, puis recommencez."
    )


def _progress(sentence: str, share: float) -> None:
    """Pass progress on, one line for each tenth."""
    tenth = int(share * 10)
    if _last_said.get(sentence) != tenth:
        _last_said[sentence] = tenth
        _say(progress=sentence, share=share)


def _installation_code() -> str:
    """Return the code that opens the first account; empty when an account exists."""
    from quenotte.base.practice.operations import installation_code

    return installation_code()


def _trouble() -> str:
    return _(
        "La base de données ne répond pas ou est abîmée. Rien n’a été modifié. "
        "Lancez « quenotte doctor » pour savoir quoi faire."
    )


def _first_line(error: Exception) -> str:
    """Return what the engine says, for the log: its first line, in its own English."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
