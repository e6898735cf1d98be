"""What a person typed and has not saved: kept for her alone, a month at most."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.models import Draft
from quenotte.kernel.errors import Refusal

#: Longest draft, in characters: a long letter is a tenth of it.
MAX_LENGTH: Final = 100_000
#: Most drafts that one person keeps; the oldest give way.
MAX_COUNT: Final = 200
KEPT_DAYS: Final = 30


class DraftTooLong(Refusal):
    """The text is longer than any note or letter."""

    message = _("Ce texte est trop long pour être gardé en brouillon. Enregistrez-le.")


def save_draft(*, person_id: UUID, key: str, text: str) -> None:
    """Keep what a person is typing in the field ``key``; nothing typed removes the draft.

    Raises: DraftTooLong.
    """
    if len(text) > MAX_LENGTH:
        raise DraftTooLong
    if not text.strip():
        discard_draft(person_id=person_id, key=key)
        return
    Draft.objects.update_or_create(
        person_id=person_id, key=key, defaults={"text": text.replace("\x00", ""), "nights": 0}
    )
    mine = Draft.objects.filter(person_id=person_id).order_by("-updated_at", "-pk")
    oldest = list(mine.values_list("pk", flat=True)[MAX_COUNT:])
    if oldest:
        Draft.objects.filter(pk__in=oldest).delete()


def discard_draft(*, person_id: UUID, key: str) -> None:
    """Forget a draft, saved for good or given up."""
    Draft.objects.filter(person_id=person_id, key=key).delete()


def purge_drafts() -> int:
    """Forget the drafts that nobody touched for 30 days; return how many. Runs once a night.

    Both the calendar and the nights counted must say so: a clock that jumps ahead by a year
    takes nothing.
    """
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    Draft.objects.update(nights=Least(F("nights") + 1, KEPT_DAYS))
    return Draft.objects.filter(updated_at__lt=limit, nights__gte=KEPT_DAYS).delete()[0]
