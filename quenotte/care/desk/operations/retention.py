"""What is over is forgotten when its time has come."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.masses import Mass, declare
from quenotte.care.desk.models import BoardNote, Call, Callback, Task
from quenotte.care.desk.rules.tasks import CALLS_KEPT_DAYS, KEPT_DAYS


@transaction.atomic
def purge() -> int:
    """Forget old calls, and what was done or came down a year ago; return how many rows.

    One line of the journal says how many, when there were any.
    """
    now = timezone.now()
    limit = now - timedelta(days=KEPT_DAYS)
    old_calls = Call.objects.filter(expires_at__lt=now - timedelta(days=CALLS_KEPT_DAYS))
    old_words = BoardNote.objects.filter(
        Q(taken_down_at__lt=limit) | Q(shown_until__lt=timezone.localdate(limit))
    )
    gone = sum(
        rows.delete()[0]
        for rows in (
            old_calls,
            Task.objects.filter(done_at__lt=limit),
            Callback.objects.filter(done_at__lt=limit),
            old_words,
        )
    )
    if gone:
        declare(Mass.PURGE, "care.BoardNote", "care.Call", "care.Callback", "care.Task", rows=gone)
        audit.record(
            action=Action.CHANGE,
            actor=SYSTEM,
            object_kind="task",
            detail={"state": "purged", "count": gone},
        )
    return gone
