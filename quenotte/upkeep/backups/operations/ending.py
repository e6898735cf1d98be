"""How a copy or a proof ends: done, refused, or cut short by a stop of the machine."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.repository.errors import Unreachable
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import places, queries
from quenotte.upkeep.backups.models import Copy, Proof, State
from quenotte.upkeep.backups.operations.telling import told

#: Who could not be reached proved nothing and disproved nothing.
_NOBODY_THERE: Final = (places.Away, Unreachable)

logger = logging.getLogger(__name__)

Work = TypeVar("Work", Copy, Proof)


def close_interrupted() -> int:
    """End what a stop of the machine left open; return how many. Called with the turn."""
    now, count = timezone.now(), 0
    for model in (Copy, Proof):
        left = model.objects.filter(state=State.RUNNING)
        count += left.update(
            state=State.INTERRUPTED,
            ended_at=now,
            outcome=_("Interrompue par un arrêt. Les copies précédentes restent bonnes."),
        )
    return count


@contextmanager
def kept_when_failed(work: Work, actor: Actor) -> Iterator[None]:
    """Write beside the work why it failed; the error goes on its way."""
    try:
        yield
    except Exception as error:
        refusal = error if isinstance(error, Refusal) else None
        words = refusal or _("Incident imprévu : les détails sont dans « logs ».")
        if refusal is None:
            logger.error("a copy or a proof failed: %s", type(error).__name__)
        if isinstance(work, Proof) and isinstance(error, _NOBODY_THERE):
            # Nothing was tried: it speaks neither for the copies of the place nor against them.
            work.compared |= {queries.AWAY: True}
        with transaction.atomic():
            ended(work, State.FAILED, str(words))
            told(_action_of(work), actor, work.destination, {}, result="failed")
        raise


def ended(work: Work, state: State, words: str) -> None:
    """Write how a copy or a proof ended; ``words`` are what is shown of it."""
    work.state, work.ended_at, work.outcome = state, timezone.now(), words[:600]
    work.save()


def _action_of(work: Work) -> Action:
    return Action.SEND if isinstance(work, Copy) else Action.READ
