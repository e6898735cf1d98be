"""What the provider's worker lets go of each day."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.retention import operations


@job(max_attempts=3, label=_("Oubli des anciens cabinets et des vieux jetons"))
def forget() -> None:
    """Let go of what is kept no longer of practices whose contract ended. Raises: ClockDoubted."""
    now = timezone.now()
    fleet.believe_clock(now=now)
    operations.forget(now=now)
