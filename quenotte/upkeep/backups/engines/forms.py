"""What both engines give and take, and what each may refuse."""

import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups.engines.contents import Contents


class NoDatabase(Refusal):
    """The data folder holds no practice."""

    message = _("Ce dossier de données ne contient pas encore de cabinet.")
    next_step = _("Vérifiez le dossier (« --data »), ou lancez d’abord « quenotte serve ».")


class NoRoomForCopy(Refusal):
    """The database cannot be copied beside itself."""

    message = _("Il n’y a pas assez de place pour copier la base avant de l’envoyer.")
    next_step = _("Rien n’est perdu. Libérez de la place sur le disque, puis recommencez.")


class UnreadableDatabase(Refusal):
    """The database does not give itself to be copied."""

    message = _("La base de données n’a pas pu être copiée.")
    next_step = _(
        "Les copies précédentes restent bonnes. Recommencez ; si cela se répète, appelez votre "
        "technicien avant toute autre chose."
    )


class NotRebuilt(Refusal):
    """What was restored does not become a database again."""

    message = _("La base restaurée ne se rouvre pas.")
    next_step = _("Ne supprimez rien. Essayez un autre emplacement et prévenez votre technicien.")


class NoTrialDatabase(Refusal):
    """The account of the server's database may not make another one."""

    message = _("Le compte de la base ne peut pas créer de base d’essai : rien n’est prouvé.")
    next_step = _("Votre technicien le donne par « ALTER ROLE … CREATEDB ».")


class NoProgram(Refusal):
    """The programs of PostgreSQL are not on this machine."""

    message = _("Les programmes de PostgreSQL (pg_dump, pg_restore) ne sont pas sur ce serveur.")
    next_step = _("Installez le paquet « postgresql-client », de la version de la base.")


@dataclass(frozen=True)
class DatabaseCopy:
    """A copy at ``data_at`` (aware), at ``path`` (file or folder) as long as the run lasts.

    ``name`` is that of the path in the tree of the snapshot.
    """

    name: str
    path: Path
    data_at: datetime
    contents: Contents
    size_bytes: int


@dataclass(frozen=True)
class Trial:
    """A restored database that can be opened. ``environment`` is what the opener is told.

    ``blobs``: the files that its rows speak of, by digest, with their bytes.
    """

    environment: Mapping[str, str]
    blobs: Mapping[str, int]


class Engine(Protocol):
    """One of the engines. ``NAME`` is its entry in the tree of a snapshot."""

    NAME: str

    def copied(self, folder: Path) -> AbstractContextManager[DatabaseCopy]:
        """Copy the database in use into ``folder`` for the work inside.

        Raises: NoDatabase, NoRoomForCopy, UnreadableDatabase, NoProgram.
        """

    def opened(self, folder: Path) -> AbstractContextManager[Trial]:
        """Make what was restored to ``folder`` a database for the work inside.

        Raises: NotRebuilt, NoTrialDatabase, NoProgram.
        """

    def figures(self) -> Contents:
        """Return the figures of the database in use. Raises: NoDatabase."""

    def faults(self) -> tuple[str, int]:
        """Return what the engine says of the database in use ("": sound), and how many references
        lead nowhere."""


def check_room(folder: Path, size_bytes: int) -> None:
    """Refuse to begin what would fill the disk of the practice. Raises: NoRoomForCopy."""
    if shutil.disk_usage(folder).free < size_bytes + settings.DISK_FLOOR_BYTES // 4:
        raise NoRoomForCopy
