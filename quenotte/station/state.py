"""The one file of state: where the server is, the key of this machine, what it last told.

It is replaced whole or not at all, and its owner alone reads it.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from quenotte.station import locking
from quenotte.station.refusals import AlreadyRuns, Closed, Damaged, NotEnrolled, Unwritable

VERSION: Final = 1
#: Bytes: facts that are kept are bounded by what a report may hold.
_MOST_BYTES: Final = 512 * 1024
#: What files of the first release do not have.
_ADDED: Final = {"client_certificate": "", "client_key": ""}


class Standing(StrEnum):
    """What the server last said of this machine. Values are stored."""

    WAITING = "waiting"
    BELIEVED = "believed"
    REVOKED = "revoked"
    #: It asked to be enrolled with this key, and no answer came: the server may know it.
    ASKED = "asked"

    @property
    def is_shut_out(self) -> bool:
        """Tell whether the server opens nothing to this key, as far as is known."""
        return self in {Standing.REVOKED, Standing.ASKED}


@dataclass(frozen=True, slots=True)
class State:
    """What is kept. Instants are texts in ISO 8601, "" for never.

    ``fingerprint``: that of the last report that was taken; ``unsent_since``: since when something
    new waits to be told; ``trouble``: a code of ours, why the last contact failed; ``facts``: the
    last of what is seldom looked for, by key.
    """

    server: str
    key: str
    authority: str = ""
    is_plain: bool = False
    standing: Standing = Standing.WAITING
    fingerprint: str = ""
    heard_at: str = ""
    unsent_since: str = ""
    trouble: str = ""
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Where its own certificate and the key to it lie, "" where it has none.
    client_certificate: str = ""
    client_key: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "State":
        """Read it. Raises: ValueError, TypeError, KeyError for what was not written by us."""
        said = {**_ADDED, **said}
        told = {name: said[name] for name in cls.__dataclass_fields__}
        if said["version"] != VERSION or not (told["server"] and told["key"]):
            raise ValueError
        for name, value in told.items():
            wanted = {"is_plain": bool, "facts": dict}.get(name, str)
            if not isinstance(value, wanted):
                raise TypeError(name)
        return cls(**{**told, "standing": Standing(told["standing"])})


class StateFile:
    """The file of state at a path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> State:
        """Return what is kept. Raises: NotEnrolled, Damaged, Closed."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
            if len(raw) > _MOST_BYTES:
                raise ValueError
            return State.of(json.loads(raw.decode("utf-8")))
        except FileNotFoundError:
            raise NotEnrolled from None
        except PermissionError:
            raise Closed from None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            raise Damaged(self.path) from None

    def write(self, state: State) -> None:
        """Replace what is kept: beside its place first, on the disk, then in one step.

        Raises: Unwritable, Closed.
        """
        body = json.dumps({"version": VERSION, **asdict(state)}, ensure_ascii=False, indent=1)
        draft = self.path.with_name(f".{self.path.name}.part")
        try:
            self._make_folder()
            _write(draft, body.encode("utf-8"))
            draft.replace(self.path)
            _settle(self.path.parent)
        except PermissionError:
            raise Closed from None
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise Unwritable from None

    def try_out(self) -> None:
        """Write as much as a state takes and take it away again. Raises: Unwritable, Closed."""
        draft = self.path.with_name(f".{self.path.name}.part")
        try:
            self._make_folder()
            _write(draft, b" " * _MOST_BYTES)
            draft.unlink()
        except PermissionError:
            raise Closed from None
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise Unwritable from None

    def put_back(self, before: State | None) -> None:
        """Put back what was kept before, None for nothing. Raises: Unwritable, Closed."""
        if before is not None:
            self.write(before)
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            raise Unwritable from None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process from changing it. Raises: AlreadyRuns, Closed, Unwritable."""
        try:
            self._make_folder()
            lock = locking.take(self.path.parent)
        except PermissionError:
            raise Closed from None
        except BlockingIOError:
            raise AlreadyRuns from None
        except OSError:
            raise Unwritable from None
        try:
            yield
        finally:
            locking.leave(lock)

    def _make_folder(self) -> None:
        folder = self.path.parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            locking.close_to_others(folder)


def _write(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Bring the name of the file to the disk as well; Windows does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
