"""PostgreSQL's own log leaves as it is written; a second cluster goes through it to a moment."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from quenotte.config import databases
from quenotte.config.processes import wal
from quenotte.devices.journal import clusters
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.pieces import opened
from quenotte.devices.journal.postgres import PostgresShipper
from quenotte.devices.journal.postgres_replay import lay_out
from quenotte.devices.journal.spool import Courier, sweep
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.site import SEAL
from tests.support import postgres

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


class Cluster:
    """A small cluster of its own, which may be followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._server: subprocess.Popen[bytes] | None = None
        self.dsn = f"host={folder} user=quenotte dbname=postgres"

    def start(self, *more: str) -> None:
        user = postgres.give_to_server(self.folder)
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    *(postgres.binaries() / "postgres", "-D", self.data, "-k", self.folder),
                    *("-c", "listen_addresses=", "-c", "fsync=off", "-c", "wal_level=replica"),
                    *more,
                ],
                stdout=log, stderr=log, user=user, cwd=self.folder,
            )  # fmt: skip
        deadline = time.monotonic() + 20
        while not self._is_open():
            assert self._server.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.03)

    def _is_open(self) -> bool:
        try:
            (is_recovering,) = self.ask("SELECT pg_is_in_recovery()")
        except psycopg.OperationalError:
            return False
        return not is_recovering

    def ask(self, words: str) -> tuple:
        with closing(psycopg.connect(self.dsn, autocommit=True)) as connection:
            return connection.execute(words).fetchone() or ()

    def do(self, words: str) -> None:
        with closing(psycopg.connect(self.dsn, autocommit=True)) as connection:
            connection.execute(words)

    def rows(self) -> tuple:
        return self.ask("SELECT count(*), md5(string_agg(words, ',' ORDER BY id)) FROM acts")

    def stop(self) -> None:
        if self._server is not None:
            self._server.send_signal(2)
            self._server.wait(20)
            self._server = None


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with a table."""
    # Sockets have short names, and another account reads here.
    folder = Path("/tmp") / f"qpj-{os.getpid()}"
    folder.mkdir(mode=0o755)
    made = Cluster(folder)
    postgres.make_cluster(made.data, "--wal-segsize=1")
    made.start()
    made.do("CREATE TABLE acts (id serial PRIMARY KEY, words text)")
    yield made
    made.stop()
    shutil.rmtree(folder)


def _write(cluster: Cluster, count: int) -> None:
    cluster.do(
        f"INSERT INTO acts (words) SELECT md5(random()::text) FROM generate_series(1,{count})"
    )


def _turn(shipper: PostgresShipper, courier: Courier) -> None:
    """Take turns until everything that was committed is on the carrier."""
    deadline = time.monotonic() + 20
    while shipper.turn([courier]).chain is not Chain.PROVEN or not shipper.is_current:
        assert time.monotonic() < deadline, shipper.state
    assert courier.deliver()
    sweep(shipper.spool, [courier])


def test_cluster_comes_back_elsewhere_at_a_moment(cluster: Cluster, tmp_path: Path):
    carrier = Folder(tmp_path / "carrier")
    carrier.path.mkdir()
    shipper = PostgresShipper(cluster.dsn, tmp_path / "state", SEAL)
    courier = Courier(carrier, shipper.spool, SEAL, opened)
    _write(cluster, 100)
    _turn(shipper, courier)
    _write(cluster, 2000)
    cluster.do("SELECT pg_switch_wal()")
    _write(cluster, 50)
    _turn(shipper, courier)
    then, at = cluster.rows(), datetime.now(UTC)
    time.sleep(0.01)
    cluster.do("DELETE FROM acts WHERE id % 2 = 0")
    _turn(shipper, courier)
    now = cluster.rows()
    shipper.close()
    assert then != now
    small = [len(carrier.get(name)) for name in carrier.names()]
    assert min(small) < 300_000
    for until, expected in ((at, then), (None, now)):
        again = Cluster(cluster.folder / "again")
        again.folder.mkdir(mode=0o755)
        laid = lay_out([carrier], again.data, SEAL, until=until)
        assert laid.is_whole
        assert (laid.system, laid.timeline) == (shipper.memory.system, 1)
        again.start()
        assert again.rows() == expected
        if until is None:
            _follow_the_one_brought_back(again, tmp_path, carrier)
        again.stop()
        shutil.rmtree(again.folder)


def _follow_the_one_brought_back(again: Cluster, tmp_path: Path, carrier: Folder) -> None:
    """It has another timeline: what is remembered does not fit, so a new base is declared."""
    shipper = PostgresShipper(again.dsn, tmp_path / "state", SEAL)
    courier = Courier(carrier, shipper.spool, SEAL, opened)
    before, known = shipper.memory.sequence, len(shipper.memory.holes)
    _turn(shipper, courier)
    assert shipper.memory.timeline == 2
    assert shipper.memory.base > before
    # A slow machine may have lost its server's log for a moment before.
    assert shipper.memory.holes[known].why == Why.REPLACED
    shipper.close()


def test_account_follows_once_it_may(cluster: Cluster, tmp_path: Path):
    """By the address that the product is given, with a password that is no word of a command."""
    cluster.do("CREATE ROLE plain LOGIN PASSWORD 'secret'")
    dsn = wal._dsn(databases.postgres(f"postgres://plain:secret@/postgres?host={cluster.folder}"))
    (tmp_path / "carrier").mkdir()
    shipper = PostgresShipper(dsn, tmp_path / "state", SEAL)
    courier = Courier(Folder(tmp_path / "carrier"), shipper.spool, SEAL, opened)
    state = shipper.turn([courier])
    assert (state.chain, state.why) == (Chain.SNAPSHOTS, Why.NO_ROLE)
    cluster.do("ALTER ROLE plain REPLICATION")
    _turn(shipper, courier)
    assert shipper._receiver is not None
    words = Path(f"/proc/{shipper._receiver.pid}/cmdline").read_bytes()
    assert b"plain" in words
    assert b"secret" not in words
    shipper.close()
    # Nobody follows any longer: the server keeps its log for us no more.
    clusters.forget_slot(cluster.dsn)
    assert cluster.ask("SELECT count(*) FROM pg_replication_slots") == (0,)


def test_server_that_is_not_set_for_it_is_told(tmp_path_factory: pytest.TempPathFactory):
    url = os.environ.get("QUENOTTE_DATABASE_URL") or postgres.start()
    with pytest.raises(clusters.NotAllowed) as refused:
        clusters.check_allowed(wal._dsn(databases.postgres(url)))
    assert refused.value.why is Why.SETTINGS


def test_server_that_does_not_answer_is_told(tmp_path: Path):
    shipper = PostgresShipper(f"host={tmp_path} user=quenotte", tmp_path / "state", SEAL)
    assert (shipper.turn().chain, shipper.state.why) == (Chain.GAP, Why.ENGINE)
    shipper.close()
