"""A record opened in an emergency: with a reason, for an hour, told to the gestionnaires."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.models import Grant, ReasonChoices, Sitting
from quenotte.base.keyboard.rules import GRANT_LENGTH_S, State
from quenotte.base.live.operations import publish
from quenotte.kernel.errors import Refusal


class ReasonMissing(Refusal):
    """An emergency access says why, in a few words."""

    message = _("Dites pourquoi en quelques mots. Rien n’a été ouvert.")


class NoGrant(Refusal):
    """The grant is of another practice, or was looked at already."""

    message = _("Cet accès exceptionnel est déjà relu. Rien n’a été modifié.")


@transaction.atomic
def break_glass(*, actor: Actor, patient_id: UUID, reason: str, words: str) -> Grant:
    """Open a record for an hour to somebody whose role does not; the caller checked the record.

    Raises: ReasonMissing.
    """
    if reason not in ReasonChoices.values or len(words.strip()) < 5:
        raise ReasonMissing
    now = timezone.now()
    grant = Grant.objects.create(
        practice_id=actor.own_practice_id,
        person_id=actor.own_person_id,
        patient_id=patient_id,
        reason=reason,
        words=words.strip(),
        granted_at=now,
        expires_at=now + timedelta(seconds=GRANT_LENGTH_S),
    )
    open_logins = Sitting.objects.filter(person_id=actor.own_person_id)
    open_logins.exclude(state=State.CLOSED.value).update(glass_until=grant.expires_at)
    _tell(actor, grant)
    return grant


@transaction.atomic
def review_grant(*, actor: Actor, grant_id: UUID) -> None:
    """Note that a gestionnaire looked at an emergency access. Raises: NoGrant."""
    found = Grant.objects.filter(
        id=grant_id, practice_id=actor.own_practice_id, reviewed_at__isnull=True
    )
    if not found.update(reviewed_at=timezone.now(), reviewed_by_id=actor.own_person_id):
        raise NoGrant
    _traced(actor, Action.CHANGE, found_id=grant_id, state="reviewed")


def end_grants(*, person_id: UUID) -> int:
    """End what a person may still read by emergency; the caller writes the line."""
    now = timezone.now()
    # A grant of this very second ends a moment after it started, as its constraint says.
    found = Grant.objects.filter(person_id=person_id, expires_at__gt=now, granted_at__lt=now)
    return found.update(expires_at=now)


def _tell(actor: Actor, grant: Grant) -> None:
    publish(
        practice_id=actor.own_practice_id,
        name="people.notice",
        data={"kind": "glass"},
        audience="people.manage",
    )
    _traced(
        actor,
        Action.CREATE,
        found_id=grant.id,
        patient_id=grant.patient_id,
        reason=grant.reason,
        minutes=GRANT_LENGTH_S // 60,
    )


def _traced(
    actor: Actor,
    action: Action,
    *,
    found_id: UUID,
    patient_id: UUID | None = None,
    **detail: str | int,
) -> None:
    record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind="grant",
        object_id=str(found_id),
        detail=detail,
    )
