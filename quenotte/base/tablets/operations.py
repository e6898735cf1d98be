"""Handing a page over on a tablet: made by the practice, taken once, sent or given back."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.base.tablets import purposes, rules
from quenotte.base.tablets.models import TabletLink
from quenotte.base.tablets.refusals import LinkIsOver, TakenElsewhere

__all__ = [
    "LinkIsOver",
    "TakenElsewhere",
    "cancel",
    "close",
    "give_back",
    "hand_over",
    "note_progress",
    "purge",
    "tablet_of",
    "take",
]

#: How long the trace of a link stays after its end.
KEPT: Final = timedelta(days=30)


def tablet_of(practice_id: UUID) -> Actor:
    """Return somebody who holds a tablet of the practice: nobody proved who she is."""
    return Actor(None, "Patient sur tablette", practice_id, "", "tablet")


@transaction.atomic
def hand_over(
    *, actor: Actor, purpose: str, subject_id: UUID, first_name: str, birth_year: str
) -> TabletLink:
    """Make a link about something; an older one about the same stops at once."""
    now = timezone.now()
    alive = TabletLink.objects.select_for_update().filter(closed_at=None)
    for other in alive.filter(purpose=purpose, subject_id=subject_id):
        _close(other, rules.State.REPLACED)
    for late in alive.filter(expires_at__lte=now):
        # Their codes are free again.
        _close(late, rules.State.EXPIRED)
    ident = uuid4()
    attempt, digest = _free_code(ident)
    link = TabletLink.objects.create(
        id=ident,
        practice_id=actor.own_practice_id,
        purpose=purpose,
        subject_id=subject_id,
        token_digest=rules.digest_of(rules.token_of(settings.SEALING_KEY, ident)),
        code_digest=digest,
        attempt=attempt,
        greeting=f"{first_name}\n{birth_year}",
        created_by_id=actor.own_person_id,
        created_at=now,
        expires_at=now + rules.WAITS,
    )
    _tell(actor, link, Action.CREATE)
    return link


@transaction.atomic
def take(*, link_id: UUID) -> str:
    """Give the link to the browser that confirmed first; return the secret of its cookie.

    Raises: TakenElsewhere; LinkIsOver.
    """
    link = _alive(link_id)
    if link.holder_digest:
        raise TakenElsewhere
    secret = secrets.token_urlsafe(32)
    link.holder_digest, link.state = rules.digest_of(secret), rules.State.TAKEN
    link.expires_at = timezone.now() + rules.HELD
    link.save(update_fields=["holder_digest", "state", "expires_at"])
    _tell(tablet_of(link.practice_id), link, Action.READ)
    return secret


def note_progress(*, link_id: UUID, done: int, steps: int) -> None:
    """Note how far she is, for who waits at the reception."""
    found = TabletLink.objects.filter(id=link_id, closed_at=None)
    if found.exclude(done=done, steps=steps).update(done=done, steps=steps):
        _publish(TabletLink.objects.get(id=link_id))


@transaction.atomic
def close(*, link_id: UUID, state: rules.State) -> None:
    """End a link that was sent, or given back by somebody else's hands.

    Raises: LinkIsOver when it is over already: two taps on « Envoyer » are one.
    """
    link = _alive(link_id)
    _close(link, state)
    _tell(tablet_of(link.practice_id), link, Action.CHANGE)


@transaction.atomic
def give_back(*, link: TabletLink) -> None:
    """End a link that is in the wrong hands; the room above hears it if a tablet had taken it.

    Raises: LinkIsOver.
    """
    close(link_id=link.id, state=rules.State.NOT_ME)
    if link.holder_digest:
        purposes.give_back(link.purpose, link.subject_id)


@transaction.atomic
def cancel(*, actor: Actor, purpose: str, subject_id: UUID) -> None:
    """End whatever link is alive about something: the practice needs it no more."""
    rows = TabletLink.objects.select_for_update().filter(
        practice_id=actor.own_practice_id, purpose=purpose, subject_id=subject_id, closed_at=None
    )
    for link in rows:
        _close(link, rules.State.CANCELLED)
        _tell(actor, link, Action.CHANGE)


@transaction.atomic
def purge() -> int:
    """End the links whose time is over, forget those of last month; return how many are gone."""
    now = timezone.now()
    for link in TabletLink.objects.select_for_update().filter(closed_at=None, expires_at__lte=now):
        _close(link, rules.State.EXPIRED)
    return TabletLink.objects.filter(closed_at__lt=now - KEPT).delete()[0]


def _alive(link_id: UUID) -> TabletLink:
    link = TabletLink.objects.select_for_update().get(id=link_id)
    if rules.standing(link.state, link.expires_at, timezone.now()) not in rules.ALIVE:
        raise LinkIsOver
    return link


def _close(link: TabletLink, state: rules.State) -> None:
    link.state, link.closed_at, link.greeting = state, timezone.now(), ""
    link.save(update_fields=["state", "closed_at", "greeting"])


def _free_code(link_id: UUID) -> tuple[int, str]:
    """Return a code that no open link has, as its attempt and its digest."""
    taken = set(TabletLink.objects.filter(closed_at=None).values_list("code_digest", flat=True))
    attempt = 0
    while True:
        code = rules.code_of(settings.SEALING_KEY, link_id, attempt)
        digest = rules.code_digest_of(settings.SEALING_KEY, code)
        if digest not in taken:
            return attempt, digest
        attempt += 1


def _tell(actor: Actor, link: TabletLink, what: Action) -> None:
    _publish(link)
    audit.record(
        action=what,
        actor=actor,
        object_kind="tablet",
        object_id=str(link.id),
        detail={"purpose": link.purpose, "state": str(link.state)},
    )


def _publish(link: TabletLink) -> None:
    publish(
        practice_id=link.practice_id,
        name="tablet",
        data={"link": str(link.id), "subject": str(link.subject_id)},
        audience="live.read",
    )
