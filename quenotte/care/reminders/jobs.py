"""What the worker does for messages, again and again."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.reminders import operations


@job(max_attempts=2, label=_("Préparation et envoi des rappels"))
def send_reminders() -> None:
    """Plan what the agenda asks for, then send what is due."""
    operations.plan()
    operations.send_due()
    operations.collect_reports()


@job(max_attempts=3, label=_("Oubli des messages de l’an dernier"))
def forget_messages() -> None:
    """Forget the messages of appointments of more than a year ago."""
    operations.forget_old()
