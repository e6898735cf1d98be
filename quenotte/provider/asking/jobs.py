"""What the provider's worker forgets of questions."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.asking import operations
from quenotte.provider.fleet import operations as fleet


@job(max_attempts=3, label=_("Oubli des questions aux machines"))
def forget() -> None:
    """Forget the questions that are too old. Raises: ClockDoubted."""
    now = timezone.now()
    fleet.believe_clock(now=now)
    operations.forget(now=now)
