"""What the provider's worker does again and again about incidents and messages."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents import operations

logger = logging.getLogger(__name__)

#: Batches in a row, so that a job ends and others have their turn.
_ROUNDS: Final = 20
#: How long the rules look before what they found is drawn and told, in seconds: the next look, due
#: 20 s after this one began, goes on with whoever is left.
_WITHIN_S: Final = 10.0


@job(max_attempts=1, label=_("Regard sur le parc"))
def look() -> None:
    """Let the rules look at what changed, listen for who is silent, draw the incidents of it.

    A part that fails keeps none of the others; the run fails with it, and pages say that the
    rules did not look. Raises: the first error.
    """
    now = timezone.now()
    parts = (
        fleet.heed_changes, partial(fleet.judge_due, rounds=_ROUNDS, within_s=_WITHIN_S),
        fleet.sweep, operations.listen, operations.turn, operations.draw,
    )  # fmt: skip
    errors = [error for one in parts if (error := _tried(one, now))]
    if operations.is_any_due(timezone.now()):
        # Apart from the rules: a mail server that is slow keeps nobody from looking.
        send.enqueue()
    if errors:
        raise errors[0]


def _tried(part: Callable[..., object], now: datetime) -> Exception | None:
    try:
        part(now=now)
    except (OperationalError, InterfaceError):
        # The database itself does not answer: nothing else would work either.
        raise
    except Exception as error:  # noqa: BLE001 - the other parts have work to do
        logger.error("a part of the look failed: %s", type(error).__name__)
        return error
    return None


@job(max_attempts=1, label=_("Envoi des alertes et des bilans"))
def send() -> None:
    """Send what is in the outbox."""
    operations.send_due()


@job(max_attempts=1, label=_("Écoute des nouvelles des sauvegardes"))
def hear_copies() -> None:
    """Look for servers that tell nothing of the copies of their practice any more."""
    fleet.hear_copies(now=timezone.now())


@job(max_attempts=3, label=_("Bilan hebdomadaire des cabinets"))
def make_digests() -> None:
    """Make the digests of this week, from Monday morning on; each once."""
    operations.make_due(now=timezone.now())


@job(max_attempts=3, label=_("Oubli des incidents passés"))
def forget() -> None:
    """Forget incidents, windows, digests and messages that are too old. Raises: ClockDoubted."""
    now = timezone.now()
    fleet.believe_clock(now=now)
    operations.forget(now=now)
