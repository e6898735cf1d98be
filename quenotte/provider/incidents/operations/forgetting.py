"""What is too old goes: closed incidents, windows, exemptions, digests, sent messages."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from quenotte.provider.incidents.models import Digest, Exemption, Incident, Outgoing, Window

#: What belongs to one practice, by the words of the journal.
_OF_A_PRACTICE: Final[dict[str, type[Any]]] = {
    "incidents": Incident,
    "windows": Window,
    "exemptions": Exemption,
    "digests": Digest,
}
_KEPT: Final = timedelta(days=396)
_MESSAGES: Final = timedelta(days=90)


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Forget what is over for longer than it is kept; return how many rows went."""
    before = now - _KEPT
    found = (
        Outgoing.objects.filter(created_at__lt=now - _MESSAGES),
        Digest.objects.filter(made_at__lt=before),
        Window.objects.filter(ends_at__lt=before),
        Exemption.objects.filter(ends_at__lt=before),
        Incident.objects.filter(closed_at__lt=before),
    )
    return sum(one.delete()[0] for one in found)


def forget_practice(customer_id: UUID) -> dict[str, int]:
    """Forget all that happened at a practice, open or over; return how many went, by what."""
    return {
        name: model.objects.filter(customer_id=customer_id).delete()[1].get(model._meta.label, 0)
        for name, model in _OF_A_PRACTICE.items()
    }
