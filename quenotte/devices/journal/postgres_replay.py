"""Makes a PostgreSQL cluster again from what the carriers hold, up to a moment."""

import io
import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quenotte.devices.journal import pieces
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.pieces import BASE, Piece
from quenotte.devices.journal.replay import CannotReplay
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.journal.states import Why


@dataclass(frozen=True)
class Laid:
    """A cluster that is laid out, ready to be started."""

    sequence: int
    made_at: str
    system: str
    timeline: int
    segments: int
    is_whole: bool
    broken_at: str


def lay_out(
    carriers: Sequence[Carrier],
    target: Path,
    seal: Seal,
    *,
    until: datetime | None = None,
) -> Laid:
    """Lay out a cluster in ``target``, with the log beside it in ``target``-log.

    Started, PostgreSQL goes through the log to its end, or to ``until`` (an aware instant), then
    opens. ``target`` must not be there, or be empty.

    Raises: CannotReplay, OSError.
    """
    shelves = Shelves(carriers, seal, pieces.opened)
    log = target.with_name(f"{target.name}-log")
    for base in shelves.bases():
        for folder in (target, log):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700, parents=True)
        chain = shelves.follow(base)
        if not _unpack(chain, target):
            continue
        laid = _write_log(chain, log, target / "pg_wal")
        if laid is None:
            laid = shelves.newest(), 0
        _tell_where(target, log, until)
        last = laid[0]
        assert last is not None
        return Laid(
            last.head.sequence, last.head.made_at, last.head.system, last.head.timeline, laid[1],
            not shelves.broken_at, shelves.broken_at,
        )  # fmt: skip
    raise CannotReplay("no whole base of the journal is there")


class _Parts(io.RawIOBase):
    """The parts of a base as one stream."""

    def __init__(self, chain: Iterator[Piece]) -> None:
        self._chain = chain
        self._rest = b""
        self.is_whole = False
        self._count = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, room: "memoryview") -> int:  # type: ignore[override]
        """Fill some room."""
        while not self._rest and not self.is_whole:
            piece = next(self._chain, None)
            self._count += 1
            if piece is None or piece.head.kind != BASE or piece.head.part != self._count:
                return 0
            self._rest, self.is_whole = piece.body, piece.head.is_last
        part, self._rest = self._rest[: len(room)], self._rest[len(room) :]
        room[: len(part)] = part
        return len(part)


def _unpack(chain: Iterator[Piece], target: Path) -> bool:
    """Write the base; tell whether it was whole."""
    parts = _Parts(chain)
    try:
        with tarfile.open(fileobj=io.BufferedReader(parts), mode="r|") as archive:
            archive.extractall(target, filter="data")
    except tarfile.TarError:
        return False
    while not parts.is_whole and parts.read(2**20):
        pass
    return parts.is_whole


def _write_log(
    chain: Iterable[Piece], log: Path, with_base: Path
) -> tuple[Piece | None, int] | None:
    """Write the segments; the last is filled up with zeros, where replay ends."""
    last, names = None, set()
    for piece in chain:
        last = piece
        if piece.head.kind == BASE and piece.head.why != Why.AGE:
            # After a gap: what follows does not follow from here.
            break
        if piece.head.kind == BASE:
            continue
        path = log / piece.head.segment
        names.add(path.name)
        if not path.exists() and (with_base / path.name).exists():
            # The base brought the beginning of this segment along; ours is what came after.
            shutil.copy(with_base / path.name, path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(descriptor, piece.body, piece.head.offset)
            os.ftruncate(descriptor, piece.head.segment_size)
        finally:
            os.close(descriptor)
    return None if last is None else (last, len(names))


def _tell_where(target: Path, log: Path, until: datetime | None) -> None:
    """Tell the cluster where its log is and how far to go."""
    quoted = str(log).replace("'", "''").replace("%", "%%")
    lines = [
        "# Quenotte: brought back from the journal",
        f'restore_command = \'cp "{quoted}/%f" "%p"\'',
        "recovery_target_action = 'promote'",
        "recovery_target_timeline = 'current'",
    ]
    if until is not None:
        lines.append(f"recovery_target_time = '{until.isoformat()}'")
    with (target / "postgresql.auto.conf").open("a", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    (target / "recovery.signal").touch()
