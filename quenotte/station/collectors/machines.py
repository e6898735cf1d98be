"""The machine as collectors see it: its files, its programs, what psutil counts.

Programs are called by a list of words, without a shell, in plain English, from the folders of the
system alone, and never for long.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import psutil

#: Where programs of the system lie: never the current folder, nor one that a person may write to.
_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_BYTES: Final = 4 << 20
_PIECE: Final = 1 << 15
_ENGLISH: Final = {"LC_ALL": "C", "LANG": "C", "TERM": "dumb"}


class NoProgram(Exception):
    """The program is not installed: the system has no such thing to ask."""


class TooSlow(Exception):
    """The program was stopped: it is there, and did not answer in time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program said."""

    code: int
    out: str


class Machine(Protocol):
    """A machine, real or of a test."""

    #: The module psutil, or what stands for it.
    counts: Any

    def text(self, path: str) -> str | None:
        """Return what is in a file; None when there is none. Raises: OSError otherwise."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return what is in a folder, in order; nothing when there is none."""
        ...

    def place(self, path: str) -> Path:
        """Return where a path of the machine really is."""
        ...

    def run(self, *words: str, timeout_s: float = 20.0, user: int | None = None) -> Said:
        """Run a program, as another user where one is given. Raises: NoProgram, TooSlow."""
        ...


class Real:
    """This machine. ``root``: where its files are taken from."""

    counts: Any = psutil

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def place(self, path: str) -> Path:
        """Return where a path of the machine really is."""
        return self._root / path.lstrip("/")

    def text(self, path: str) -> str | None:
        """Return what is in a file; None when there is none. Raises: OSError otherwise."""
        try:
            with self.place(path).open("rb") as file:
                return _all_of(file).decode("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, folder: str) -> list[str]:
        """Return what is in a folder, in order; nothing when there is none."""
        try:
            return sorted(path.name for path in self.place(folder).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def run(self, *words: str, timeout_s: float = 20.0, user: int | None = None) -> Said:
        """Run a program, as another user where one is given. Raises: NoProgram, TooSlow."""
        program = shutil.which(words[0], path=_PATH) if os.name != "nt" else words[0]
        if program is None:
            raise NoProgram(words[0])
        try:
            child = _begun([program, *words[1:]], user)
        except OSError:
            raise NoProgram(words[0]) from None
        try:
            out, _errors = child.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _end(child)
            raise TooSlow(words[0]) from None
        return Said(child.returncode, out[:_MOST_BYTES].decode("utf-8", "replace"))


def _all_of(file: BinaryIO) -> bytes:
    """Return what is in a file, in small pieces: those of the kernel give no large ones."""
    parts, size = [], 0
    while size < _MOST_BYTES and (part := file.read(_PIECE)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _begun(words: list[str], user: int | None) -> "subprocess.Popen[bytes]":
    if sys.platform == "win32":
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS,
        )
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": _PATH, **_ENGLISH, **_of_user(user)},
        cwd="/",
        # Its own group: what it started ends with it.
        start_new_session=True,
        **_rights(user),
    )


def _of_user(user: int | None) -> dict[str, str]:
    """Return what a program needs to find the settings of somebody's desktop."""
    if user is None:
        return {}
    import pwd

    home = pwd.getpwuid(user).pw_dir
    bus = f"unix:path=/run/user/{user}/bus"
    return {"HOME": home, "XDG_RUNTIME_DIR": f"/run/user/{user}", "DBUS_SESSION_BUS_ADDRESS": bus}


def _rights(user: int | None) -> dict[str, Any]:
    if user is None or user == os.geteuid():
        return {}
    import pwd

    group = pwd.getpwuid(user).pw_gid
    return {"user": user, "group": group, "extra_groups": [group]}


def _end(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.communicate(timeout=5)
