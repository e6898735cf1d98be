"""Snapshots: what was saved, when, and where its tree begins.

Source: restic's repository design, "Snapshots".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quenotte.devices.repository.errors import Damaged
from quenotte.devices.repository.stamps import instant_of, read_stamp
from quenotte.devices.repository.store import NAME, SNAPSHOTS

_PROGRAM = "quenotte"


@dataclass(frozen=True)
class Snapshot:
    """One backup. ``time`` is aware and as its writer claimed it; ``tree`` is the id of a blob."""

    id: str
    time: datetime
    tree: bytes
    paths: tuple[str, ...] = ()
    hostname: str = ""
    username: str = ""
    tags: tuple[str, ...] = ()
    parent: str = ""
    program: str = field(default="", compare=False)

    @property
    def short_id(self) -> str:
        """Return the eight digits by which people and restic name it."""
        return self.id[:8]


def document(
    *,
    time: datetime,
    tree: bytes,
    paths: Sequence[str],
    hostname: str,
    username: str,
    tags: Sequence[str] = (),
    parent: str = "",
) -> dict[str, Any]:
    """Return a snapshot as it is stored. ``time`` is aware."""
    told: dict[str, Any] = {"time": time.astimezone(UTC).isoformat()}
    if parent:
        told["parent"] = parent
    told |= {"tree": tree.hex(), "paths": list(paths), "hostname": hostname, "username": username}
    if tags:
        told["tags"] = list(tags)
    return told | {"program_version": _PROGRAM}


def read(name: str, told: dict[str, Any]) -> Snapshot:
    """Return the snapshot of a stored document. Raises: Damaged."""
    try:
        tree = told["tree"]
        if NAME.fullmatch(tree) is None:
            raise ValueError("the tree has an impossible id")
        return Snapshot(
            id=name,
            time=instant_of(read_stamp(told["time"])),
            tree=bytes.fromhex(tree),
            paths=tuple(map(str, told.get("paths") or ())),
            hostname=str(told.get("hostname") or ""),
            username=str(told.get("username") or ""),
            tags=tuple(map(str, told.get("tags") or ())),
            parent=str(told.get("parent") or ""),
            program=str(told.get("program_version") or ""),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Damaged(SNAPSHOTS, name, "this is no snapshot") from error
