"""The journal of a PostgreSQL cluster: its own log as it is written, and a base now and then.

The server keeps its log until we have it (a replication slot), `pg_receivewal` writes it down at
once, and what is new of it becomes pieces for the same spool and carriers as SQLite's deltas.
Nothing is dropped when the spool is full: the log waits in our folder, then on the server's disk,
and the state says so.
"""

import errno
import json
import logging
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from quenotte.devices.journal import (
    asking,
    clusters,
    deltas,
    durable,
    misses,
    pieces,
    segments,
    states,
)
from quenotte.devices.journal.deltas import Damaged, Seal
from quenotte.devices.journal.memory import Hole, Told
from quenotte.devices.journal.pieces import BASE, LOG, Head
from quenotte.devices.journal.segments import Cluster, Foreign
from quenotte.devices.journal.spool import Courier, Spool
from quenotte.devices.journal.states import Chain, State, Why

logger = logging.getLogger(__name__)

_PART_BYTES: Final = 4 * 2**20
SPOOL_BYTES: Final = 2 * 2**30
LATER_BYTES: Final = 512 * 2**20
#: Room that is left beside a base, for the log that comes meanwhile. Bytes.
_SPARE_BYTES: Final = 128 * 2**20


class NoRoomForBase(OSError):
    """A whole copy of the server does not fit beside the journal."""


@dataclass(frozen=True)
class Memory:
    """Where the chain stands."""

    sequence: int = 0
    previous: str = ""
    base: int = 0
    system: str = ""
    timeline: int = 0
    #: The segment that was sent last, and how much of it, in bytes.
    segment: str = ""
    sent: int = 0
    base_bytes: int = 0
    later_bytes: int = 0
    segment_size: int = 0
    shipped_at: str = ""
    holes: tuple[Hole, ...] = field(default=())


