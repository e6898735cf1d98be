"""What happens to media: seen by the worker, done by a command; told to pages and the journal."""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.live import operations as live
from quenotte.devices.media.disks import system
from quenotte.devices.media.disks.register import Shelved
from quenotte.devices.media.disks.rotation import Run
from quenotte.devices.media.disks.system import System
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_reads
from quenotte.upkeep.media import queries

#: As the lines of the journal of accesses name it.
OBJECT: Final = "medium"
#: Who typed a command is not known by name.
COMMAND: Final = Actor(None, "Commande", None, "", "cli")


def watch(machine: System | None = None, *, links: Path = system.BY_UUID) -> list[str]:
    """Look which disks are plugged; tell what became wrong since the last look, and return it.

    ``links``: where the machine names each filesystem. Raises: OSError.
    """
    register = queries.register()
    rota = register.read()
    if not rota.disks:
        return []
    now = timezone.now()
    plugged = system.plugged(machine or system.Linux(), rota.uuids, links=links)
    # Where nobody can tell, what a command saw last is still believed.
    seen = rota if plugged is None else register.see(plugged, now)
    found = [alarm.value for alarm in queries.alarms(seen, now)]
    new = [one for one in found if one not in rota.alarms]
    if seen.plugged != rota.plugged or set(found) != set(rota.alarms):
        _tell_pages()
    if set(found) != set(rota.alarms):
        register.tell(found)
    for alarm in new:
        tell(Action.CHANGE, "disk", state=alarm, result="failed", actor=SYSTEM)
    return new


def note_run(letter: str, uuid: str, data_at: datetime | None) -> None:
    """Remember that a disk took what a place held, and was read back.

    ``data_at``: the moment that this brings back, as it was known before the disk was written.

    Raises: OSError.
    """
    now = timezone.now()
    queries.register().note(Run(letter, uuid, now, data_at))
    # It is plugged as long as nobody saw the contrary.
    queries.register().see({uuid}, now)
    _tell_pages()


def note_shelved(
    kind: str, name: str, data_at: datetime | None, *, made_at: datetime | None = None
) -> None:
    """Remember that discs or a tape took what a place held, and were read back.

    ``data_at``: as for ``note_run``; ``made_at``: when it was taken, where that was before now.

    Raises: OSError.
    """
    queries.register().shelve(Shelved(kind, name, made_at or timezone.now(), data_at))
    _tell_pages()


def data_at_of(place: str) -> datetime | None:
    """Return the moment that the newest good copy of a place brings back, None: not known."""
    found = backup_reads.destination_at(place)
    last = backup_reads.standing_of(found).last_good_copy if found else None
    return last.data_at if last else None


@transaction.atomic
def tell(
    action: Action,
    kind: str,
    name: str = "",
    *,
    state: str = "",
    count: int | None = None,
    size_bytes: int | None = None,
    result: str = "ok",
    actor: Actor = COMMAND,
) -> None:
    """Write the line of what was done with a medium; ``kind``: disk, optical, tape, cloud."""
    detail = {"media": kind, "state": state, "count": count, "bytes": size_bytes}
    record(
        action=action,
        actor=actor,
        object_kind=OBJECT,
        object_id=name[:64],
        result=result,
        detail={key: value for key, value in detail.items() if value not in {None, ""}},
    )


def _tell_pages() -> None:
    live.publish(practice_id=None, name=backups.EVENT, data={}, audience=backups.AUDIENCE)
