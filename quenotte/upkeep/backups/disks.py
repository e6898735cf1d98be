"""Which disk a folder of copies lies on: that of the practice, that of another place, or its own.

It is noted with each copy, while the folder is there: two places that were seen on one disk at one
moment stay one support when it is unplugged, and the light of each page asks no disk.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from quenotte.devices.repository.opening import is_server
from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Copy, Destination

#: In the summary of a copy.
NOTED: Final = "disk"
#: Where Linux tells which disk a partition is of.
_BLOCKS: Final = Path("/sys/dev/block")


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a folder lay: on the practice's own disk or not, and beside which other places.

    ``beside`` holds the ids of those that were there then, on the same disk.
    """

    is_ours: bool = False
    beside: tuple[str, ...] = ()

    def noted(self) -> dict[str, Any]:
        """Return it as it is kept with a copy."""
        return {"is_ours": self.is_ours, "beside": [*self.beside]}


def disk_of(folder: Path) -> int:
    """Return the number of the disk that a file or a folder lies on; of a partition, its disk.

    Raises: OSError.
    """
    device = folder.stat().st_dev
    block = _BLOCKS / f"{os.major(device)}:{os.minor(device)}"
    with suppress(OSError, ValueError):
        if (block / "partition").is_file():
            major, minor = (block.resolve().parent / "dev").read_text("ascii").split(":")
            return os.makedev(int(major), int(minor))
    return device


def is_ours(folder: Path) -> bool:
    """Tell whether a folder lies on the disk of the practice's own data. Raises: OSError."""
    return disk_of(folder) == disk_of(Path(settings.DATA_DIR))


def look(one: Destination, others: Iterable[Destination]) -> Seen | None:
    """Return where the repository of a folder lies; None for what is no folder, or not there."""
    disk = _disk(one)
    if disk is None:
        return None
    beside = [str(other.id) for other in others if other.id != one.id and _disk(other) == disk]
    return Seen(disk == disk_of(Path(settings.DATA_DIR)), tuple(beside))


def told(copy: Copy | None) -> Seen:
    """Return what a copy noted; of one that noted nothing, that it lies on a disk of its own."""
    found = copy.summary.get(NOTED, {}) if copy else {}
    return Seen(bool(found.get("is_ours")), tuple(found.get("beside", ())))


def names(held: Sequence[tuple[Destination, Copy | None]]) -> list[str]:
    """Return for each place, with its last copy, a name of the disk or the server it lies on.

    Places that were seen on one disk, or that one server holds, have the same name.
    """
    found = {str(one.id): _server_of(one) or str(one.id) for one, _copy in held}
    for one, copy in held:
        for other in told(copy).beside:
            if other in found:
                former, name = found[other], found[str(one.id)]
                found = {id_: name if its == former else its for id_, its in found.items()}
    return [*found.values()]


def _server_of(one: Destination) -> str:
    return places.door_of(one.place) if is_server(one.place) else ""


def _disk(one: Destination) -> int | None:
    """Return the disk of the repository in use, by a file that lies there; None: out of reach."""
    if one.kind != Destination.Kind.FOLDER:
        return None
    try:
        return disk_of(Path(places.at(one.place, one.epoch)) / "config")
    except OSError:
        return None
