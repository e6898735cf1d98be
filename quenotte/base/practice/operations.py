"""What changes about a practice."""

import contextlib
import hmac
import os
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice import sessions
from quenotte.base.practice.models import Chair, Practice, Room, Workstation
from quenotte.base.practice.queries import is_installed
from quenotte.base.practice.rules import EDITABLE, moved, stamp
from quenotte.kernel.errors import Refusal
from quenotte.kernel.legible import legible_code

end_logins = sessions.end_logins


class ChangedMeanwhile(Refusal):
    """Somebody else saved while this form was open."""

    message = _(
        "Une autre personne a modifié cette fiche entre-temps. Rien n’a été écrasé. "
        "Ses valeurs sont affichées ci-dessous : reprenez votre modification."
    )


class NameTaken(Refusal):
    """Two places of the same name would be mistaken for each other."""

    message = _("Ce nom est déjà pris. Rien n’a été enregistré : choisissez-en un autre.")


class StillUsed(Refusal):
    """Something still refers to this place."""

    message = _("Ce lieu sert encore (fauteuil, appareil ou rendez-vous). Il n’a pas été retiré.")


class NotHere(Refusal):
    """The place was removed, or belongs to another practice."""

    message = _("Ce lieu n’existe plus. Rien n’a été modifié.")


def draw_file_number(practice_id: UUID) -> int:
    """Return the next file number; never the same twice. Call inside a transaction.

    The row of the practice stays locked until the transaction ends, so that a patient who
    is not saved after all gives her number back.
    """
    Practice.objects.filter(id=practice_id).update(last_file_number=F("last_file_number") + 1)
    return Practice.objects.values_list("last_file_number", flat=True).get(id=practice_id)


def draw_file_numbers(practice_id: UUID, count: int) -> int:
    """Return the first of the next ``count`` file numbers; as ``draw_file_number``."""
    Practice.objects.filter(id=practice_id).update(last_file_number=F("last_file_number") + count)
    last = Practice.objects.values_list("last_file_number", flat=True).get(id=practice_id)
    return last - count + 1


#: What upper rooms put into a practice that is created.
_fillers: list[Callable[[UUID], object]] = []


def fill_new_practices(fill: Callable[[UUID], object]) -> None:
    """Have ``fill(practice_id)`` called in the transaction that creates a practice."""
    if fill not in _fillers:
        _fillers.append(fill)


def create_practice(*, practice_id: UUID, name: str, dicom_issuer: str) -> Practice:
    """Create a practice with what upper rooms give it; the caller writes the journal's line."""
    practice = Practice.objects.create(id=practice_id, name=name, dicom_issuer=dicom_issuer)
    for fill in _fillers:
        fill(practice_id)
    return practice


def hold(practice_id: UUID) -> None:
    """Lock the row of a practice until the transaction ends; upper rooms change their lists so."""
    Practice.objects.select_for_update().get(id=practice_id)


@transaction.atomic
def change_practice(*, actor: Actor, values: dict[str, str], seen: str) -> Practice:
    """Save the practice's own data; ``seen`` is the stamp of what the form had shown.

    Raises: ChangedMeanwhile when somebody else saved since: nothing is overwritten.
    """
    practice = Practice.objects.select_for_update().get(id=actor.own_practice_id)
    now = {name: getattr(practice, name) for name in EDITABLE}
    if stamp(now) != seen:
        raise ChangedMeanwhile
    changed = [name for name in EDITABLE if now[name] != values[name]]
    if not changed:
        return practice
    for name in changed:
        setattr(practice, name, values[name])
    practice.save(update_fields=changed)
    _traced(actor, Action.CHANGE, "practice", practice.id, fields=",".join(changed))
    return practice


@transaction.atomic
def add_room(*, actor: Actor, name: str) -> Room:
    """Add a room, last in order. Raises: NameTaken."""
    last = Room.objects.filter(practice_id=actor.own_practice_id).count()
    room = Room(practice_id=actor.own_practice_id, name=name, position=last)
    _saved(room)
    _traced(actor, Action.CREATE, "room", room.id)
    return room


@transaction.atomic
def add_chair(*, actor: Actor, room_id: UUID, name: str) -> Chair:
    """Add a chair to a room, last in order. Raises: NameTaken, NotHere."""
    room = _place(actor, "room", room_id)
    chair = Chair(room_id=room.pk, name=name, position=Chair.objects.filter(room=room.pk).count())
    _saved(chair)
    _traced(actor, Action.CREATE, "chair", chair.id)
    return chair


