"""When each role works, and how long a gestionnaire may wait for her second factor."""

from collections.abc import Sequence
from datetime import time
from typing import TypeAlias

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.models import Hours
from quenotte.base.practice.operations import change_grace
from quenotte.kernel.errors import Refusal

#: (role, weekday from 0 for Monday, opens at, closes at), local times.
Day: TypeAlias = tuple[str, int, time, time]


class WrongHours(Refusal):
    """A day that closes before it opens."""

    message = _("Une journée se ferme après s’être ouverte. Rien n’a été modifié.")


@transaction.atomic
def change_rules(*, actor: Actor, days: Sequence[Day], grace_days: int) -> None:
    """Replace the hours of all roles and the grace of the second factor (days).

    A role without any day has no hours: it works when it likes. Raises: WrongHours.
    """
    if any(opens >= closes for _role, _weekday, opens, closes in days):
        raise WrongHours
    Hours.objects.filter(practice_id=actor.own_practice_id).delete()
    Hours.objects.bulk_create(
        Hours(
            practice_id=actor.own_practice_id,
            role=role,
            weekday=weekday,
            opens_at=opens,
            closes_at=closes,
        )
        for role, weekday, opens, closes in days
    )
    change_grace(practice_id=actor.own_practice_id, days=grace_days)
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="login_hours",
        detail={"count": len(days), "minutes": grace_days * 1440},
    )
