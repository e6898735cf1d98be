"""A tape as a carrier: contents first, then archives, each behind its filemark.

The same code drives a real tape and the simulated one.
"""

import contextlib
import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.media import messages
from quenotte.devices.media.carriers import Finding, Kept, checked, digest_of
from quenotte.devices.media.errors import (
    Absent,
    Damaged,
    Declined,
    Full,
    MediaError,
    Otherwise,
)
from quenotte.devices.media.sorts import Sort
from quenotte.devices.media.tape import archives
from quenotte.devices.media.tape.archives import Cut, Head, State, Stuck
from quenotte.devices.media.tape.device import TapeDamaged, TapeDevice, tape_told

TAPE: Final = "tape"
ARCHIVE: Final = "archive"
END: Final = "end"
#: Files that are put together share an archive up to this: a filemark costs a drive seconds.
ARCHIVE_BYTES: Final = 1 << 30

_READ_ME: Final = """\
BANDE DE SAUVEGARDE D'UN CABINET DENTAIRE (contenu chiffre)

Lire cette bande sans Quenotte, sous Linux, avec un lecteur LTO :

  mt -f /dev/nst0 rewind
  mt -f /dev/nst0 setblk 262144
  mt -f /dev/nst0 fsf 1            # passe ce texte
  tar -b 512 -xf /dev/nst0         # une archive ; puis fsf 1, tar... jusqu'a la derniere

Le premier fichier de chaque archive, QUENOTTE.json, dit ce qu'elle contient, avec les empreintes
SHA-256. Les fichiers de toutes les archives, reunis dans un dossier, forment un depot restic v2 :

  restic --no-lock -r CE-DOSSIER snapshots
  restic --no-lock -r CE-DOSSIER restore latest --target cabinet-retrouve

Le mot de passe est la phrase de la feuille de cle du cabinet.
"""


class BlankTape(MediaError):
    """Nothing can be read at the begin of the tape."""

    message = messages.BLANK_TAPE
    next_step = messages.BLANK_TAPE_NEXT


class ForeignTape(MediaError):
    """The tape holds something that is not ours."""

    message = messages.FOREIGN_TAPE
    next_step = messages.FOREIGN_TAPE_NEXT


class TapeFull(Full):
    """The end of the tape came; ``left`` are the names that go on the next one."""

    def __init__(self, left: tuple[str, ...]) -> None:
        super().__init__()
        self.left = left


@dataclass(slots=True)
class _Walk:
    """What the heads along a tape say; files are counted from 0."""

    tape: Head | None = None
    archives: dict[int, tuple[Kept, ...]] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    files: int = 0


