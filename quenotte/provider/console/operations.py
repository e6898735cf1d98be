"""Keeping a search under a name, taking it away, putting it back."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.provider.console import queries
from quenotte.provider.console.models import SavedSearch

#: A view that was taken away can be put back so long.
REMOVED_KEPT: Final = timedelta(days=30)


class SameView(Refusal):
    """Two of one's own searches under one name."""

    message = _("Vous avez déjà une vue de ce nom.")
    next_step = _("Rien n’a été enregistré. Donnez-lui un autre nom.")


class NotYours(Refusal):
    """A shared view is its owner's to take away, as long as she works here."""

    message = _("Cette vue est à une autre personne, ou n’est plus là.")
    next_step = _("Rien n’a été modifié.")


def keep_view(*, actor: Actor, name: str, words: str, is_shared: bool) -> SavedSearch:
    """Keep a search under a name. Raises: SameView."""
    try:
        with transaction.atomic():
            made = SavedSearch.objects.create(
                owner_id=actor.own_person_id,
                name=name.strip(),
                words=words.strip(),
                is_shared=is_shared,
            )
            _note(Action.CREATE, actor, made.id)
    except IntegrityError as error:
        raise SameView from error
    return made


def remove_view(*, actor: Actor, view_id: UUID) -> SavedSearch:
    """Take a view away, one's own or one that nobody owns any more; it can be put back for a while.

    Raises: NotYours.
    """
    with transaction.atomic():
        view = _own(actor, view_id)
        view.removed_at = timezone.now()
        view.save(update_fields=["removed_at"])
        _note(Action.CHANGE, actor, view.id, "removed")
    return view


def restore_view(*, actor: Actor, view_id: UUID) -> SavedSearch:
    """Put a view back that was taken away. Raises: NotYours, SameView."""
    try:
        with transaction.atomic():
            view = _own(actor, view_id)
            view.removed_at = None
            view.save(update_fields=["removed_at"])
            _note(Action.CHANGE, actor, view.id, "restored")
    except IntegrityError as error:
        raise SameView from error
    return view


def forget_removed(*, now: datetime) -> int:
    """Forget the views that were taken away so long ago that nobody puts them back; how many."""
    return SavedSearch.objects.filter(removed_at__lt=now - REMOVED_KEPT).delete()[0]


def _own(actor: Actor, view_id: UUID) -> SavedSearch:
    found = SavedSearch.objects.select_for_update(of=("self",)).filter(pk=view_id)
    view = found.filter(queries.is_in_hand(actor.own_person_id)).first()
    if view is None:
        raise NotYours
    return view


def _note(action: Action, actor: Actor, view_id: UUID, state: str = "") -> None:
    record(
        action=action,
        actor=actor,
        object_kind="view",
        object_id=str(view_id),
        detail={"state": state} if state else None,
    )
