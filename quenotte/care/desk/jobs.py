"""What the worker does for the desk."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.desk import operations


@job(max_attempts=3, label=_("Oubli des appels et des choses faites depuis un an"))
def purge() -> None:
    """Forget what was over long ago."""
    operations.purge()
