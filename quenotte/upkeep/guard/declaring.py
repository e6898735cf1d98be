"""Notes of what changes much at once: kept signed, told by rooms or announced by a person."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.masses import Said
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import queries, rules
from quenotte.upkeep.guard.models import Declaration
from quenotte.upkeep.guard.rules import Declared, Mass

#: What is told before the end of its transaction is seen by copies a moment later.
_UNTIL_SEEN: Final = timedelta(minutes=2)
#: How long somebody may ask the guard to look away, and how far ahead.
LONGEST: Final = timedelta(hours=24)
FURTHEST: Final = timedelta(days=14)
_KEPT: Final = timedelta(days=90)


class NotSaid(Refusal):
    """Nobody is asked to look away without a word."""

    message = _("Rien n’est annoncé : dites en quelques mots ce qui va changer.")
    next_step = _("Par exemple : « reprise des dossiers du docteur Morin ».")


class TooLong(Refusal):
    """The guard does not look away for days, nor for a day of next month."""

    message = _("Rien n’est annoncé : un gros changement s’annonce pour un jour au plus.")
    next_step = _("Choisissez une heure des deux semaines qui viennent, et 24 heures au plus.")


class AlreadyOver(Refusal):
    """It ended, or somebody ended it."""

    message = _("Cette annonce est déjà terminée. Rien n’a été modifié.")


def hear(said: Said) -> None:
    """Keep what a room says that it did, within its transaction."""
    now = timezone.now()
    ended_at = now + _UNTIL_SEEN
    _kept(Declared(said.mass, min(said.since, now), ended_at, said.tables, rows=said.rows))
    Declaration.objects.filter(ended_at__lt=now - _KEPT).delete()


@transaction.atomic
def announce(
    *, actor: Actor, mass: str, begins_at: datetime, ends_at: datetime, words: str
) -> Declaration:
    """Announce a big change, so that it raises no alarm. Moments are aware.

    Raises: NotSaid, TooLong.
    """
    words = " ".join(words.split())[:200]
    now = timezone.now()
    if not rules.can_close(words):
        raise NotSaid
    if not begins_at < ends_at <= begins_at + LONGEST or not now < ends_at:
        raise TooLong
    if begins_at > now + FURTHEST:
        raise TooLong
    # What was done before nobody said so is not explained afterwards.
    made = _kept(Declared(Mass(mass), max(begins_at, now), ends_at), actor.own_person_id, words)
    _told(Action.CREATE, actor, made)
    return made


@transaction.atomic
def end(*, actor: Actor, declaration_id: UUID) -> Declaration:
    """End what was announced, now. Raises: DoesNotExist, AlreadyOver."""
    found = Declaration.objects.select_for_update().get(pk=declaration_id, person__isnull=False)
    now = timezone.now()
    if found.ended_at <= now:
        raise AlreadyOver
    found.begun_at, found.ended_at = min(found.begun_at, now), now
    found.signature = found.facts.signed(queries.signing_key()).signature
    found.save(update_fields=["begun_at", "ended_at", "signature"])
    _told(Action.CHANGE, actor, found)
    return found


def _kept(told: Declared, person_id: UUID | None = None, words: str = "") -> Declaration:
    signed = told.signed(queries.signing_key())
    return Declaration.objects.create(
        mass=signed.mass.value,
        begun_at=signed.begun_at,
        ended_at=signed.ended_at,
        tables=sorted(signed.tables),
        rows=signed.rows,
        person_id=person_id,
        words=words,
        signature=signed.signature,
    )


def _told(action: Action, actor: Actor, one: Declaration) -> None:
    minutes = round((one.ended_at - one.begun_at).total_seconds() / 60)
    record(
        action=action, actor=actor, object_kind="declaration", object_id=str(one.id),
        detail={"purpose": one.mass, "minutes": minutes},
    )  # fmt: skip
