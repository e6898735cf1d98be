"""What the provider's worker does again and again."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.fleet import operations

#: Histories are kept so long: a year, and the month that is not over.
_KEPT: Final = timedelta(days=396)


@job(max_attempts=1, label=_("Regard sur les licences des cabinets"))
def judge_papers() -> None:
    """Look for licences that ended, end soon, or are used on more machines than they are for."""
    operations.judge_papers(now=timezone.now())


@job(max_attempts=3, label=_("Mois de l’historique du parc"))
def keep_months() -> None:
    """Make the months to come, forget those that are too old. Raises: ClockDoubted."""
    now = timezone.now()
    operations.make_coming_months()
    operations.believe_clock(now=now)
    operations.keep_months(before=now - _KEPT)
