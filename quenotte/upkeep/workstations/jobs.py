"""What the worker does for the machines again and again."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.upkeep.workstations import operations


@job(max_attempts=1, label=_("Regard sur les postes"))
def look() -> None:
    """Let the rules look at what changed, and at who is silent."""
    operations.judge_due(now=timezone.now())


@job(max_attempts=1, label=_("Regard du serveur sur lui-même"))
def know_self() -> None:
    """Note what this server sees of itself."""
    operations.know_self(now=timezone.now())


@job(max_attempts=3, label=_("Oubli de l’historique ancien des postes"))
def forget() -> None:
    """Remove what is too old."""
    operations.forget(now=timezone.now())
