"""Looking which disks are plugged."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.upkeep.media import operations


@job(max_attempts=3, label=_("Surveillance des disques de sauvegarde"))
def watch() -> None:
    """Look at the disks, once the practice has some."""
    operations.watch()
