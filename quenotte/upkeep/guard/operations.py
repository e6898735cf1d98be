"""Writing what the guard saw, raising an anomaly, closing it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.live import operations as live
from quenotte.devices.media.disks.register import Register
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import canaries, queries, rules, weighing
from quenotte.upkeep.guard.models import Anomaly, Look
from quenotte.upkeep.guard.rules import Sign, Signal, State, Verdict
from quenotte.upkeep.guard.weighing import Copied, Weighed, weighed

__all__ = [
    "QUARANTINE",
    "AlreadyClosed",
    "Copied",
    "NoReason",
    "Sign",
    "Signal",
    "Weighed",
    "close",
    "note",
    "plant_canaries",
    "raise_alarm",
    "tags_of",
    "watch_canaries",
    "weighed",
]

#: The tag of a copy that is never taken by itself. Source: `quenotte.devices.phoenix.choosing`.
QUARANTINE: Final = "quarantine"
#: What pages hear when the guard has something to say.
EVENT: Final = "guard.changed"
_KEPT: Final = timedelta(days=90)
_NAMES: Final = 5


class NoReason(Refusal):
    """An anomaly is not closed without a word."""

    message = _("L’anomalie reste ouverte : il faut dire en quelques mots ce qui s’est passé.")
    next_step = _("Par exemple : « import du logiciel précédent, lancé par nous hier soir ».")


class AlreadyClosed(Refusal):
    """Somebody closed it before."""

    message = _("Cette anomalie a déjà été close par quelqu’un d’autre. Rien n’a été modifié.")
    next_step = _("Rechargez la page pour voir qui, et pourquoi.")


def tags_of(found: Weighed) -> tuple[str, ...]:
    """Return the tags that the snapshot of a weighed copy bears besides its own."""
    is_good = found.verdict.is_good and not queries.is_alarmed()
    return () if is_good else (QUARANTINE,)


def note(
    found: Weighed, *, destination_id: UUID, snapshot_id: str, added_bytes: int, is_night: bool
) -> Look:
    """Write down what was found of a copy; raise an anomaly when it is one.

    Called within the transaction that ends the copy.
    """
    is_good = QUARANTINE not in tags_of(found)
    anomaly = None
    if not found.verdict.is_good:
        anomaly = _raised(found.verdict, destination_id)
    look = Look.objects.create(
        destination_id=destination_id,
        snapshot_id=snapshot_id,
        at=found.picture.at,
        is_night=is_night,
        is_good=is_good,
        score=found.verdict.score,
        signals=_told(found.verdict.signals),
        picture=weighing.told(found.picture),
        added_bytes=added_bytes,
        anomaly=anomaly or queries.open_anomalies().first(),
    )
    Look.objects.filter(at__lt=timezone.now() - _KEPT, anomaly=None).delete()
    if is_good and found.numbers is not None:
        # Without it the rows of the next copy are only counted.
        with suppress(OSError):
            found.numbers.save(weighing.rows_path(destination_id))
    return look


@transaction.atomic
def raise_alarm(signals: Sequence[Signal], destination_id: UUID | None = None) -> Anomaly:
    """Raise an anomaly for what shows without a copy: a canary, a database that does not open."""
    score = sum(signal.weight for signal in signals)
    return _raised(Verdict(rules.state_of(score), score, tuple(signals)), destination_id)


@transaction.atomic
def close(*, actor: Actor, anomaly_id: UUID, ending: str, reason: str) -> Anomaly:
    """Close an anomaly with a reason. ``expected``: its copies are good from now on.

    Raises: NoReason, AlreadyClosed.
    """
    reason = " ".join(reason.split())[:500]
    if not rules.can_close(reason):
        raise NoReason
    anomaly = Anomaly.objects.select_for_update().get(pk=anomaly_id)
    if anomaly.closed_at is not None:
        raise AlreadyClosed
    anomaly.closed_at, anomaly.closed_by_id = timezone.now(), actor.person_id
    anomaly.ending, anomaly.reason = Anomaly.Ending(ending), reason
    anomaly.save(update_fields=["closed_at", "closed_by", "ending", "reason"])
    if anomaly.ending == Anomaly.Ending.EXPECTED:
        anomaly.looks.update(is_good=True)
    transaction.on_commit(_renew_canaries)
    _tell(Action.CHANGE, actor, anomaly, {"state": anomaly.ending})
    return anomaly


def plant_canaries() -> None:
    """Put canaries where there are none. Raises: OSError."""
    for folder in weighing.folders():
        canaries.plant(folder)


def watch_canaries() -> Anomaly | None:
    """Look at the canaries between two copies; raise an anomaly when one was touched."""
    touched = canaries.touched(weighing.folders())
    if not touched:
        with suppress(OSError):
            plant_canaries()
        return None
    if any(_has_sign(one, Sign.CANARY) for one in queries.open_anomalies()):
        return None
    names = tuple(path.rpartition("/")[2] for path in touched)
    return raise_alarm([Signal(Sign.CANARY, len(touched), names=names[:_NAMES])])


def _raised(verdict: Verdict, destination_id: UUID | None) -> Anomaly:
    """Add to the open anomaly, or open one; tell everybody."""
    anomaly = queries.open_anomalies().first()
    if anomaly is None:
        good = queries.last_good(destination_id) if destination_id else _newest_good()
        anomaly = Anomaly(
            state=verdict.state,
            opened_at=timezone.now(),
            good_snapshot=good.snapshot_id if good else "",
            good_at=good.at if good else None,
            destination_id=good.destination_id if good else destination_id,
        )
    anomaly.signals = _merged(anomaly.signals, _told(verdict.signals))
    anomaly.state = rules.worst([State(anomaly.state), verdict.state])
    anomaly.save()
    _tell(Action.CREATE, SYSTEM, anomaly, {"count": len(anomaly.signals)})
    return anomaly


def _renew_canaries() -> None:
    """Put the canaries right: whoever closed the anomaly knows what touched them."""
    for folder in weighing.folders():
        with suppress(OSError):
            canaries.renew(folder)


def _mark_disks() -> None:
    """Let the disks be refused as long as an anomaly is open."""
    with suppress(OSError, ValueError):
        Register(Path(settings.DATA_DIR)).refuse(queries.is_alarmed())


def _newest_good() -> Look | None:
    return Look.objects.filter(is_good=True).first()


def _told(signals: Sequence[Signal]) -> list[dict[str, Any]]:
    return [
        {"sign": one.sign.value, "count": one.count, "total": one.total, "names": list(one.names)}
        for one in signals
    ]


def _merged(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was seen, each sign once with its newest figures."""
    return [*{one["sign"]: one for one in [*old, *new]}.values()]


def _has_sign(anomaly: Anomaly, sign: Sign) -> bool:
    return any(one["sign"] == sign.value for one in anomaly.signals)


def _tell(action: Action, actor: Actor, anomaly: Anomaly, detail: dict[str, Any]) -> None:
    transaction.on_commit(_mark_disks)
    data = {"id": str(anomaly.id)}
    live.publish(practice_id=None, name=EVENT, data=data, audience="home.read")
    record(
        action=action, actor=actor, object_kind="anomaly", object_id=str(anomaly.id),
        result="ok", detail=detail,
    )  # fmt: skip
