"""What the provider's worker forgets of the words of machines."""

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.finder import operations


@job(max_attempts=3, label=_("Mots que plus aucune machine ne dit"))
def forget_unsaid() -> None:
    """Forget the phrases that no machine says any more; the others are spelt as they are today."""
    operations.forget_unsaid()
    operations.respell()
