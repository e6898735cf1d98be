"""The line of each command of the media in the journal of accesses, where there is a practice.

Tapes and discs are gathered on blank machines too, where nothing is to be told to anybody.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from quenotte.config import console, data_folder
from quenotte.config.media import owner
from quenotte.config.words import _

if TYPE_CHECKING:
    from quenotte.devices.media.disks.register import Rota

#: What each end of a command is for the journal.
_RESULTS: Final = {"refused": "refused", "damaged": "failed"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a command does: an action of the journal, the kind of medium, its name if known."""

    action: str
    kind: str
    name: str = ""


def is_practice() -> bool:
    """Tell whether this data folder belongs to a practice, opening nothing."""
    if os.environ.get("QUENOTTE_DATABASE_URL"):
        return True
    return (data_folder.default_folder() / "db.sqlite3").is_file()


@owner.acting()
def write(deed: Deed, told: dict[str, Any]) -> None:
    """Write the line of a command that is over; one that cannot be written stops nothing."""
    if deed.action == "send" and told["state"] != "refused" and owner.is_elsewhere():
        console.complain(
            _(
                "Aucun cabinet ne compte cette copie : il n’y en a pas dans {folder}. Donnez son "
                "dossier de données (« --data ») la prochaine fois."
            ).format(folder=data_folder.default_folder())
        )
    if not _is_ready():
        return
    from django.db import DatabaseError

    from quenotte.base.audit.rules import Action
    from quenotte.upkeep.media import operations

    try:
        operations.tell(
            Action(deed.action),
            deed.kind,
            deed.name or str(told.get("letter", "")),
            state=str(told["state"]),
            count=told.get("files"),
            size_bytes=told.get("bytes"),
            result=_RESULTS.get(str(told["state"]), "ok"),
        )
    except DatabaseError:
        console.complain(
            _(
                "Cette action est faite, mais n’a pas pu être inscrite au journal : la base ne "
                "répond pas."
            )
        )


@owner.acting()
def opening_after(moment: datetime) -> datetime | None:
    """Return when the practice opens next after a moment (aware), None where there is none."""
    if not _is_ready():
        return None
    from django.db import DatabaseError

    from quenotte.upkeep.media import queries

    try:
        return queries.opening_after(moment)
    except DatabaseError:
        return None


@owner.acting()
def is_refused(rota: "Rota") -> bool:
    """Tell whether an anomaly is open; what the mark says where no database answers."""
    if not _is_ready():
        return rota.is_refused
    from django.db import DatabaseError

    from quenotte.upkeep.media import queries

    try:
        return queries.is_refused(rota)
    except DatabaseError:
        return rota.is_refused


@owner.acting()
def data_at_of(place: str) -> datetime | None:
    """Return the moment that a place brings back by now, None where no practice can say.

    Asked before a medium is written: a copy that comes meanwhile may not be on it.
    """
    if not _is_ready():
        return None
    from django.db import DatabaseError

    from quenotte.upkeep.media import operations

    try:
        return operations.data_at_of(place)
    except DatabaseError:
        return None


@owner.acting()
def note_run(letter: str, uuid: str, data_at: datetime | None) -> bool:
    """Remember the visit of a disk with what it brings back; False where no practice can say."""
    if not _is_ready():
        return False
    from quenotte.upkeep.media import operations

    return _noted(operations.note_run, letter, uuid, data_at)


@owner.acting()
def note_shelved(
    kind: str, name: str, data_at: datetime | None, made_at: datetime | None = None
) -> bool:
    """Remember discs or a tape that took a copy; False where no practice can say."""
    if not _is_ready():
        return False
    from quenotte.upkeep.media import operations

    return _noted(partial(operations.note_shelved, made_at=made_at), kind, name, data_at)


def _noted(note: Callable[..., None], *values: object) -> bool:
    from django.db import DatabaseError

    try:
        note(*values)
    except DatabaseError:
        return False
    return True


def _is_ready() -> bool:
    """Tell whether there is a practice here that this account may open."""
    try:
        if owner.is_elsewhere() or not is_practice():
            return False
        import django

        django.setup()
    except PermissionError:
        return False
    return True
