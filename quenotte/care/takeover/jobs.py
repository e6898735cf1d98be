"""What the worker does for an import."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.takeover.operations import checking, forgetting, undoing, writing
from quenotte.care.takeover.operations.troubles import watched


@job(max_attempts=5, label=_("Vérification d’un fichier à reprendre"))
def check(import_id: str, person_id: str) -> None:
    """Judge every line of a file."""
    watched(checking.check, import_id=UUID(import_id), person_id=UUID(person_id))


@job(max_attempts=5, label=_("Reprise d’un fichier vérifié"))
def write(import_id: str, person_id: str) -> None:
    """Bring a checked file into the records."""
    watched(writing.write, import_id=UUID(import_id), person_id=UUID(person_id))


@job(max_attempts=5, label=_("Annulation d’une reprise"))
def undo(import_id: str, person_id: str) -> None:
    """Take an import back."""
    watched(undoing.undo, import_id=UUID(import_id), person_id=UUID(person_id))


@job(max_attempts=3, label=_("Effacement des lignes reprises"))
def forget_lines() -> None:
    """Erase the staged lines of old imports."""
    forgetting.forget_lines()
