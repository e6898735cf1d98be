"""Whose the data folder is: what an administrator makes there stays the practice's own.

Disks and drives need the rights of an administrator; the data folder belongs to the account that
serves the practice. What only the administrator could read there would stop each later copy.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quenotte.config import data_folder
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal

#: The file that each practice has: it is drawn before its first start ends.
_PRACTICE: Final = Path("keys", "journal.key")
#: Where these commands leave files.
_PARTS: Final = ("", "keys", "logs", "media")
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class NotHere(Refusal):
    """An administrator names no data folder of a practice."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("Il n’y a pas de cabinet dans {folder}.").format(folder=folder),
            next_step=_(
                "Rien n’a été écrit. Donnez le dossier de données du cabinet : « sudo quenotte "
                "media --data /var/lib/quenotte … »."
            ),
        )


class NotAllowed(Refusal):
    """The data folder, or another file or folder that was named, is another account's."""

    def __init__(self, path: Path | None = None) -> None:
        folder = data_folder.default_folder()
        if path is None or path.resolve().is_relative_to(folder):
            message = _("Ce compte ne peut pas lire {folder}.").format(folder=folder)
            next_step = _("Rien n’a été écrit. Recommencez avec « sudo ».")
        else:
            message = _("Ce compte n’a pas accès à {path}.").format(path=path)
            next_step = _("Donnez un autre dossier, ou recommencez avec « sudo ».")
        super().__init__(message, next_step=next_step)


def is_elsewhere() -> bool:
    """Tell whether an administrator works in a folder that no practice uses."""
    is_administrator = hasattr(os, "getuid") and os.getuid() == 0
    return is_administrator and not (data_folder.default_folder() / _PRACTICE).exists()


def needs_practice() -> None:
    """Let an administrator go on in a practice's folder alone. Raises: NotHere.

    With ``sudo`` the usual folder is the administrator's, of which the practice never hears.
    """
    if is_elsewhere():
        raise NotHere(data_folder.default_folder())


@contextlib.contextmanager
def acting() -> Iterator[None]:
    """Act as the owner of the data folder, where an administrator runs the command."""
    owner = _owner()
    if owner is None:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([owner[1]])
    os.setegid(owner[1])
    os.seteuid(owner[0])
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def give_back() -> None:
    """Give the owner what an administrator's command left in the data folder before.

    Whoever holds the folder may have put anything there: neither a link nor a file of two names is
    followed.
    """
    owner = _owner()
    if owner is None:
        return
    for part in _PARTS:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            _give_back(data_folder.default_folder() / part, owner, is_whole=bool(part))


def _give_back(folder: Path, owner: tuple[int, int], *, is_whole: bool) -> None:
    handle = os.open(folder, _FOLDER)
    try:
        if os.fstat(handle).st_uid == 0:
            os.fchown(handle, *owner)
        if is_whole:
            with os.scandir(handle) as found:
                names = [one.name for one in found]
            for name in names:
                _give_file(handle, name, owner)
    finally:
        os.close(handle)


def _give_file(folder: int, name: str, owner: tuple[int, int]) -> None:
    state = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if state.st_uid != 0 or not stat.S_ISREG(state.st_mode) or state.st_nlink != 1:
        return
    # What is opened may be another by now: it is judged again.
    with contextlib.suppress(OSError):
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        try:
            opened = os.fstat(handle)
            if stat.S_ISREG(opened.st_mode) and opened.st_nlink == 1:
                os.fchown(handle, *owner)
        finally:
            os.close(handle)


def _owner() -> tuple[int, int] | None:
    """Return the account and the group of the folder; None when it is ours or is not there."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    try:
        handle = os.open(data_folder.default_folder(), _FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        state = os.fstat(handle)
    finally:
        os.close(handle)
    return None if state.st_uid == 0 else (state.st_uid, state.st_gid)
