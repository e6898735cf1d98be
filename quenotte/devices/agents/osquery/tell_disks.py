"""Disks and their encryption, and what is plugged."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_READABLE, clean, flag
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.mounts import mount_of
from quenotte.devices.agents.osquery.messages import Row

_MIB: Final = 1 << 20
_MOST_BYTES: Final = 1 << 56
#: 2 is « undetermined »: a locked disk, or a system that does not say.
_PROTECTION: Final = {"0": False, "1": True}
_FILEVAULT: Final = {"off": False, "on": True}
_ENCRYPTED: Final = {"0": False, "1": True}
#: Devices of Linux that stand on others.
_BUILT: Final = ("/dev/dm-", "/dev/md")
_OF_THE_SYSTEM: Final = frozenset({"/", "/System/Volumes/Data"})


def tell_windows_disks(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the drives of Windows: BitLocker protects one when its status says so."""
    _tell(found, rows, _of_windows)


def tell_macos_disks(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the volumes of a Mac. FileVault counts: on its chips everything is « encrypted »."""
    _tell(found, rows, lambda row: _of_unix(row, _FILEVAULT))


def tell_linux_disks(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the file systems of Linux."""
    _tell(found, rows, _of_linux)


def tell_media(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell what is plugged. No row: nothing is."""
    told = (
        {"name": clean(row.get("name")) or "usb", "kind": clean(row.get("kind"), most=32)}
        for row in rows
    )
    found.rows("media.plugged", told)


def _tell(found: Gathering, rows: Sequence[Row], read: Callable[[Row], dict[str, Any]]) -> None:
    if rows:
        found.rows("disks", map(read, rows))
    else:
        # Every machine has one.
        found.tell("disks", NOT_READABLE)


def _of_windows(row: Row) -> dict[str, Any]:
    name = clean(row.get("name"), most=20)
    return {
        "name": name,
        "mount": mount_of(name or ""),
        **_sizes(_bytes(row, "total_bytes"), _bytes(row, "free_bytes")),
        "is_encrypted": _PROTECTION.get(row.get("protection", "")),
        "is_system": flag(row.get("is_system")),
    }


def _of_linux(row: Row) -> dict[str, Any]:
    """Return a file system; that what it stands on is locked may not be seen."""
    told = _of_unix(row, _ENCRYPTED)
    is_built = row.get("alias", "").startswith(_BUILT)
    return {**told, "is_encrypted": told["is_encrypted"] or None} if is_built else told


def _of_unix(row: Row, states: dict[str, bool]) -> dict[str, Any]:
    mount, size = mount_of(row.get("mount", "")), _bytes(row, "blocks_size")
    return {
        "name": clean(row.get("name"), most=100),
        "mount": mount,
        **_sizes(
            _times(_bytes(row, "blocks"), size), _times(_bytes(row, "blocks_available"), size)
        ),
        "is_encrypted": states.get(row.get("state", "").lower()),
        "is_system": mount in _OF_THE_SYSTEM,
    }


def _bytes(row: Row, name: str) -> int | None:
    value = credible.number(row.get(name), most=_MOST_BYTES).value
    return None if value is None else int(value)


def _times(count: int | None, size: int | None) -> int | None:
    return None if count is None or size is None else count * size


def _sizes(total: int | None, free: int | None) -> dict[str, int | None]:
    """Return sizes in MiB: a total of nothing, or more room than there is, is not believed."""
    has_total = total is not None and 0 < total <= _MOST_BYTES
    has_free = free is not None and 0 <= free <= (total if has_total and total else _MOST_BYTES)
    return {
        "total_mib": total // _MIB if has_total and total else None,
        "free_mib": free // _MIB if has_free and free is not None else None,
    }
