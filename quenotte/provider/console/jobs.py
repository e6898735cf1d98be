"""What the provider's worker forgets of the searches that were kept under a name."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.console import operations
from quenotte.provider.fleet import operations as fleet


@job(max_attempts=3, label=_("Oubli des vues retirées"))
def forget_removed() -> None:
    """Forget the views that were taken away long ago. Raises: ClockDoubted."""
    now = timezone.now()
    fleet.believe_clock(now=now)
    operations.forget_removed(now=now)
