"""What the guard looks at between two copies."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.upkeep.guard import operations


@job(max_attempts=3, label=_("Surveillance des fichiers témoins"))
def watch() -> None:
    """Look at canaries and closings, once copies go somewhere; mark the disks where that failed."""
    operations.watch_canaries()
    operations.watch_closings()
    operations.settle_disks()
