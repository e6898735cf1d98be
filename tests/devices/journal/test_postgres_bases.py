"""A base of PostgreSQL that cannot be made: the log goes on, no place is current without one."""

import errno
from pathlib import Path

import pytest

from quenotte.devices.journal import asking, clusters
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.replay import CannotReplay
from quenotte.devices.journal.sentences import sentence_of
from quenotte.devices.journal.spool import Spool
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.server import SIZE, WELL, Server, segment


def test_base_that_cannot_be_made_holds_up_no_log(server: Server, monkeypatch: pytest.MonkeyPatch):
    server.turn()
    asking.ask_base(server.shipper.folder)
    tries: list[float] = []

    def fails(_dsn: str, folder: Path) -> None:
        folder.mkdir()
        tries.append(server.now_s)
        raise clusters.ProgramFailed("pg_basebackup: no")

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "copy_base", fails)
        for written in range(600, 1000, 2):
            server.has(1, written=written)
            assert server.turn() == (Chain.PROVEN, Why.NO_BASE)
            assert server.shipper.is_current
            server.now_s += 20
    server.laid()
    assert server.log_of(1) == segment(1)[:998].ljust(SIZE, b"\0")
    assert [round(at - tries[0]) for at in tries] == [0, 60, 180, 420, 900, 1860, 3780]
    assert not (server.shipper.folder / "base").exists()
    assert "essayée de nouveau" in sentence_of(server.shipper.state)
    # It is still asked for, and comes once it can be made.
    server.now_s += 3600
    assert server.turn() == WELL
    assert (server.bases, asking.is_base_asked(server.shipper.folder)) == (2, False)
    assert server.shipper.memory.holes == ()


def test_base_that_does_not_fit_is_not_begun(server: Server):
    server.bytes = 10**18
    assert server.turn() == (Chain.GAP, Why.NO_ROOM)
    server.bytes = 0
    assert server.turn() == WELL
    server.bytes = 10**18
    asking.ask_base(server.shipper.folder)
    server.has(1, written=600)
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    assert server.bases == 1
    server.laid()
    assert server.log_of(1) == segment(1)[:600].ljust(SIZE, b"\0")
    assert "deux fois la taille" in sentence_of(server.shipper.state)


def test_place_that_needs_a_base_still_gets_one_after_it_failed(server: Server):
    server.turn()
    server.joins(server.folder / "another")
    server.bytes = 10**18
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.bytes, server.now_s = 0, server.now_s + 60
    assert server.turn() == WELL
    assert server.laid().is_whole


def test_place_without_a_base_is_not_current_until_it_has_one(server: Server):
    server.turn()
    server.joins(server.folder / "another")
    server.bytes = 10**18
    for turn in range(3):
        server.has(1, written=500 + 100 * turn)
        assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
        told = server.delivered("2026-03-17T08:00:00+00:00")
        assert (told.sequence, told.current_to) == (server.shipper.memory.sequence, "")
        with pytest.raises(CannotReplay):
            server.laid()
    # It is made, and on its way.
    server.bytes, server.now_s = 0, server.now_s + 60
    assert server.shipper.turn([server.courier]).why is Why.NOTHING
    assert not server.courier.is_whole
    assert server.delivered("2026-03-17T08:01:00+00:00").current_to == "2026-03-17T08:01:00+00:00"
    assert server.laid().is_whole


def test_place_is_not_whole_by_a_base_that_came_while_it_was_served(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    server.turn()
    server.has(1, written=500)
    server.turn()
    server.carrier = Folder(server.folder / "another")
    server.carrier.path.mkdir()
    server.begin()
    server.bytes = 10**18
    server.has(1, written=600)
    server.courier.greet()
    server.shipper.turn([server.courier])
    put = server.carrier.put

    def slow(name: str, body: bytes) -> None:
        server.bytes, server.now_s = 0, server.now_s + 60
        assert server.shipper.turn([server.courier]).why is Why.NOTHING
        put(name, body)

    with monkeypatch.context() as patched:
        patched.setattr(server.carrier, "put", slow)
        assert server.courier.deliver()
    assert (server.bases, server.courier.is_whole) == (2, False)
    assert server.courier.deliver()
    assert server.courier.is_whole
    assert server.laid().is_whole


def test_base_waits_on_when_the_journal_is_begun_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    server.turn()
    asking.ask_base(server.shipper.folder)
    tries: list[float] = []

    def fails(_dsn: str, _folder: Path) -> None:
        tries.append(server.now_s)
        raise clusters.ProgramFailed("pg_basebackup: no")

    def begins_anew() -> tuple[Chain, Why]:
        server.shipper.close()
        server.begin()
        return server.turn()

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "copy_base", fails)
        for _ in range(60):
            assert begins_anew() == (Chain.PROVEN, Why.NO_BASE)
            assert server.shipper.is_current
            server.now_s += 20
        assert [round(at - tries[0]) for at in tries] == [0, 60, 180, 420, 900]
        # A clock that went back holds up nothing, nor does a word that nobody can read.
        server.now_s = tries[0] - 10**6
        begins_anew()
        (server.shipper.folder / "base.missed").write_text('{"why": "what"}')
        begins_anew()
        assert len(tries) == 7
    server.now_s += 60
    assert begins_anew() == WELL
    assert not (server.shipper.folder / "base.missed").exists()


def test_base_waits_on_a_disk_that_keeps_nothing(server: Server, monkeypatch: pytest.MonkeyPatch):
    server.turn()
    asking.ask_base(server.shipper.folder)
    server.bytes = 10**18

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("quenotte.devices.journal.misses.durable.kept", full)
        assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.bytes = 0
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.now_s += 60
    assert server.turn() == WELL


def test_step_that_comes_to_nothing_leaves_no_drafts(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    drafts = server.shipper.spool.path / "drafts"
    draft = Spool.draft

    def full(self: Spool, name: str, body: bytes) -> None:
        if list(drafts.iterdir()):
            raise OSError(errno.ENOSPC, "No space left on device")
        draft(self, name, body)

    monkeypatch.setattr("quenotte.devices.journal.postgres._PART_BYTES", 2**18)
    with monkeypatch.context() as patched:
        patched.setattr(Spool, "draft", full)
        assert server.turn() == (Chain.GAP, Why.DISK_FULL)
        assert list(drafts.iterdir()) == []
    assert server.turn() == WELL

    def refuses(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    server.has(1)
    with monkeypatch.context() as patched:
        patched.setattr(Spool, "publish", refuses)
        assert server.turn() == (Chain.GAP, Why.DISK)
        assert list(drafts.iterdir()) == []
    assert server.turn() == WELL
