"""How django-axes counts the failures of logins: one name, one address, and the two together.

An address that tries many names, or a name tried from many addresses, is refused in every
browser that is no workstation of the practice. A workstation only counts what it did itself:
a stranger who fails on purpose closes nobody's own screen.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from quenotte.base.people import rules
from quenotte.base.people.access import account_tried, lockout_minutes


class Handler(AxesDatabaseHandler):
    """The counters of django-axes, with two more; success forgets those of the pair alone."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures that count against this try: the limit of axes when it is over."""
        together: int = super().get_failures(request, credentials)
        # To look at the form is no try.
        if request.method == "POST" and _is_refused(request, credentials):
            return max(together, settings.AXES_FAILURE_LIMIT)
        return together


def _is_refused(request: Any, credentials: dict[str, Any] | None) -> bool:
    since = timezone.now() - timedelta(minutes=lockout_minutes())
    recent = AccessAttempt.objects.filter(attempt_time__gte=since)
    name = get_client_username(request, credentials)
    failures = rules.Failures(
        of_name=_sum(recent.filter(username=name)) if name else 0,
        of_address=_sum(recent.filter(ip_address=request.axes_ip_address)),
    )
    return rules.is_attack(failures) and not _is_at_home(request, credentials)


def _sum(attempts: "QuerySet[Any]") -> int:
    total: int | None = attempts.aggregate(total=Sum("failures_since_start"))["total"]
    return total or 0


def _is_at_home(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Tell whether a workstation asks, for an account of its own practice or for none."""
    seat = getattr(request, "workstation", None)
    if seat is None:
        return False
    account = account_tried(request, credentials)
    return account is None or account.practice_id == seat.practice_id