class TapeCarrier:
    """The tape in a drive."""

    def __init__(self, device: TapeDevice, *, until: datetime | None = None) -> None:
        self._device = device
        self._until = until
        self._walked: _Walk | None = None

    def begin(self, label: str, planned: Sequence[str] = (), *, overwrite: bool = False) -> None:
        """Write the first file of a tape: what it is, what shall come, how it is read.

        Raises: ForeignTape when something is there already, unless ``overwrite``.
        """
        with _told():
            if not overwrite and self._holds_something():
                raise ForeignTape
            self._device.rewind()
            facts = {"label": label, "made_at": _now().isoformat(), "planned": [*planned]}
            members = [("LISEZMOI.txt", _READ_ME.encode())]
            archives.write(self._device, Head(TAPE, facts), members)
            self._walked = None

    @property
    def label(self) -> str:
        """Return what the tape calls itself, "" when that cannot be read.

        Raises: BlankTape, ForeignTape.
        """
        with _told():
            tape = self._ours().tape
        return str(tape.facts.get("label", "")) if tape else ""

    def put(self, name: str, source: Path) -> None:
        """Write a file into an archive of its own."""
        self.put_all([(name, source)])

    def put_all(self, files: Sequence[tuple[str, Path]]) -> None:
        """Write files, many to an archive. Raises: TapeFull with what did not fit."""
        if self._until is not None:
            raise Declined
        there = {one.name: one.sha256 for one in self.list()}
        fresh = [*_fresh(files, there)]
        with _told():
            walk = self._ours()
            if walk.cut and fresh:
                raise TapeFull(tuple(kept.name for kept, _path in fresh))
            number, self._walked = walk.files, None
            self._device.to_end()
            for batch in _batches(fresh):
                self._write(number, batch, left=fresh[fresh.index(batch[0]) :])
                number += 1

    def list(self) -> Sequence[Kept]:
        """Walk along the tape and return what its archives announce."""
        with _told():
            kept = [one for archive in self._ours().archives.values() for one in archive]
        return [one for one in kept if self._until is None or one.put_at <= self._until]

    def get(self, name: str, target: Path) -> None:
        """Run to the archive, and bring the file back."""
        with _told():
            number, kept = self._found(name)
            self._device.rewind()
            self._device.forward(number)
            try:
                archives.extract(self._device, name, target)
            except Damaged:
                target.unlink(missing_ok=True)
                raise
        if digest_of(target) != (kept.sha256, kept.size_bytes):
            target.unlink()
            raise Damaged(name)

    def verify(self) -> Sequence[Finding]:
        """Read each block of the tape, and look for what its first file announced."""
        with _told():
            walk = self._walk()
            return [*self._broken(walk), *_missing(walk)]

    def as_of(self, time: datetime) -> "TapeCarrier":
        """Return the tape as it was then."""
        return TapeCarrier(self._device, until=time)

    def _write(
        self, number: int, batch: Sequence[tuple[Kept, Path]], left: Sequence[tuple[Kept, Path]]
    ) -> None:
        head = Head(ARCHIVE, {"number": number}, tuple(kept for kept, _path in batch))
        try:
            archives.write(self._device, head, [(kept.name, path) for kept, path in batch])
        except Cut:
            self._end(number)
            raise TapeFull(tuple(kept.name for kept, _path in left)) from None

    def _end(self, number: int) -> None:
        """Close a cut archive, and say so behind it."""
        self._device.mark()
        with contextlib.suppress(Cut):
            archives.write(self._device, Head(END, {"cut": number}), (), is_trailer=True)

    def _holds_something(self) -> bool:
        self._device.rewind()
        try:
            self._device.read()
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        return True

    def _walk(self) -> _Walk:
        """Run along the tape. Raises: BlankTape."""
        if self._walked is None:
            self._device.rewind()
            walk = _Walk()
            for number, head in enumerate(self._heads()):
                walk.files = number + 1
                _note(walk, number, head)
            if not walk.files:
                raise BlankTape
            self._walked = walk
        return self._walked

    def _ours(self) -> _Walk:
        """Run along a tape of ours. Raises: BlankTape, ForeignTape."""
        walk = self._walk()
        if not walk.archives and walk.tape is None:
            raise ForeignTape
        return walk

    def _heads(self) -> Iterator[Head | None]:
        """Yield the head of each file, None for one that cannot be read."""
        while True:
            try:
                head = archives.read_head(self._device)
            except Stuck:
                yield None
                return
            except TapeDamaged:
                yield None
            else:
                if head is None:
                    return
                yield head

    def _broken(self, walk: _Walk) -> Iterator[Finding]:
        self._device.rewind()
        number = 0
        while (state := archives.state(self._device)) is not State.NONE:
            if state is State.BROKEN:
                if number not in walk.cut:
                    yield from _lost(number, walk)
                if not self._is_behind(number):
                    return
            number += 1

    def _is_behind(self, number: int) -> bool:
        """Go behind a file that is broken; tell whether the tape lets us."""
        try:
            self._device.rewind()
            self._device.forward(number + 1)
        except OSError:
            return False
        return True

    def _found(self, name: str) -> tuple[int, Kept]:
        wanted = {one.name: one for one in self.list()}
        for number, archive in self._walk().archives.items():
            for kept in archive:
                if kept.name == name and wanted.get(name) == kept:
                    return number, kept
        raise Absent(name)


def _note(walk: _Walk, number: int, head: Head | None) -> None:
    """Take the head of one file in."""
    if head is None:
        return
    if head.kind == TAPE:
        walk.tape = head
    elif head.kind == ARCHIVE:
        walk.archives[number] = head.kept
    else:
        walk.cut.add(head.facts["cut"])
        walk.archives.pop(head.facts["cut"], None)


def _fresh(files: Sequence[tuple[str, Path]], there: dict[str, str]) -> Iterator[tuple[Kept, Path]]:
    for name, path in files:
        sha256, size = digest_of(path)
        if there.setdefault(checked(name), "") not in ("", sha256):
            raise Otherwise(name)
        if not there[name]:
            there[name] = sha256
            yield Kept(name, size, sha256, _now()), path


def _batches(files: Sequence[tuple[Kept, Path]]) -> Iterator[list[tuple[Kept, Path]]]:
    batch: list[tuple[Kept, Path]] = []
    size = 0
    for kept, path in files:
        if batch and size + kept.size_bytes > ARCHIVE_BYTES:
            yield batch
            batch, size = [], 0
        batch.append((kept, path))
        size += kept.size_bytes
    if batch:
        yield batch


def _lost(number: int, walk: _Walk) -> list[Finding]:
    """Return what a damaged archive may have lost: each of its files, or itself."""
    names = [one.name for one in walk.archives.get(number, ())]
    return [Finding(Sort.CHANGED, name) for name in names or [f"archive {number}"]]


def _missing(walk: _Walk) -> list[Finding]:
    """Return what was announced and is not there, unless the end of the tape cut it off."""
    if walk.tape is None or walk.cut:
        return []
    there = {one.name for archive in walk.archives.values() for one in archive}
    return [Finding(Sort.ABSENT, name) for name in walk.tape.facts["planned"] if name not in there]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        tape_told(error)
