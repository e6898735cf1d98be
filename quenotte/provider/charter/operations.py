"""Signing the charter."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.provider.charter.models import Signature
from quenotte.provider.charter.rules import VERSION, How, digest


class OtherText(Refusal):
    """Between the page and the signature the charter became another one."""

    message = _("La charte a changé pendant que vous la lisiez.")
    next_step = _("Rien n’a été signé. Lisez le texte qui est maintenant à l’écran.")


def sign(*, actor: Actor, shown: str, how: How) -> Signature:
    """Sign the text that was shown; whoever signed it before is left as she is.

    ``shown``: the digest of the text on the page. Raises: OtherText.
    """
    if shown != digest():
        raise OtherText
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Signature.objects.create(
                    person_id=actor.own_person_id,
                    person_label=actor.person_label,
                    at=timezone.now(),
                    version=VERSION,
                    digest=shown,
                    how=how,
                )
        except IntegrityError:
            # Another tab was faster.
            return Signature.objects.get(
                person_id=actor.own_person_id, version=VERSION, digest=shown
            )
        record(
            action=Action.CREATE,
            actor=actor,
            object_kind="charter",
            object_id=str(made.pk),
            detail={"purpose": VERSION, "digest": shown, "how": how.value},
        )
    return made