class PostgresShipper:
    """Ships one cluster into a spool; `turn` does what is due."""

    def __init__(
        self,
        dsn: str,
        state_path: Path,
        seal: Seal,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dsn = dsn
        self.folder = state_path
        self._seal = seal
        self.spool = Spool(state_path / "spool")
        self._received = state_path / "received"
        self._received.mkdir(mode=0o700, exist_ok=True)
        self.state: State = states.BEGUN
        self._receiver: subprocess.Popen[bytes] | None = None
        #: Whether everything that was received before the last turn is in the spool.
        self.is_current = False
        self.memory = self._recovered()
        self._is_asked_anew = False
        self._now = now
        #: The last base that could not be made, until one is.
        self._miss = misses.kept(state_path)
        #: What had been received when the receiver ended last.
        self._came_before: dict[str, int] | None = None
        self._count()

    def turn(self, couriers: Sequence[Courier] = ()) -> State:
        """Send what was written since; never raises what may pass."""
        self.is_current = False
        try:
            self._pass_over(couriers)
            self._work()
        except clusters.NotAllowed as refused:
            # Whole copies take the place of the journal: they are made by who makes copies.
            self._let_go()
            self.state = State(Chain.SNAPSHOTS, refused.why)
        except psycopg.Error as error:
            logger.warning("journal: %s", type(error).__name__)
            self.state = State(Chain.GAP, Why.ENGINE)
        except Foreign as error:
            logger.warning("journal: %s", error)
            self._receive_anew()
            self.memory = replace(self.memory, base=0)
            self.state = State(Chain.GAP, Why.REPLACED)
        except NoRoomForBase:
            self.state = State(Chain.GAP, Why.NO_ROOM)
        except clusters.ProgramMissing:
            self.state = State(Chain.GAP, Why.NO_PROGRAM)
        except clusters.ProgramFailed as error:
            logger.warning("journal: %s", error)
            self.state = State(Chain.GAP, Why.ENGINE)
        except OSError as error:
            logger.warning("journal: %s", error.strerror)
            full = error.errno in states.DISK_IS_FULL
            self.state = State(Chain.GAP, Why.DISK_FULL if full else Why.DISK)
        return self.state

    def told(self) -> Told:
        """Return what the journal says of itself."""
        memory = self.memory
        return Told(memory.sequence, memory.shipped_at, "", memory.holes)

    def _pass_over(self, couriers: Sequence[Courier]) -> None:
        """Begin anew after what a carrier holds of ours and we do not remember.

        A place that lacks the base gets one: nobody comes back from the log alone.
        """
        if any(courier.is_behind for courier in couriers):
            self._is_asked_anew = True
            for courier in couriers:
                courier.is_behind = False
        ahead = max((courier.ahead for courier in couriers), default=(0, ""))
        if not ahead[0]:
            return
        memory = replace(self.memory, base=0)
        if ahead[0] > memory.sequence:
            memory = replace(memory, sequence=ahead[0], previous=ahead[1])
        self._remember(memory)
        for courier in couriers:
            courier.ahead = (0, "")

    def _let_go(self) -> None:
        """Begin with a base when the server lets us follow it again: we cannot know what came."""
        self.close()
        self.memory = replace(self.memory, base=0)

    def close(self) -> None:
        """Receive no longer; the server keeps what follows."""
        if self._receiver is not None:
            self._receiver.terminate()
            self._receiver.wait()
            self._receiver = None

    def _work(self) -> None:
        if self.state.chain is not Chain.PROVEN:
            clusters.check_allowed(self._dsn)
        cluster = clusters.identify(self._dsn)
        is_ours = (self.memory.system, self.memory.timeline) == (cluster.system, cluster.timeline)
        if not is_ours:
            # Another cluster, or the same one brought back from a copy: its log is another log.
            self._receive_anew()
            size = clusters.segment_size(self._dsn)
            self.memory = replace(self.memory, base=0, segment_size=size)
        self._receive()
        if self.spool.bytes_waiting() > SPOOL_BYTES:
            self.state = State(Chain.GAP, Why.WAITING)
            return
        if not self.memory.base:
            # Nobody comes back from a log without one.
            why = Why.NEW if not self.memory.sequence else Why.REPLACED if not is_ours else Why.AWAY
            self._send_base(cluster, why)
        is_received = clusters.is_received(self._dsn)
        self._send_log(cluster)
        missed = self._renewed(cluster) if self._is_base_due() else Why.NOTHING
        lives = self._receiver is not None and self._receiver.poll() is None
        self.state = State(Chain.PROVEN, missed)
        if not lives:
            self.state = State(Chain.GAP, Why.NOT_RECEIVED)
        self.is_current = lives and is_received

    def _is_base_due(self) -> bool:
        """Tell whether a new base is wanted though the log goes on from the one that is there."""
        return self._is_asked_anew or self._is_old() or asking.is_base_asked(self.folder)

    def _renewed(self, cluster: Cluster) -> Why:
        """Send a new base; when it cannot be made, let it wait and return why.

        The log goes on without it: one place that lacks something holds up no other.
        """
        if self._miss is not None and self._miss.waits(self._now()):
            return self._miss.why
        try:
            self._send_base(cluster, Why.AGE)
        except (OSError, psycopg.Error) as error:
            logger.warning("journal: no new base: %s", error)
            why = Why.NO_ROOM if isinstance(error, NoRoomForBase) else Why.NO_BASE
            self._miss = misses.missed(self._miss, why, self._now())
            misses.keep(self.folder, self._miss)
            return why
        return Why.NOTHING

    def _is_old(self) -> bool:
        """Tell whether so much came since the base that a new one is shorter to go through."""
        return self.memory.later_bytes > max(self.memory.base_bytes, LATER_BYTES)

    # --- the log -----------------------------------------------------------------------

    def _receive(self) -> None:
        words = self.folder / "receiver.log"
        if self._receiver is not None:
            if self._receiver.poll() is None:
                return
            logger.warning("journal: the receiver ended: %s", words.read_text("utf-8")[-400:])
            came = self._came()
            if not any(came.values()) or came == self._came_before:
                # What the server keeps for us begins where it keeps nothing, as when it has just
                # been promoted and began a timeline of its own; or it threw away what comes next,
                # and the receiver ends again without a byte more: all anew, and a base.
                clusters.drop_slot(self._dsn)
                self._receive_anew()
                self.memory = replace(self.memory, base=0)
            self._came_before = came
        clusters.make_slot(self._dsn)
        self._receiver = clusters.receive(self._dsn, self._received, words)

    def _came(self) -> dict[str, int]:
        """Return how much of each segment was received, in bytes."""
        return {path.name: segments.written(path.read_bytes()) for path in self._received.iterdir()}

    def _receive_anew(self) -> None:
        self.close()
        shutil.rmtree(self._received)
        self._received.mkdir(mode=0o700)

    def _send_log(self, cluster: Cluster) -> None:
        """Send what came of each segment, in their order."""
        for path in sorted(self._received.iterdir()):
            name = path.name.removesuffix(segments.PARTIAL)
            if segments.NAME.fullmatch(name) and name >= self.memory.segment:
                self._send_segment(path, name, cluster)
        self._tidy()

    def _send_segment(self, path: Path, name: str, cluster: Cluster) -> None:
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            # It was finished, and has its whole name since: at the next turn.
            return
        is_partial = path.name.endswith(segments.PARTIAL)
        end = segments.written(body) if is_partial else len(body)
        start = self.memory.sent if name == self.memory.segment else 0
        if end <= start:
            return
        segments.look_at(name, body, cluster)
        before = self.memory.segment
        if before and name != before and not self._follows(name, before):
            raise Foreign(f"{name} does not follow {before}")
        for at in range(start, end, _PART_BYTES):
            part = body[at : min(at + _PART_BYTES, end)]
            self._send_part(name, at, part, cluster)

    def _follows(self, name: str, before: str) -> bool:
        is_whole = self.memory.sent == self.memory.segment_size
        return is_whole and segments.follows(name, before, self.memory.segment_size)

    def _send_part(self, name: str, at: int, part: bytes, cluster: Cluster) -> None:
        made = self._made(LOG, cluster, segment=name, offset=at)
        sealed = self._put([(made, part)])
        self._remember(_after(self.memory, made, sealed[-1], at + len(part)))

    def _tidy(self) -> None:
        """Forget segments that were sent; the newest shows the receiver where to go on."""
        for path in self._received.iterdir():
            if segments.NAME.fullmatch(path.name) and path.name < self.memory.segment:
                path.unlink()

    # --- the base ----------------------------------------------------------------------

    def _send_base(self, cluster: Cluster, why: Why) -> None:
        """Send the whole cluster. What the log holds before it is not needed any more."""
        folder, packed = self.folder / "base", self.folder / "base.tar"
        shutil.rmtree(folder, ignore_errors=True)
        packed.unlink(missing_ok=True)
        self._check_room()
        try:
            clusters.copy_base(self._dsn, folder)
            with tarfile.open(packed, "w") as archive:
                archive.add(folder, arcname=".")
            shutil.rmtree(folder, ignore_errors=True)
            with self.spool.whole_step():
                self._send_packed(packed, cluster, why)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            packed.unlink(missing_ok=True)
        if self._miss is not None:
            self._miss = None
            misses.forget(self.folder)
        # Whichever base was sent, what was asked for is on its way.
        self._is_asked_anew = False
        asking.base_is_sent(self.folder)

    def _check_room(self) -> None:
        """Raises: NoRoomForBase where a copy and its archive would fill the disk; OSError."""
        needed = 2 * clusters.size_bytes(self._dsn) + _SPARE_BYTES
        if shutil.disk_usage(self.folder).free < needed:
            raise NoRoomForBase(errno.ENOSPC, f"a base needs {needed} bytes")

    def _send_packed(self, packed: Path, cluster: Cluster, why: Why) -> None:
        before = self.memory
        memory = replace(before, base=before.sequence + 1)
        made: list[tuple[str, Head]] = []
        for part, (body, is_last) in enumerate(clusters.parts_of(packed, _PART_BYTES), start=1):
            head = _head(BASE, memory, cluster, part=part, is_last=is_last, why=why.value)
            sealed = self._seal.close(pieces.pack(head, body))
            name = deltas.name_of(head.sequence, sealed)
            self.spool.draft(name, sealed)
            made.append((name, head))
            memory = replace(memory, sequence=head.sequence, previous=name.partition("-")[2])
        self.spool.publish([name for name, _ in made])
        sent = sum((self.spool.path / name).stat().st_size for name, _ in made)
        holes = before.holes
        if before.sequence and why is not Why.AGE:
            holes = (*holes, Hole(before.sequence, memory.base, why.value, _now()))[-50:]
        memory = replace(memory, base_bytes=sent, later_bytes=0, holes=holes)
        if why is not Why.AGE:
            # Whatever is received from here on belongs to this base.
            memory = replace(memory, segment="", sent=0)
        self._remember(
            replace(memory, system=cluster.system, timeline=cluster.timeline, shipped_at=_now())
        )

    # --- the spool and the memory --------------------------------------------------------

    def _made(self, kind: str, cluster: Cluster, *, segment: str, offset: int) -> Head:
        return _head(kind, self.memory, cluster, segment=segment, offset=offset)

    def _put(self, made: list[tuple[Head, bytes]]) -> list[tuple[str, int]]:
        names = []
        with self.spool.whole_step():
            for head, body in made:
                sealed = self._seal.close(pieces.pack(head, body))
                names.append((deltas.name_of(head.sequence, sealed), len(sealed)))
                self.spool.draft(names[-1][0], sealed)
            self.spool.publish([name for name, _ in names])
        return names

    def _remember(self, memory: Memory) -> None:
        durable.kept(self.folder / "state.json", json.dumps(asdict(memory)).encode())
        self.memory = memory
        self._count()

    def _count(self) -> None:
        self.spool.counted, self.spool.base = self.memory.sequence, self.memory.base

    def _recovered(self) -> Memory:
        """Return what is remembered, and what lies in the spool since."""
        self.spool.drop_drafts()
        memory = _load(self.folder / "state.json")
        for name in self.spool.names():
            if (deltas.sequence_of(name) or 0) <= memory.sequence:
                continue
            sealed = self.spool.read(name)
            try:
                piece = pieces.opened(name, sealed, self._seal)
                head = piece.head
            except Damaged:
                # Whatever follows it was not counted either.
                for lost in self.spool.names():
                    if lost >= name:
                        self.spool.remove(lost)
                break
            if head.kind == LOG:
                memory = _after(memory, head, (name, len(sealed)), head.offset + len(piece.body))
            else:
                # A base is counted as a whole, or made again.
                digest = name.partition("-")[2]
                memory = replace(memory, sequence=head.sequence, previous=digest, base=0)
        return memory


def _head(kind: str, memory: Memory, cluster: Cluster, **more: Any) -> Head:
    words: dict[str, Any] = {
        "part": 1,
        "is_last": True,
        "segment": "",
        "offset": 0,
        "made_at": _now(),
    } | more
    return Head(
        kind=kind,
        sequence=memory.sequence + 1,
        previous=memory.previous,
        base=memory.base,
        segment_size=memory.segment_size,
        system=cluster.system,
        timeline=cluster.timeline,
        **words,
    )


def _after(memory: Memory, head: Head, made: tuple[str, int], end: int) -> Memory:
    name, size = made
    return replace(
        memory,
        sequence=head.sequence,
        previous=name.partition("-")[2],
        segment=head.segment,
        sent=end,
        later_bytes=memory.later_bytes + size,
        shipped_at=head.made_at,
    )


def _load(path: Path) -> Memory:
    try:
        words: dict[str, Any] = json.loads(path.read_text("utf-8"))
        holes = tuple(Hole(**hole) for hole in words.pop("holes"))
        return Memory(**words, holes=holes)
    except (OSError, ValueError, TypeError, KeyError):
        return Memory()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
