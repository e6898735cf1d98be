"""The demo practice reminds its patients by simulated short messages: nothing leaves it."""

from datetime import timedelta

from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.care.reminders.models import ReminderSettings


def turn_on(practice: Practice) -> None:
    """Let the worker plan and « send » what the agenda asks for, since yesterday."""
    ReminderSettings.objects.create(
        practice=practice,
        is_on=True,
        turned_on_at=timezone.now() - timedelta(days=1),
        mail_is_on=False,
        sms_is_on=True,
        sms_sender="QUENOTTES",
        version=1,
    )
