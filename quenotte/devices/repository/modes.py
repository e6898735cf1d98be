"""File modes: Go's bits in trees, the system's on disk. Source: Go's ``io/fs.FileMode``."""

import stat
from typing import Final

_PERMISSIONS: Final = 0o777
_FOLDER: Final = 1 << 31
_LINK: Final = 1 << 27
#: Go's bit, then the system's.
_SPECIAL: Final = ((1 << 23, stat.S_ISUID), (1 << 22, stat.S_ISGID), (1 << 20, stat.S_ISVTX))


def written(mode: int) -> int:
    """Return the mode that a tree writes for the system's ``st_mode``."""
    told = mode & _PERMISSIONS
    told |= _FOLDER if stat.S_ISDIR(mode) else 0
    told |= _LINK if stat.S_ISLNK(mode) else 0
    for go, system in _SPECIAL:
        told |= go if mode & system else 0
    return told


def read(told: int) -> int:
    """Return the permissions for the system, setuid, setgid and sticky included."""
    mode = told & _PERMISSIONS
    for go, system in _SPECIAL:
        mode |= system if told & go else 0
    return mode
