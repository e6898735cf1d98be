"""Calendars that telephones read: opened with a secret address, closed at once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import may
from quenotte.care.agenda import queries as agenda
from quenotte.care.agenda.rules import Period
from quenotte.care.reminders.models import CalendarFeed
from quenotte.care.reminders.operations.planning import practice_zone
from quenotte.care.reminders.rules.calendars import Busy, drawn, summary
from quenotte.care.reminders.rules.states import Shown
from quenotte.care.reminders.rules.tokens import digest_of
from quenotte.kernel.errors import Refusal

#: What a calendar holds, around now.
BEHIND: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=400)
#: Readings so close to one another share a line of the journal.
NOTED_EVERY: Final = timedelta(hours=12)

_COLUMNS: Final = (
    "id", "starts_at", "ends_at", "updated_at", "version",
    "patient__first_birth_first_name", "patient__birth_name", "patient__used_first_name",
    "patient__used_name", "patient__file_number",
)  # fmt: skip


class NotTheirs(Refusal):
    """A practitioner opens and closes her own calendars; the gestionnaire those of all."""

    message = gettext_lazy(
        "Ce calendrier est celui d’une autre personne. Rien n’a été modifié : demandez au "
        "gestionnaire."
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A new calendar and its token, which nobody can read again."""

    feed: CalendarFeed
    token: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bytes of a calendar and what names them."""

    content: bytes
    tag: str


@transaction.atomic
def open_feed(*, actor: Actor, person_id: UUID, name: str, shown: Shown) -> Opened:
    """Open a calendar of a practitioner's appointments. Raises: NotTheirs."""
    person = people.account(actor.own_practice_id, person_id)
    if person is None or not _may(actor, person_id):
        raise NotTheirs
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        practice_id=actor.own_practice_id,
        person=person,
        name=name,
        shown=shown.value,
        token_digest=digest_of(token),
        created_by_id=actor.own_person_id,
    )
    _traced(actor, feed, Action.CREATE, state=shown.value)
    return Opened(feed, token)


@transaction.atomic
def close_feed(*, actor: Actor, feed_id: UUID) -> None:
    """Close a calendar: its address answers nothing any more. Raises: NotTheirs."""
    found = CalendarFeed.objects.select_for_update().filter(
        id=feed_id, practice_id=actor.own_practice_id
    )
    feed = found.first()
    if feed is None or not _may(actor, feed.person_id):
        raise NotTheirs
    if feed.closed_at is None:
        feed.closed_at = timezone.now()
        feed.save(update_fields=["closed_at"])
        _traced(actor, feed, Action.CHANGE, state="closed")


def read_feed(feed: CalendarFeed, *, now: datetime) -> Drawn:
    """Return a calendar; leaves one line in the journal for many readings."""
    content = drawn(_("Agenda"), _events(feed, now), practice_zone())
    _note(feed, now)
    return Drawn(content, hashlib.sha256(content).hexdigest()[:32])


def _events(feed: CalendarFeed, now: datetime) -> list[Busy]:
    period = Period(now - BEHIND, now + AHEAD)
    found = agenda.occupying(feed.practice_id, period).filter(practitioner_id=feed.person_id)
    return [
        Busy(
            uid=f"{number}@quenotte",
            starts_at=starts_at,
            ends_at=ends_at,
            changed_at=changed_at,
            sequence=version,
            summary=summary(
                feed.shown,
                first_name=used_first or first,
                last_name=used or birth,
                file_number=file_number,
            ),
        )
        for (
            number, starts_at, ends_at, changed_at, version,
            first, birth, used_first, used, file_number,
        ) in found.order_by("starts_at", "id").values_list(*_COLUMNS)
    ]  # fmt: skip


def _note(feed: CalendarFeed, now: datetime) -> None:
    rows = CalendarFeed.objects.filter(id=feed.id)
    if feed.read_at is None or now - feed.read_at > timedelta(minutes=1):
        rows.update(read_at=now)
    if feed.noted_at is not None and now - feed.noted_at < NOTED_EVERY:
        return
    with transaction.atomic():
        is_old = Q(noted_at__isnull=True) | Q(noted_at__lte=now - NOTED_EVERY)
        # Two telephones at once: the one whose update counts writes the line.
        if rows.filter(is_old).update(noted_at=now):
            reader = Actor(None, "Agenda d’un téléphone", feed.practice_id, "", "feed")
            _traced(reader, feed, Action.READ, state=feed.shown)


def _may(actor: Actor, person_id: UUID) -> bool:
    return actor.person_id == person_id or may(actor.roles, "reminders.manage")


def _traced(actor: Actor, feed: CalendarFeed, action: Action, *, state: str) -> None:
    audit.record(
        action=action,
        actor=actor,
        object_kind="calendar_feed",
        object_id=str(feed.id),
        detail={"state": state},
    )
