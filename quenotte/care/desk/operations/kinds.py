"""The list of calls that a practice has prepared."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import Role
from quenotte.base.practice import queries as practices
from quenotte.base.practice.operations import hold
from quenotte.base.practice.rules import moved
from quenotte.care.desk.models import CallKind
from quenotte.care.desk.operations.telling import tell
from quenotte.care.desk.rules.calls import MOST_KINDS, USUAL_S, Sound, Target, Tone
from quenotte.kernel.errors import Refusal


class NoSuchKind(Refusal):
    """The call was taken off the list, or its room was removed."""

    message = _("Cet appel n’est plus dans la liste du cabinet. Rien n’a été envoyé.")


class LabelTaken(Refusal):
    """Two buttons of the same name would be mistaken for each other."""

    message = _("Un autre appel porte déjà ce libellé. Rien n’a été enregistré.")


class KeyTaken(Refusal):
    """A key sends one call."""

    message = _("Cette touche envoie déjà un autre appel. Rien n’a été enregistré.")


class TooManyKinds(Refusal):
    """More buttons than anybody finds in a hurry."""

    message = _("La liste compte déjà neuf appels. Retirez-en un pour en ajouter un autre.")


class KindChanged(Refusal):
    """The room it was for is not one of this practice."""

    message = _("Cette salle n’existe plus. Rien n’a été enregistré : choisissez-en une autre.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the gestionnaire decides of a call."""

    label: str
    target: str
    role: str = ""
    room_id: UUID | None = None
    sound: str = Sound.CHIME.value
    tone: str = Tone.ATTENTION.value
    key: str = ""
    lasts_s: int = USUAL_S


#: The list that most practices begin with. The words are data: each practice changes its own.
USUAL: Final = (
    Prepared("Assistante demandée", Target.ROLE.value, role=Role.ASSISTANT.value, key="F9"),
    Prepared("Secrétaire demandée", Target.ROLE.value, role=Role.SECRETARY.value, key="F8"),
    Prepared(
        "Praticien demandé",
        Target.ROLE.value,
        role=Role.DENTIST.value,
        sound=Sound.KNOCK.value,
    ),
    Prepared(
        "Urgence, venez tous",
        Target.EVERYONE.value,
        sound=Sound.URGENT.value,
        tone=Tone.DANGER.value,
    ),
)


@transaction.atomic
def add_kind(*, actor: Actor, prepared: Prepared) -> CallKind:
    """Add a call, last in order. Raises: TooManyKinds, LabelTaken, KeyTaken, KindChanged."""
    count = len(_locked_kinds(actor))
    if count >= MOST_KINDS:
        raise TooManyKinds
    kind = CallKind(practice_id=actor.own_practice_id, position=count)
    _fill(actor, kind, prepared)
    kind.save()
    tell(actor, Action.CREATE, "call_kind", kind.id)
    return kind


@transaction.atomic
def add_usual_kinds(*, actor: Actor) -> int:
    """Add the usual calls to an empty list; return how many (0 when it is not empty)."""
    if _locked_kinds(actor):
        return 0
    for prepared in USUAL:
        add_kind(actor=actor, prepared=prepared)
    return len(USUAL)


@transaction.atomic
def change_kind(*, actor: Actor, kind_id: UUID, prepared: Prepared) -> None:
    """Change a call. Raises: NoSuchKind, LabelTaken, KeyTaken, KindChanged."""
    kind = _one(_locked_kinds(actor), kind_id)
    _fill(actor, kind, prepared)
    kind.save()
    tell(actor, Action.CHANGE, "call_kind", kind.id)


@transaction.atomic
def move_kind(*, actor: Actor, kind_id: UUID, step: int) -> None:
    """Move a call by ``step`` places in its list. Raises: NoSuchKind."""
    kinds = _locked_kinds(actor)
    kind = _one(kinds, kind_id)
    for position, other in enumerate(moved(kinds, kind, step)):
        other.position = position
        other.save(update_fields=["position"])
    tell(actor, Action.CHANGE, "call_kind", kind.id, state="moved")


@transaction.atomic
def remove_kind(*, actor: Actor, kind_id: UUID) -> None:
    """Take a call off the list; those that were sent stay. Raises: NoSuchKind."""
    kind = _one(_locked_kinds(actor), kind_id)
    kind.is_active = False
    kind.save(update_fields=["is_active"])
    tell(actor, Action.CHANGE, "call_kind", kind.id, state="removed")


@transaction.atomic
def restore_kind(*, actor: Actor, kind_id: UUID) -> None:
    """Put a removed call back, last in order, with its key when it is still free.

    Raises: NoSuchKind, LabelTaken, TooManyKinds.
    """
    kinds = _locked_kinds(actor)
    found = CallKind.objects.filter(id=kind_id, practice_id=actor.own_practice_id)
    kind = found.filter(is_active=False).first()
    if kind is None:
        raise NoSuchKind
    if len(kinds) >= MOST_KINDS:
        raise TooManyKinds
    if any(other.label == kind.label for other in kinds):
        raise LabelTaken
    if any(kind.key and other.key == kind.key for other in kinds):
        kind.key = ""
    kind.is_active, kind.position = True, len(kinds)
    kind.save(update_fields=["is_active", "position", "key"])
    tell(actor, Action.CHANGE, "call_kind", kind.id, state="restored")


def _locked_kinds(actor: Actor) -> list[CallKind]:
    # The practice's row stands for its list: two people who change it wait for each other.
    hold(actor.own_practice_id)
    return list(CallKind.objects.filter(practice_id=actor.own_practice_id, is_active=True))


def _one(kinds: list[CallKind], kind_id: UUID) -> CallKind:
    for kind in kinds:
        if kind.id == kind_id:
            return kind
    raise NoSuchKind


def _fill(actor: Actor, kind: CallKind, prepared: Prepared) -> None:
    rows = CallKind.objects.filter(practice_id=actor.own_practice_id, is_active=True)
    others = list(rows.exclude(id=kind.id))
    # In Python: SQLite knows the case of ASCII letters alone.
    if any(other.label.casefold() == prepared.label.casefold() for other in others):
        raise LabelTaken
    if prepared.key and any(other.key == prepared.key for other in others):
        raise KeyTaken
    if prepared.room_id is not None:
        rooms = practices.rooms(actor.own_practice_id)
        if not rooms.filter(id=prepared.room_id).exists():
            raise KindChanged
    for name in Prepared.__slots__:
        setattr(kind, name, getattr(prepared, name))
