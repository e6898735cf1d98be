"""A repository in a folder: the disk of the server, a removable disk, a share.

Source: restic's repository design, "Repository Layout": packs lie below the first two digits of
their names.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from quenotte.devices.repository.disk import Disk
from quenotte.devices.repository.errors import Damaged, Full, Missing, Refused, Unreachable
from quenotte.devices.repository.store import CONFIG, DATA, NAMED_KINDS, is_name

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
#: Where files are written before they get their name; never listed, by nobody.
_DRAFTS: Final = "tmp"
#: A draft of that age belongs to a process that died. Seconds.
_ABANDONED_S: Final = 86_400


class FolderStore:
    """Files in a folder, each durable before it has its name."""

    def __init__(self, path: Path | str, disk: Disk | None = None) -> None:
        self.path = Path(path)
        self._disk = disk or Disk()
        self._durable: set[Path] = set()
        self._is_tidy = False

    def __str__(self) -> str:
        return str(self.path)

    def put(self, kind: str, name: str, body: bytes | memoryview) -> None:
        """Write, fsync, rename, fsync the folder. A file that is there whole stays untouched."""
        target = self._path(kind, name)
        if self._is_kept(target, kind, body):
            return
        try:
            self._tidy()
            draft = self._draft(body)
            self._make(target.parent)
            self._disk.rename(draft, target)
            self._disk.sync_folder(target.parent)
        except OSError as error:
            _told(error)

    def get(self, kind: str, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return a file or a part of it; a part that is not there whole is damage."""
        try:
            with self._path(kind, name).open("rb") as file:
                file.seek(offset)
                body = file.read(length)
        except FileNotFoundError:
            raise Missing(kind, name) from None
        except OSError as error:
            if error.errno == errno.EIO:
                raise Damaged(kind, name, "the medium cannot read it") from error
            _told(error)
        if length is not None and len(body) < length:
            raise Damaged(kind, name, "the file is too short")
        return body

    def names(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what has the name of a stored file; drafts and strangers are left out."""
        if not self.path.is_dir():
            raise Unreachable
        try:
            yield from self._listed(self.path / kind, depth=2 if kind == DATA else 1)
        except OSError as error:
            _told(error)

    def size(self, kind: str, name: str) -> int | None:
        """Return the size of a file, None when it is not there."""
        try:
            return self._path(kind, name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            _told(error)

    def prepare(self) -> None:
        """Make the folders of a new repository. Raises: Full, Refused, Unreachable."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._disk.make_folder(self.path)
            self._disk.sync_folder(self.path.parent)
            for kind in (*NAMED_KINDS, "locks"):
                self._make(self.path / kind)
        except OSError as error:
            _told(error)

    def settle(self, kind: str, name: str) -> None:
        """Fsync a file that another process may have left before it could, and its folder."""
        target = self._path(kind, name)
        try:
            with target.open("r+b") as file:
                self._disk.sync(file.fileno())
            self._disk.sync_folder(target.parent)
        except OSError as error:
            _told(error)

    def _path(self, kind: str, name: str) -> Path:
        if kind == CONFIG:
            return self.path / CONFIG
        if not is_name(kind, name):
            raise Missing(kind, name)
        return self.path / kind / name[:2] / name if kind == DATA else self.path / kind / name

    def _is_kept(self, target: Path, kind: str, body: bytes | memoryview) -> bool:
        """Tell whether the file is there with these bytes: a damaged one is written again."""
        try:
            kept = target.read_bytes()
        except OSError:
            return False
        if kind == CONFIG and kept != body:
            raise Refused
        return kept == body or hashlib.sha256(kept).hexdigest() == target.name

    def _draft(self, body: bytes | memoryview) -> Path:
        drafts = self.path / _DRAFTS
        self._make(drafts)
        draft = drafts / secrets.token_hex(16)
        handle = self._disk.create(draft)
        try:
            self._fill(handle, body)
        except OSError:
            with contextlib.suppress(OSError):
                self._disk.remove(draft)
            raise
        return draft

    def _fill(self, handle: int, body: bytes | memoryview) -> None:
        try:
            rest = memoryview(body)
            while rest:
                rest = rest[self._disk.write(handle, rest) :]
            self._disk.sync(handle)
        finally:
            os.close(handle)

    def _make(self, folder: Path) -> None:
        """Make a folder that outlives a power cut. The repository's own is never made here.

        A disk that was unplugged leaves its place empty: nothing is written in there.
        """
        if folder in self._durable:
            return
        if not folder.is_dir():
            if folder == self.path:
                raise FileNotFoundError(errno.ENOENT, "the medium is gone", str(folder))
            self._make(folder.parent)
            self._disk.make_folder(folder)
            self._disk.sync_folder(folder.parent)
        self._durable.add(folder)

    def _listed(self, folder: Path, depth: int) -> Iterator[tuple[str, int]]:
        try:
            entries = os.scandir(folder)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                if depth > 1 and entry.is_dir():
                    yield from self._listed(Path(entry.path), depth - 1)
                elif depth == 1 and is_name(folder.name, entry.name) and entry.is_file():
                    yield entry.name, entry.stat().st_size

    def _tidy(self) -> None:
        """Forget, once, what dead processes left half written."""
        if self._is_tidy:
            return
        self._is_tidy = True
        for draft in (self.path / _DRAFTS).glob("[0-9a-f]*"):
            with contextlib.suppress(OSError):
                if time.time() - draft.stat().st_mtime > _ABANDONED_S:
                    self._disk.remove(draft)


def _told(error: OSError) -> NoReturn:
    """Say in our words what the system said in its own."""
    if error.errno in _FULL:
        raise Full from error
    if error.errno in _REFUSED:
        raise Refused from error
    raise Unreachable from error
