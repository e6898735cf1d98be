"""Asking machines, handing their questions over, keeping what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.asking.rules import KEPT, LENGTH, MOST_MACHINES, SUBJECTS
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.enrolment.rules import Agent
from quenotte.provider.traces.operations import note_showing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from quenotte.provider.enrolment.models import Machine


class NotInCatalogue(Refusal):
    """Somebody asks what the catalogue does not have; nothing else is ever sent."""

    message = _("Cette question n’est pas au catalogue.")
    next_step = _("Rien n’a été demandé. Choisissez une question de la liste.")


class NobodyAnswers(Refusal):
    """None of these machines has an agent that takes questions."""

    message = _("Aucune de ces machines n’a d’agent qui réponde à une question (osquery).")
    next_step = _("Rien n’a été demandé. Leurs derniers faits sont sur leur page.")


class TooMany(Refusal):
    """More machines than one question is for."""

    message = _("Une question va à 500 machines au plus.")
    next_step = _("Rien n’a été demandé. Précisez la recherche.")


@dataclass(frozen=True, slots=True)
class Handed:
    """A question for one machine: its name on the wire, and its subject."""

    name: str
    subject: str


def ask(
    *,
    actor: Actor,
    subject: str,
    machines: "Sequence[Machine] | QuerySet[Machine]",
    whom: str,
) -> Question:
    """Ask machines one thing; each practice of theirs finds who asked.

    Of as many as there are, only those that can answer are read, and no more than may be asked.
    ``whom``: how they were chosen, in words. Raises: NotInCatalogue, NobodyAnswers, TooMany.
    """
    if subject not in SUBJECTS:
        raise NotInCatalogue
    able = enrolment.rows_of_agent(machines, Agent.OSQUERY, most=MOST_MACHINES + 1)
    if not able:
        raise NobodyAnswers
    if len(able) > MOST_MACHINES:
        raise TooMany
    now = timezone.now()
    with transaction.atomic():
        made = Question.objects.create(
            asked_by_id=actor.own_person_id,
            person_label=actor.person_label,
            at=now,
            expires_at=now + LENGTH,
            subject=subject,
            whom=whom[:200],
        )
        Asked.objects.bulk_create(Asked(question=made, machine=one) for one in able)
        shown: dict[UUID, int] = {}
        for one in able:
            shown[one.customer_id] = shown.get(one.customer_id, 0) + 1
        note_showing(actor=actor, action=Action.CREATE, what="question", shown=shown)
    return made


def hand_over(*, key_digest: bytes, catalogue: str, now: datetime) -> list[Handed]:
    """Return the open questions of the machine with this key; they are noted as sent.

    ``catalogue``: its version and digest. A question that was sent and not answered goes again: an
    agent that was switched off in between never saw it.
    """
    found = _open(now).filter(machine__key_digest=key_digest, machine__standing="accepted")
    rows = list(found.values_list("id", "question__subject"))
    if rows:
        ids = [pk for pk, _subject in rows]
        Asked.objects.filter(pk__in=ids).update(sent_at=now, catalogue=catalogue[:80])
    return [Handed(str(pk), subject) for pk, subject in rows]


def waiting_keys(now: datetime) -> frozenset[bytes]:
    """Return the digests of the keys for which a question waits: few, and mostly none."""
    found = _open(now).values_list("machine__key_digest", flat=True)
    return frozenset(bytes(digest) for digest in found)


def subjects_of(*, key_digest: bytes, names: Sequence[str], now: datetime) -> dict[str, str]:
    """Return which of these names are questions that this very machine was asked, and what."""
    ids = [one for name in names if (one := uuid_of(name))]
    found = _open(now).filter(
        pk__in=ids,
        machine__key_digest=key_digest,
        machine__standing="accepted",
        sent_at__isnull=False,
    )
    return {str(pk): subject for pk, subject in found.values_list("id", "question__subject")}


def keep_answer(
    *, name: str, facts: Mapping[str, Mapping[str, Any]], is_failed: bool, at: datetime
) -> None:
    """Keep what a machine answered, as facts; the first answer stands."""
    if asked_id := uuid_of(name):
        Asked.objects.filter(pk=asked_id, answered_at=None).update(
            facts=dict(facts), is_failed=is_failed, answered_at=at
        )


def forget(*, now: datetime) -> int:
    """Forget the questions that are too old; return how many."""
    return Question.objects.filter(at__lt=now - KEPT).delete()[0]


def _open(now: datetime) -> Any:
    return Asked.objects.filter(answered_at=None, question__expires_at__gt=now)
