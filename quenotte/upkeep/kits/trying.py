"""The restore that follows a typed key: each place of the paper in turn, until one gives back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.kits.models import KitKey, Trial

if TYPE_CHECKING:
    from quenotte.upkeep.backups.models import Destination


class Tried(NamedTuple):
    """How it ended: where a copy came back (else where it was tried last), and in which words.

    ``passed_over``: the places that gave nothing back, each with its reason.
    """

    destination: "Destination"
    is_good: bool
    words: str
    passed_over: str


def restored(trial: Trial, *, actor: Actor, progress: Any = None) -> Tried:
    """Restore the copy of a place that the paper opens: the one that the key opened comes first.

    All of them bear a key file of the same paper, which one passphrase opens.

    Raises: Busy: nothing was begun.
    """
    failed: list[tuple[Destination, str]] = []
    for key in _in_turn(trial):
        is_good, words = _one(key, actor, progress)
        if is_good:
            return Tried(key.destination, is_good, words, _named(failed))
        failed.append((key.destination, words))
    last, words = failed[-1]
    if len(failed) == 1:
        return Tried(last, is_good=False, words=words, passed_over="")
    told = _("Aucun emplacement de la feuille n’a rendu sa copie. {places}")
    return Tried(last, is_good=False, words=told.format(places=_named(failed)), passed_over="")


def _in_turn(trial: Trial) -> Iterator[KitKey]:
    active = {one.id for one in backup_queries.destinations()} | {trial.destination_id}
    keys = trial.kit.keys.select_related("destination").order_by("destination__created_at")
    held = [one for one in keys if one.destination_id in active]
    yield from sorted(held, key=lambda one: one.destination_id != trial.destination_id)


def _one(key: KitKey, actor: Actor, progress: Any) -> tuple[bool, str]:
    """Restore the copy of one place; return whether it came back, and what is said of it."""
    place = key.destination.place
    try:
        proof = backups.prove(place, actor=actor, progress=progress, patience_s=backups.PATIENCE_S)
    except backups.Busy:
        raise
    except Refusal as refusal:
        return False, str(refusal)
    if backup_queries.lacks_key(key.destination, key.key_file):
        return False, str(_("La clé de la feuille n’y est plus."))
    return proof.restorable_until is not None, proof.outcome


def _named(failed: "list[tuple[Destination, str]]") -> str:
    """Return places with why each gave nothing back, all of them however long the reasons are."""
    room = 500 // max(1, len(failed))
    return " ".join(f"{one.label} : {_short(words, room)}" for one, words in failed)


def _short(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
