"""What the provider's worker forgets of questions."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.asking import operations


@job(max_attempts=3, label=_("Oubli des questions aux machines"))
def forget() -> None:
    """Forget the questions that are too old."""
    operations.forget(now=timezone.now())
