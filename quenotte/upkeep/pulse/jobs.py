"""What the worker tells the provider again and again."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.upkeep.pulse import operations


@job(max_attempts=1, label=_("État des sauvegardes dit au prestataire"))
def tell() -> None:
    """Tell the provider how the copies stand, if there is one."""
    operations.tell_all()
