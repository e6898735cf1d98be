"""What the worker does for an official file."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.office.catalogue.operations import importing


@job(max_attempts=5, label=_("Lecture d’un fichier de la nomenclature"))
def read(import_id: str) -> None:
    """Compare a file with the catalogue."""
    importing.watched(importing.read, import_id=UUID(import_id))


@job(max_attempts=5, label=_("Mise à jour du catalogue des actes"))
def apply(import_id: str) -> None:
    """Write a file into the catalogue."""
    importing.watched(importing.apply, import_id=UUID(import_id))
