"""Disks that stay in the machine, and media that somebody plugged into it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_REPORTED, clean, flag
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.glpi.machines import System
from quenotte.devices.agents.glpi.sections import Row, Sections
from quenotte.devices.agents.mounts import mount_of

_LETTER: Final = re.compile(r"[A-Za-z]:\\?")
_DEVICE: Final = re.compile(r"/dev/[\w./:-]{1,100}")
#: Systems of files that lie on another machine, or on none.
_ELSEWHERE: Final = (
    "nfs", "cifs", "smb", "afp", "webdav", "9p", "fuse.", "hgfs", "autofs", "davfs", "tmpfs",
    "devtmpfs", "squashfs", "iso9660", "udf", "cdfs", "efivarfs",
)  # fmt: skip
_REMOVABLE: Final = "removable disk"
_ON_WINDOWS: Final = frozenset({"local disk", ""})
#: What starts the system lies open on every machine, and holds nothing of the practice.
_STARTERS: Final = ("/boot", "/System/Volumes/", "/private/var/vm")
_SYSTEM_MOUNTS: Final = frozenset({"/", "/System/Volumes/Data"})
#: The class that USB gives to what holds files.
_MASS_STORAGE: Final = frozenset({"8", "08"})


def tell_disks(found: Gathering, sections: Sections, system: System) -> None:
    """Tell the disks of the machine: sizes in MiB; None where one is not credible."""
    if "DRIVES" not in sections:
        found.tell("disks", NOT_REPORTED)
        return
    read = _of_windows if system.family == "windows" else _of_unix
    found.rows("disks", (row for drive in sections["DRIVES"] for row in read(drive)))


def tell_media(found: Gathering, sections: Sections, system: System) -> None:
    """Tell what is plugged and can be carried away. Its label is not read: people write on it.

    Only on Windows does the list of drives tell which of them are removable.
    """
    telling = "DRIVES" if system.family == "windows" else "USBDEVICES"
    if telling not in sections:
        found.tell("media.plugged", NOT_REPORTED)
        return
    drives = (row for row in sections.get("DRIVES", ()) if _type(row) == _REMOVABLE)
    sticks = (row for row in sections.get("USBDEVICES", ()) if row.get("CLASS") in _MASS_STORAGE)
    found.rows(
        "media.plugged",
        [
            *({"name": _letter(row) or "removable", "kind": "removable"} for row in drives),
            *({"name": clean(row.get("NAME")) or "usb", "kind": "usb"} for row in sticks),
        ],
    )


def _of_windows(row: Row) -> Iterator[dict[str, Any]]:
    letter = _letter(row)
    if letter and _type(row) in _ON_WINDOWS and not _is_elsewhere(row):
        yield _disk(row, letter, letter, is_system=flag(row.get("SYSTEMDRIVE")) is True)


def _of_unix(row: Row) -> Iterator[dict[str, Any]]:
    source, mount = row.get("VOLUMN", ""), mount_of(row.get("TYPE", ""))
    is_starter = mount not in _SYSTEM_MOUNTS and (mount or "").startswith(_STARTERS)
    is_remote = source.startswith("//") or ":/" in source
    if mount is None or is_starter or is_remote or _is_elsewhere(row):
        return
    # A name that is no device was given by somebody.
    name = source if _DEVICE.fullmatch(source) else clean(row.get("FILESYSTEM"), most=20) or "disk"
    yield _disk(row, name, mount, is_system=mount in _SYSTEM_MOUNTS)


def _disk(row: Row, name: str, mount: str, *, is_system: bool) -> dict[str, Any]:
    total = credible.number(row.get("TOTAL"), least=1).value
    free = credible.number(row.get("FREE"), most=total or credible.MOST_MIB).value
    return {
        "name": name,
        "mount": mount,
        "total_mib": total,
        "free_mib": free,
        # « Unknown », or nothing: the agent may not ask, or the edition has no BitLocker.
        "is_encrypted": flag(row.get("ENCRYPT_STATUS")),
        "is_system": is_system,
    }


def _letter(row: Row) -> str | None:
    letter = row.get("LETTER", "").strip()
    return letter[:2].upper() if _LETTER.fullmatch(letter) else None


def _type(row: Row) -> str:
    return row.get("TYPE", "").strip().lower()


def _is_elsewhere(row: Row) -> bool:
    return row.get("FILESYSTEM", "").lower().startswith(_ELSEWHERE)
