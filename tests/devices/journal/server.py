"""A server of PostgreSQL that is made up, with the programs that follow it."""

import struct
from datetime import datetime
from pathlib import Path

import pytest

from quenotte.devices.journal import clusters, pieces, segments
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.postgres import PostgresShipper
from quenotte.devices.journal.postgres_replay import lay_out
from quenotte.devices.journal.running import Delivery
from quenotte.devices.journal.segments import Cluster
from quenotte.devices.journal.spool import Courier, sweep
from quenotte.devices.journal.states import Chain, Why
from quenotte.devices.journal.status import Delivered
from tests.devices.journal.site import SEAL

SIZE = 2**20
SYSTEM = 7713071688853618865


def segment(number: int, *, system: int = SYSTEM, timeline: int = 1) -> bytes:
    head = struct.pack(
        "<HHIQI4xQII", 0xD110, 2, timeline, number * SIZE, 0, system, SIZE, 8192
    )  # fmt: skip
    return head + b"w" * 1000


def name_of(number: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{0:08X}{number:08X}"


class Receiver:
    """The program that receives: it lives until it is told to end."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.code = 0

    def wait(self) -> int:
        return 0


class Server:
    """A server that is made up."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cluster = Cluster(str(SYSTEM), 1)
        self.folder = folder
        self.receiver = Receiver()
        self.slots: list[str] = []
        self.bases = 0
        self.bytes = 0
        self.now_s = 1000.0
        for name in (
            *("identify", "segment_size", "size_bytes"),
            *("make_slot", "drop_slot", "copy_base", "receive"),
        ):
            monkeypatch.setattr(clusters, name, getattr(self, name))
        monkeypatch.setattr(clusters, "is_received", lambda _dsn: True)
        monkeypatch.setattr(clusters, "check_allowed", lambda _dsn: None)
        self.carrier = Folder(folder / "carrier")
        self.carrier.path.mkdir()
        self.begin()

    def begin(self) -> None:
        self.shipper = PostgresShipper("", self.folder / "state", SEAL, now=lambda: self.now_s)
        self.courier = Courier(self.carrier, self.shipper.spool, SEAL, pieces.opened)

    def identify(self, _dsn: str) -> Cluster:
        return self.cluster

    def segment_size(self, _dsn: str) -> int:
        return SIZE

    def size_bytes(self, _dsn: str) -> int:
        return self.bytes

    def make_slot(self, _dsn: str) -> None:
        self.slots.append("made")

    def drop_slot(self, _dsn: str) -> None:
        self.slots.append("dropped")

    def receive(self, _dsn: str, _folder: Path, words: Path) -> Receiver:
        words.write_text("why it ended")
        self.receiver = Receiver()
        return self.receiver

    def copy_base(self, _dsn: str, folder: Path) -> None:
        self.bases += 1
        (folder / "pg_wal").mkdir(parents=True)
        (folder / "pg_wal" / name_of(1)).write_bytes(segment(1)[:500].ljust(SIZE, b"\0"))
        (folder / "PG_VERSION").write_text(f"base {self.bases}")

    def has(self, number: int, *, written: int = 1040, whole: bool = False, **more: int) -> None:
        """Let so much of a segment have been received."""
        received = self.folder / "state" / "received"
        body = segment(number, **more)[:written].ljust(SIZE, b"\0")
        name = name_of(number, more.get("timeline", 1))
        (received / (name + segments.PARTIAL)).unlink(missing_ok=True)
        (received / (name if whole else name + segments.PARTIAL)).write_bytes(body)

    def joins(self, place: Path) -> None:
        """Let an empty place take the turn of the one before, and the journal begin anew."""
        self.carrier = Folder(place)
        self.carrier.path.mkdir()
        self.shipper.close()
        self.begin()

    def turn(self) -> tuple[Chain, Why]:
        self.courier.greet()
        state = self.shipper.turn([self.courier])
        self.courier.deliver()
        sweep(self.shipper.spool, [self.courier])
        return state.chain, state.why

    def delivered(self, turn_at: str) -> Delivered:
        """Bring what waits as the loop does; return what is said of the place."""
        delivery = Delivery("Coffre", self.courier)
        delivery.ask(turn_at)
        delivery.start()
        delivery.end(20)
        return delivery.told()

    def laid(self, **more: datetime):
        return lay_out([self.carrier], self.folder / "made", SEAL, **more)

    def log_of(self, number: int) -> bytes:
        return (self.folder / "made-log" / name_of(number)).read_bytes()


WELL = (Chain.PROVEN, Why.NOTHING)
