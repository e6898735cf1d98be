"""Files on a mounted disk as a carrier: plain files, and a list of what they should be."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.media.carriers import Finding, Kept, checked, digest_of
from quenotte.devices.media.errors import Absent, Damaged, Declined, Otherwise, told
from quenotte.devices.media.sorts import Sort

#: One line a file: name, size, SHA-256, time, and a proof of the line. Only ever added to.
LIST: Final = "files.jsonl"
_FILES: Final = "files"


class FolderCarrier:
    """A folder that keeps files as they were given."""

    def __init__(self, folder: Path, *, until: datetime | None = None) -> None:
        self._folder, self._until = folder, until
        self._there: dict[str, str] | None = None

    def put(self, name: str, source: Path) -> None:
        """Copy, fsync, give the name, then note it: a line is never there before its file."""
        if self._until is not None:
            raise Declined
        sha256, size = digest_of(source)
        if self._there is None:
            self._there = {one.name: one.sha256 for one in self.list()}
        there = self._there
        if there.get(checked(name), sha256) != sha256:
            raise Otherwise(name)
        target = self._folder / _FILES / name
        try:
            if not target.exists() or digest_of(target) != (sha256, size):
                _copied(source, target)
            if name not in there:
                self._note(Kept(name, size, sha256, datetime.now(UTC).replace(microsecond=0)))
                there[name] = sha256
        except OSError as error:
            told(error)

    def list(self) -> Sequence[Kept]:
        """Return the lines; one that was cut by a power failure is left out."""
        kept = [one for one in self._lines() if one is not None]
        return [one for one in kept if self._until is None or one.put_at <= self._until]

    def get(self, name: str, target: Path) -> None:
        """Copy a file back."""
        known = next((one for one in self.list() if one.name == name), None)
        if known is None:
            raise Absent(name)
        try:
            shutil.copyfile(self._folder / _FILES / checked(name), target)
        except FileNotFoundError:
            raise Absent(name) from None
        except OSError as error:
            told(error)
        if digest_of(target) != (known.sha256, known.size_bytes):
            target.unlink()
            raise Damaged(name)

    def verify(self) -> Sequence[Finding]:
        """Read each file, and look for files that no line knows."""
        listed = self.list()
        findings = [one for one in map(self._look, listed) if one]
        if None in self._lines():
            findings.append(Finding(Sort.CHANGED, LIST))
        known = {one.name for one in listed}
        return [*findings, *(Finding(Sort.STRANGER, one) for one in self._names() - known)]

    def as_of(self, time: datetime) -> "FolderCarrier":
        """Return the folder as it was then."""
        return FolderCarrier(self._folder, until=time)

    def _look(self, kept: Kept) -> Finding | None:
        path = self._folder / _FILES / kept.name
        try:
            is_right = digest_of(path) == (kept.sha256, kept.size_bytes)
        except FileNotFoundError:
            return Finding(Sort.ABSENT, kept.name)
        except OSError:
            return Finding(Sort.UNREADABLE, kept.name)
        return None if is_right else Finding(Sort.CHANGED, kept.name)

    def _names(self) -> set[str]:
        root = self._folder / _FILES
        found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".part")
        return {path.relative_to(root).as_posix() for path in found}

    def _lines(self) -> Sequence[Kept | None]:
        try:
            lines = (self._folder / LIST).read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            told(error)
        return [_read(line) for line in lines if line]

    def _note(self, kept: Kept) -> None:
        path = self._folder / LIST
        # A line that a power failure cut is ended first.
        gap = b"\n" if path.exists() and not path.read_bytes().endswith(b"\n") else b""
        with path.open("ab") as file:
            file.write(gap + _line(kept))
            file.flush()
            os.fsync(file.fileno())


def _line(kept: Kept) -> bytes:
    said = {"name": kept.name, "size": kept.size_bytes, "sha256": kept.sha256}
    body = json.dumps(said | {"at": kept.put_at.isoformat()}).encode()
    return body + b"\t" + hashlib.sha256(body).hexdigest()[:16].encode() + b"\n"


def _read(line: bytes) -> Kept | None:
    """Return what a line says, None when it is not as it was written."""
    body, _tab, proof = line.rpartition(b"\t")
    if hashlib.sha256(body).hexdigest()[:16].encode() != proof:
        return None
    said = json.loads(body)
    at = datetime.fromisoformat(said["at"])
    return Kept(said["name"], said["size"], said["sha256"], at)


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    try:
        with source.open("rb") as given, draft.open("wb") as file:
            shutil.copyfileobj(given, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        _settled(target.parent)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _settled(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
