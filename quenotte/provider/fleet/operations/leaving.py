"""What the rules left of a practice itself, its machines apart: it goes with them."""

from uuid import UUID

from quenotte.provider.fleet.models import Finding, Stumble, Unsettled


def forget_practice(customer_id: UUID) -> None:
    """Forget what rules say of a practice, what failed there, what was to be drawn of it."""
    for model in (Finding, Stumble, Unsettled):
        model.objects.filter(customer_id=customer_id).delete()