@transaction.atomic
def rename(*, actor: Actor, kind: str, place_id: UUID, name: str) -> None:
    """Rename a room or a chair. Raises: NameTaken, NotHere."""
    place = _place(actor, kind, place_id)
    place.name = name
    _saved(place)
    _traced(actor, Action.CHANGE, kind, place.id)


@transaction.atomic
def move(*, actor: Actor, kind: str, place_id: UUID, step: int) -> None:
    """Move a room or a chair by ``step`` places in its list. Raises: NotHere."""
    place = _place(actor, kind, place_id)
    for position, other in enumerate(moved(_beside(place), place, step)):
        other.position = position
        other.save(update_fields=["position"])
    _traced(actor, Action.CHANGE, kind, place.id)


@transaction.atomic
def remove(*, actor: Actor, kind: str, place_id: UUID) -> None:
    """Remove a room or a chair that nothing uses. Raises: StillUsed, NotHere."""
    place = _place(actor, kind, place_id)
    try:
        place.delete()
    except ProtectedError as error:
        raise StillUsed from error
    _traced(actor, Action.CHANGE, kind, place_id, state="removed")


@transaction.atomic
def change_workstation(
    *,
    actor: Actor,
    workstation_id: UUID,
    name: str,
    room_id: UUID | None,
    idle_lock_s: int | None = None,
) -> None:
    """Name a workstation, say in which room it stands and when it locks (seconds, None: as
    before); open logins know it at once.

    Raises: NotHere.
    """
    found = Workstation.objects.filter(id=workstation_id, practice_id=actor.own_practice_id)
    if room_id is not None:
        _place(actor, "room", room_id)
    lock = {} if idle_lock_s is None else {"idle_lock_s": idle_lock_s}
    if not found.update(name=name, room_id=room_id, **lock):
        raise NotHere
    sessions.rename_seats(workstation_id, name)
    _traced(actor, Action.CHANGE, "workstation", workstation_id)


def change_grace(*, practice_id: UUID, days: int) -> None:
    """Keep how long a gestionnaire may wait for her second factor; the caller writes the line."""
    Practice.objects.filter(id=practice_id).update(second_factor_grace_days=days)


def installation_code() -> str:
    """Return the code that opens the first installation; "" once a practice exists.

    It is drawn once and kept in ``run/installation.code``, which only the server's owner
    reads: who has no access to the machine cannot take the new site.
    """
    path = _code_file()
    if is_installed():
        path.unlink(missing_ok=True)
        return ""
    if not path.exists():
        _draw_code(path)
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        # The other browser has just installed the practice and taken the code away.
        return ""


def _draw_code(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(legible_code())
        # A link appears whole or not at all: no one ever reads half a code, and who comes second
        # reads the first one's.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def is_installation_code(text: str) -> bool:
    """Tell whether ``text`` is the code of the first installation, spaces and case aside."""
    expected = installation_code().replace("-", "")
    given = "".join(sign for sign in text.upper() if sign.isalnum())
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _code_file() -> Path:
    return Path(settings.DATA_DIR) / "run" / "installation.code"


def _place(actor: Actor, kind: str, place_id: UUID) -> Room | Chair:
    # The practice is locked: two moves at once would leave two places at one position.
    Practice.objects.select_for_update().get(id=actor.own_practice_id)
    place: Room | Chair | None = (
        Room.objects.filter(id=place_id, practice_id=actor.own_practice_id).first()
        if kind == "room"
        else Chair.objects.filter(id=place_id, room__practice_id=actor.own_practice_id).first()
    )
    if place is None:
        raise NotHere
    return place


def _beside(place: Room | Chair) -> list[Room | Chair]:
    if isinstance(place, Room):
        return list(Room.objects.filter(practice_id=place.practice_id))
    return list(Chair.objects.filter(room_id=place.room_id))


def _saved(place: Room | Chair) -> None:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise NameTaken from error


def _traced(actor: Actor, action: Action, kind: str, object_id: UUID, **detail: str) -> None:
    record(action=action, actor=actor, object_kind=kind, object_id=str(object_id), detail=detail)
