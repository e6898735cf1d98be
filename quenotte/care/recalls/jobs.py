"""What the worker does about recalls, every night."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.recalls import operations


@job(max_attempts=3, label=_("Recherche des patients à revoir"))
def find_due() -> None:
    """Put who is due on the list, take off who came."""
    operations.plan()
