"""Writing what the guard saw, raising an anomaly, closing it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.live import operations as live
from quenotte.devices.media.disks.register import Register
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import canaries, planting, queries, remembering, rules, weighing
from quenotte.upkeep.guard.declaring import (
    AlreadyOver,
    NotSaid,
    TooLong,
    announce,
    end,
    hear,
)
from quenotte.upkeep.guard.facts import Picture, Recalled
from quenotte.upkeep.guard.models import Anomaly, Look
from quenotte.upkeep.guard.rules import Sign, Signal, State, Verdict
from quenotte.upkeep.guard.weighing import QUARANTINE, Copied, Weighed

__all__ = [
    "QUARANTINE",
    "AlreadyClosed",
    "AlreadyOver",
    "Copied",
    "NoReason",
    "NotSaid",
    "Picture",
    "Recalled",
    "Sign",
    "Signal",
    "TooLong",
    "Weighed",
    "announce",
    "close",
    "end",
    "hear",
    "note",
    "notes_for",
    "on_closing",
    "plant_canaries",
    "plant_canaries_anew",
    "raise_alarm",
    "raise_once",
    "settle_disks",
    "tags_of",
    "watch_canaries",
    "watch_closings",
    "weighed",
]

#: What pages hear when the guard has something to say.
EVENT: Final = "guard.changed"
_KEPT: Final = timedelta(days=90)
_NAMES: Final = 5


#: Told of an anomaly that was closed, within the transaction that closes it.
Closing: TypeAlias = Callable[[UUID], None]
_closers: list[Closing] = []
#: Closings of which the journal was seen to know: they are looked for once.
_told_closings: set[tuple[UUID, datetime | None, str]] = set()


def on_closing(listener: Closing) -> None:
    """Name who is told when a person closed an anomaly."""
    _closers[:] = [listener]


class NoReason(Refusal):
    """An anomaly is not closed without a word."""

    message = _("L’anomalie reste ouverte : il faut dire en quelques mots ce qui s’est passé.")
    next_step = _("Par exemple : « import du logiciel précédent, lancé par nous hier soir ».")


class AlreadyClosed(Refusal):
    """Somebody closed it before."""

    message = _("Cette anomalie a déjà été close par quelqu’un d’autre. Rien n’a été modifié.")
    next_step = _("Rechargez la page pour voir qui, et pourquoi.")


def weighed(repository: Repository, copied: Copied) -> Weighed:
    """Weigh a copy beside the last good one of its destination.

    Raises: Damaged, Missing, Unreachable.
    """
    watch_closings()
    return weighing.weighed(repository, copied)


def tags_of(found: Weighed) -> tuple[str, ...]:
    """Return the tags that the snapshot of a weighed copy bears besides its own."""
    is_good = found.verdict.is_good and not queries.is_alarmed()
    return () if is_good else (QUARANTINE,)


def notes_for(destination_id: UUID, at: datetime) -> tuple[dict[str, Any], ...]:
    """Return the notes of what changed much since the last good copy, as a copy carries them."""
    before = queries.last_good(destination_id)
    found = queries.notes(before.at, at) if before else []
    return tuple(
        {
            "mass": one.mass.value,
            "begun_at": one.begun_at.isoformat(),
            "ended_at": one.ended_at.isoformat(),
            "tables": sorted(one.tables),
            "rows": one.rows,
            "signature": one.signature,
        }
        for one in found
    )


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
        picture=weighing.told(found.picture) | {"canaries": planting.mark()},
        added_bytes=added_bytes,
        anomaly=anomaly or queries.open_anomalies().first(),
    )
    if not queries.is_alarmed():
        # While nobody knows what happened, nothing that is remembered goes.
        queries.old_looks(timezone.now() - _KEPT).delete()
    remembering.keep(found.numbers, destination_id, is_good=is_good)
    return look


@transaction.atomic
def raise_alarm(signals: Sequence[Signal], destination_id: UUID | None = None) -> Anomaly:
    """Raise an anomaly for what shows without a copy: a canary, a database that does not open."""
    score = sum(signal.weight for signal in signals)
    return _raised(Verdict(rules.state_of(score), score, tuple(signals)), destination_id)


def raise_once(signal: Signal, destination_id: UUID | None = None) -> Anomaly | None:
    """Raise an anomaly for a sign that is looked for again and again; None when it was told."""
    if any(_has_sign(one, signal.sign) for one in queries.open_anomalies()):
        return None
    return raise_alarm([signal], destination_id)


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
    is_meant = anomaly.ending == Anomaly.Ending.EXPECTED
    if is_meant:
        anomaly.looks.update(is_good=True)
    transaction.on_commit(partial(_settle_rows, anomaly, is_meant=is_meant))
    transaction.on_commit(planting.renew)
    for listener in _closers:
        listener(anomaly.id)
    _tell(Action.CHANGE, actor, anomaly, {"state": anomaly.ending})
    return anomaly


def plant_canaries() -> None:
    """Put canaries where there never were any: deleted ones are not put back unseen.

    Raises: OSError.
    """
    planting.plant()


def plant_canaries_anew() -> None:
    """Put canaries where there are none: this folder was just made of a copy. Raises: OSError."""
    planting.plant_anew()


def watch_canaries() -> Anomaly | None:
    """Look at the canaries between two copies; raise an anomaly when one was touched."""
    touched = canaries.touched(planting.folders(), planting.planted())
    if not touched:
        with suppress(OSError):
            plant_canaries()
        return None
    names = tuple(path.rpartition("/")[2] for path in touched)
    return raise_once(Signal(Sign.CANARY, len(touched), names=names[:_NAMES]))


def watch_closings() -> list[Anomaly]:
    """Open again what was closed in the database and not by a person in the application.

    So is what was erased there: nothing of ours erases an anomaly.
    """
    erased = queries.erased_anomalies().items()
    again = [_written_again(anomaly_id, raised_at) for anomaly_id, raised_at in erased]
    forged = [
        one.id
        for one in queries.closed_anomalies()
        if _closing_of(one) not in _told_closings and not _is_told(one)
    ]
    return [*again, *map(_reopened, forged)]


def _is_told(anomaly: Anomaly) -> bool:
    is_told = queries.is_closing_told(anomaly)
    if is_told:
        _told_closings.add(_closing_of(anomaly))
    return is_told


def _closing_of(anomaly: Anomaly) -> tuple[UUID, datetime | None, str]:
    return anomaly.id, anomaly.closed_at, anomaly.ending


@transaction.atomic
def _written_again(anomaly_id: UUID, raised_at: datetime) -> Anomaly:
    """Write an anomaly again under its own id; what was copied since waits for its closing."""
    doubted = queries.looks_since(raised_at)
    good = queries.all_good_looks().exclude(pk__in=doubted).first()
    anomaly, _is_new = Anomaly.objects.get_or_create(
        pk=anomaly_id,
        defaults={
            "state": State.RED,
            "opened_at": raised_at,
            "good_snapshot": good.snapshot_id if good else "",
            "good_at": good.at if good else None,
            "destination": good.destination if good else None,
        },
    )
    Look.objects.filter(pk__in=doubted, anomaly=None).update(anomaly=anomaly, is_good=False)
    return _reopened(anomaly_id)


@transaction.atomic
def _reopened(anomaly_id: UUID) -> Anomaly:
    anomaly = Anomaly.objects.select_for_update().get(pk=anomaly_id)
    anomaly.closed_at = anomaly.closed_by = None
    anomaly.ending = anomaly.reason = ""
    anomaly.signals = _merged(anomaly.signals, _told([Signal(Sign.REOPENED)]))
    anomaly.state = State.RED
    anomaly.save()
    anomaly.looks.update(is_good=False)
    _tell(Action.CHANGE, SYSTEM, anomaly, {"state": "reopened"})
    return anomaly


def settle_disks() -> None:
    """Write the mark that could not be written when an anomaly was raised or closed.

    It stays where the database knows of no anomaly at all: whoever took it away closed nothing.
    """
    is_alarmed = queries.is_alarmed()
    with suppress(OSError, ValueError, KeyError, TypeError):
        is_marked = Register(Path(settings.DATA_DIR)).read().is_refused
        if is_marked != is_alarmed and Anomaly.objects.exists():
            _mark_disks()


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


def _settle_rows(anomaly: Anomaly, *, is_meant: bool) -> None:
    """Hold the next copies of each place against what a person said of the doubted ones."""
    places = anomaly.looks.order_by().values_list("destination_id", flat=True).distinct()
    for destination_id in places:
        (remembering.accept if is_meant else remembering.refuse)(destination_id)


def _mark_disks() -> None:
    """Let the disks be refused as long as an anomaly is open."""
    with suppress(OSError, ValueError):
        Register(Path(settings.DATA_DIR)).refuse(queries.is_alarmed())


def _newest_good() -> Look | None:
    return queries.all_good_looks().first()


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
        action=action, actor=actor, object_kind=queries.KIND, object_id=str(anomaly.id),
        result="ok", detail=detail,
    )  # fmt: skip
