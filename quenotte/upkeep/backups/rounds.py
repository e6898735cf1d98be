"""The rounds that nobody asks for: each hour while people work, each night, and a proof after it.

A practice switches its machines off at night: what is due is done soon after the next start.
"""

import random
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import queries as audit
from quenotte.base.jobs.operations import job
from quenotte.devices.journal.states import Chain
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import following, operations, queries, witnessing
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.backups.queries import Standing
from quenotte.upkeep.guard import queries as guard

#: Places that are always there; the others wait for somebody who plugs them in.
ALWAYS_THERE: Final = frozenset(
    {Destination.Kind.FOLDER, Destination.Kind.VAULT, Destination.Kind.CLOUD}
)
#: A place that no proof was tried at for so long is proved next.
LEFT_OUT_AFTER: Final = timedelta(days=4)
#: A copy so fresh is not made again by a second attempt.
FRESH: Final = timedelta(minutes=30)


@job(max_attempts=3, backoff_s=60, label=_("Sauvegarde de l’heure"))
def copy_hourly() -> None:
    """Copy the practice to each place, if anybody did anything since its last copy.

    Each vault is asked whether it still tells what it told.
    """
    for standing in _standings():
        if _has_moved(standing):
            _copy(standing.destination, Copy.Kind.HOURLY)
        if standing.destination.kind == Destination.Kind.VAULT:
            witnessing.look(standing.destination)


@job(max_attempts=1, backoff_s=60, label=_("Sauvegarde du quart d’heure"))
def copy_instead_of_journal() -> None:
    """Copy a PostgreSQL practice more often while its server lets nobody follow it."""
    journal = following.standing()
    if connection.vendor == "postgresql" and journal and journal.chain == Chain.SNAPSHOTS:
        copy_hourly()


@job(max_attempts=3, backoff_s=60, label=_("Sauvegarde de la nuit"))
def copy_nightly() -> None:
    """Copy the practice to each place, then ask for the proof of one of them."""
    for standing in _standings():
        _copy(standing.destination, Copy.Kind.NIGHTLY)
    if _standings():
        prove_one.enqueue()


@job(max_attempts=8, backoff_s=120, label=_("Nouvel essai de sauvegarde"))
def copy_again(destination_id: str, kind: str) -> None:
    """Copy to a place that refused before; the wait doubles each time."""
    standing = queries.standing_of(queries.destination(UUID(destination_id)))
    if not _is_fresh(standing):
        operations.run(standing.destination.place, kind=kind)


def copy_once_closed(anomaly_id: UUID) -> None:
    """Ask for a copy to each place: what waited in quarantine bears its tag for ever."""
    for standing in _standings():
        copy_after_anomaly.enqueue(destination_id=standing.destination.id, anomaly_id=anomaly_id)


@job(max_attempts=8, backoff_s=60, label=_("Sauvegarde après une anomalie close"))
def copy_after_anomaly(destination_id: str, anomaly_id: str) -> None:
    """Copy to a place unless that was done since an anomaly was closed; the wait doubles."""
    anomaly = guard.anomaly(UUID(anomaly_id))
    standing = queries.standing_of(queries.destination(UUID(destination_id)))
    last = standing.last_good_copy
    if anomaly and anomaly.closed_at and not (last and last.started_at > anomaly.closed_at):
        operations.run(standing.destination.place, kind=Copy.Kind.HOURLY)


@job(max_attempts=6, backoff_s=300, label=_("Preuve de restauration de la nuit"))
def prove_one() -> None:
    """Prove the newest copy of one place, drawn at random; another attempt draws again.

    Those that chance left out for days go first: none stays without a proof for a week.
    """
    copied = [standing for standing in _standings() if standing.last_whole_copy]
    if copied:
        drawn = random.choice(_left_out(copied) or copied)  # noqa: S311 - nobody gains by it
        operations.prove(drawn.destination.place, reads_packs=True)


def _left_out(copied: list[Standing]) -> list[Standing]:
    """Return those that no proof was tried at for days."""
    since = timezone.now() - LEFT_OUT_AFTER
    return [one for one in copied if not one.last_proof or one.last_proof.asked_at < since]


def _standings() -> list[Standing]:
    places = queries.destinations().filter(kind__in=ALWAYS_THERE)
    return [queries.standing_of(one) for one in places]


def _copy(destination: Destination, kind: str) -> None:
    """Copy to one place; a refusal is kept with the copy, and tried again by itself."""
    try:
        operations.run(destination.place, kind=kind)
    except Refusal:
        copy_again.enqueue(destination_id=destination.id, kind=str(kind))


def _has_moved(standing: Standing) -> bool:
    last = standing.last_whole_copy
    return last is None or audit.has_lines_since(
        int(last.summary.get("journal", 0)), besides=operations.OBJECT
    )


def _is_fresh(standing: Standing) -> bool:
    last = standing.last_whole_copy
    return last is not None and timezone.now() - last.started_at < FRESH
