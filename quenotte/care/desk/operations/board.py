"""Words pinned for the team."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.operations import discard_draft
from quenotte.care.desk import queries
from quenotte.care.desk.models import BoardNote, BoardReading
from quenotte.care.desk.operations.tasks import SaysNothing
from quenotte.care.desk.operations.telling import tell
from quenotte.care.desk.rules.board import may_take_down
from quenotte.care.desk.rules.tasks import tidy
from quenotte.kernel.errors import Refusal


class NotYours(Refusal):
    """A pinned word comes down by whoever wrote it, or who runs the practice."""

    message = _("Ce mot est d’une autre personne : elle seule, ou le gestionnaire, le retire.")


@transaction.atomic
def pin(*, actor: Actor, text: str, shown_until: date) -> BoardNote:
    """Pin a word until a day, that day included; its author has read it. Raises: SaysNothing."""
    words = tidy(text)
    if not words:
        raise SaysNothing
    now = timezone.now()
    note = BoardNote.objects.create(
        practice_id=actor.own_practice_id,
        author_id=actor.own_person_id,
        text=words,
        pinned_at=now,
        shown_until=shown_until,
    )
    BoardReading.objects.create(note=note, person_id=actor.own_person_id, at=now)
    discard_draft(person_id=actor.own_person_id, key=queries.NEW_WORD)
    tell(actor, Action.CREATE, "board", note.id)
    return note


@transaction.atomic
def read(*, actor: Actor, note_id: UUID) -> None:
    """Say that one has read a word; saying it twice changes nothing."""
    note = _locked(actor, note_id)
    _, is_first = BoardReading.objects.get_or_create(
        note=note, person_id=actor.own_person_id, defaults={"at": timezone.now()}
    )
    if is_first:
        tell(actor, Action.READ, "board", note.id)


@transaction.atomic
def take_down(*, actor: Actor, note_id: UUID) -> None:
    """Take a word down. Raises: NotYours."""
    note = _mine(actor, note_id)
    if note.taken_down_at is None:
        note.taken_down_at = timezone.now()
        note.save(update_fields=["taken_down_at"])
        tell(actor, Action.CHANGE, "board", note.id, state="taken_down")


@transaction.atomic
def put_back(*, actor: Actor, note_id: UUID) -> None:
    """Pin a word again that was taken down. Raises: NotYours."""
    note = _mine(actor, note_id)
    if note.taken_down_at is not None:
        note.taken_down_at = None
        note.save(update_fields=["taken_down_at"])
        tell(actor, Action.CHANGE, "board", note.id, state="put_back")


def _mine(actor: Actor, note_id: UUID) -> BoardNote:
    note = _locked(actor, note_id)
    if not may_take_down(note.author_id, actor.own_person_id, actor.roles):
        raise NotYours
    return note


def _locked(actor: Actor, note_id: UUID) -> BoardNote:
    return BoardNote.objects.select_for_update().get(id=note_id, practice_id=actor.own_practice_id)
