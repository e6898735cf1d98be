"""Whether a practice is there for the commands of the backups, before they do anything.

Nothing is made on the way: a database that is not there stays away.
"""

from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection
from django.db.backends.sqlite3.creation import DatabaseCreation
from django.db.migrations.loader import MigrationLoader

from quenotte.config import data_folder
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal

#: The tables that a copy takes for granted: those of other apps may wait for their update, before
#: which a copy is wise.
_NEEDED: Final = frozenset({"base", "upkeep"})


class NoPractice(Refusal):
    """The data folder holds no database."""

    def __init__(self) -> None:
        said = _("Il n’y a pas encore de cabinet dans ce dossier : {folder}.")
        super().__init__(said.format(folder=data_folder.default_folder()))

    next_step = _(
        "Rien n’a été fait, rien n’est perdu. Vérifiez « --data ». Si Quenotte démarre en ce "
        "moment, attendez qu’il soit prêt, puis recommencez ; sinon lancez-le : « quenotte serve »."
    )


class InPreparation(Refusal):
    """The database lacks tables that a copy needs: it is being made, or is older."""

    message = _("La base de ce cabinet n’est pas prête : en préparation, ou plus ancienne.")
    next_step = _(
        "Rien n’a été fait, rien n’est perdu. Si Quenotte démarre en ce moment, attendez qu’il "
        "soit prêt, puis recommencez ; sinon lancez d’abord « quenotte migrate »."
    )


class DatabaseBusy(Refusal):
    """The database gives no answer, or somebody else writes to it for longer than we wait."""

    message = _("La base de données est occupée ou ne répond pas.")
    next_step = _(
        "Rien n’est perdu, les copies déjà faites restent bonnes. Si Quenotte prépare un cabinet "
        "en ce moment, attendez qu’il soit prêt, puis recommencez ; sinon « quenotte doctor » dit "
        "quoi faire."
    )


def check() -> None:
    """Refuse a data folder whose database lacks what a copy needs.

    Raises: NoPractice, InPreparation, DatabaseBusy.
    """
    check_there()
    try:
        loader = MigrationLoader(connection)
    except DatabaseError as error:
        raise DatabaseBusy from error
    missing = set(loader.graph.nodes) - set(loader.applied_migrations)
    if any(app in _NEEDED for app, _name in missing):
        raise InPreparation


def check_there() -> None:
    """Refuse a data folder without a database. Raises: NoPractice."""
    if _is_absent():
        raise NoPractice


def _is_absent() -> bool:
    """Tell whether the file of the database is not there; SQLite would make an empty one."""
    name = connection.settings_dict["NAME"]
    is_file = isinstance(connection.creation, DatabaseCreation) and not (
        connection.creation.is_in_memory_db(name)
    )
    return is_file and not Path(name).is_file()
