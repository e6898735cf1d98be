"""What the worker does about questionnaires."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.questionnaires import operations


@job(max_attempts=3, label=_("Rangement des questionnaires signés"))
def keep_papers() -> None:
    """Keep the PDFs that a kill or an error left out."""
    operations.keep_missing_papers()
