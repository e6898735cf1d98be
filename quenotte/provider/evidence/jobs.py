"""What the worker does for dossiers."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.evidence import operations


@job(max_attempts=3, label=_("Dossier de preuves d’un cabinet"))
def make(making_id: str) -> None:
    """Make the dossier that somebody asked for."""
    operations.make(making_id=UUID(making_id))
