"""What the worker does for the records."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.patients import merging


@job(max_attempts=3, label=_("Rattachement aux dossiers réunis"))
def gather_strays() -> None:
    """Hand over what was written to an absorbed record at the moment of its union."""
    merging.gather_strays()
