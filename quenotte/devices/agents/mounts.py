"""Where a disk is mounted, without the name of whoever plugged it or what is written on it."""

from typing import Final

from quenotte.devices.agents.credible import clean

#: Places that every system of a kind has: they name nobody.
_OF_THE_SYSTEM: Final = frozenset(
    "/boot/efi /boot/firmware /var/lib /var/log /var/tmp /usr/local /System/Volumes/Data"
    " /System/Volumes/VM /System/Volumes/Preboot /System/Volumes/Update /private/var/vm".split()
)
_LONGEST: Final = 32
_LONGEST_PATH: Final = 4096


def mount_of(path: str) -> str | None:
    """Return a place in words that name nobody: « /media/… » for all that is below /media.

    Where Windows mounts into a folder, only the drive is kept.
    """
    path = clean(path, most=_LONGEST_PATH) or ""
    if path[1:2] == ":":
        return path[:2].upper()
    if not path.startswith("/"):
        return None
    parts = [part for part in path.split("/") if part]
    place = "/" + "/".join(parts)
    if (len(parts) < 2 and len(place) <= _LONGEST) or place in _OF_THE_SYSTEM:
        return place
    return f"/{parts[0][: _LONGEST - 3]}/…"
