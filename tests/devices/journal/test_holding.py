"""What others do at the worst moments while we hold the log."""

from contextlib import closing
from typing import Any

import pytest

from quenotte.devices.journal import frames
from quenotte.devices.journal.frames import NotContinuous
from quenotte.devices.journal.holding import Holder
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.site import Site


def _truncate(site: Site) -> None:
    with closing(site.connect()) as other:
        other.execute("PRAGMA busy_timeout=0")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


@pytest.mark.parametrize("insists", [False, True])
def test_written_between_two_parts_of_a_settling(
    site: Site, monkeypatch: pytest.MonkeyPatch, insists: bool
):
    """Something comes each time just before writers are held up: it is let through, then not."""
    monkeypatch.setattr("quenotte.devices.journal.shipping.INSIST_FRAMES", 0 if insists else 10**6)
    site.turn()
    site.write(3)
    copy_in, times = Holder._copy_in, []

    def written_after(holder: Holder) -> bool:
        done = copy_in(holder)
        times.append(1)
        if len(times) < (2 if insists else 4):
            site.write()
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Holder, "_copy_in", written_after)
        assert site.shipper.settle()
    assert len(times) == (2 if insists else 5)
    before = site.memory.position
    site.write()
    _truncate(site)
    site.write()
    site.turn()
    assert before is not None
    assert site.memory.position.salts != before.salts
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_writers_who_never_pause_are_not_held_up(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.turn()
    copy_in = Holder._copy_in

    def written_after(holder: Holder) -> bool:
        done = copy_in(holder)
        site.write()
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Holder, "_copy_in", written_after)
        assert not site.shipper.settle()
    site.write()
    site.turn()
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_log_emptied_while_one_hold_follows_another(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.turn()
    site.write(3)
    begun = Holder._begun

    def emptied_before(holder: Holder) -> Any:
        _truncate(site)
        made = begun(holder)
        _truncate(site)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(Holder, "_begun", emptied_before)
        site.shipper.settle()
    site.write()
    site.turn()
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_settling_waits_for_a_writer_at_the_next_turn(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quenotte.devices.journal.holding._PATIENCE_S", 0.01)
    site.turn()
    site.write()
    site.work.execute("BEGIN IMMEDIATE")
    assert not site.shipper.settle()
    site.work.execute("COMMIT")
    assert site.shipper.settle()
    assert site.shipper.settle()


def test_settling_that_fails_leaves_the_hold(site: Site):
    site.turn()

    def fails() -> None:
        raise OSError("the disk refuses")

    with pytest.raises(OSError, match="refuses"):
        site.shipper._watch.holder.settle(fails, bool)
    site.write()
    _truncate(site)
    site.write()
    site.turn()
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_proof_looks_at_what_was_sent_and_no_further(site: Site):
    site.write(2)
    site.turn()
    site.write(2)
    site.shipper.prove()
    site.turn()
    site.shipper.settle()
    site.write(2)
    site.shipper.prove()
    assert site.memory.proved_at


def test_proof_is_due_every_hour_and_finds_what_came_in_another_way(site: Site):
    site.write(20)
    site.turn()
    site.shipper.settle()
    with site.database.open("r+b", buffering=0) as stream:
        stream.seek(-100, 2)
        stream.write(b"changed behind SQLite's back")
    assert site.turn().chain is Chain.PROVEN
    assert site.memory.holes == ()
    site.now += 3601
    assert site.turn().chain is Chain.PROVEN
    assert [hole.why for hole in site.memory.holes] == ["mismatch"]
    site.shipper.prove()


def test_database_without_a_log_is_copied_every_quarter_of_an_hour(site: Site):
    site.write(5)
    site.turn()
    site.shipper.close()
    site.work.execute("PRAGMA journal_mode=delete")
    site.write()
    state = site.turn()
    assert (state.chain, state.why) == (Chain.SNAPSHOTS, Why.NOT_WAL)
    assert site.replayed_dump() == site.dump()
    site.write()
    for later, is_copied in ((899, False), (1, True), (1, False)):
        site.now += later
        site.turn()
        assert (site.replayed_dump() == site.dump()) is is_copied or later == 1
    assert site.kinds() == ["base", "copy", "copy"]
    site.work.execute("PRAGMA journal_mode=wal")
    site.write()
    assert site.turn().chain is Chain.PROVEN
    assert site.replayed_dump() == site.dump()


def test_database_that_never_had_a_log_is_copied_whole(tmp_path):
    site = Site(tmp_path)
    site.work.execute("PRAGMA journal_mode=delete")
    site.write(3)
    assert site.turn().chain is Chain.SNAPSHOTS
    assert (site.kinds(), site.replayed_dump()) == (["base"], site.dump())
    site.close()


def test_database_that_is_not_there_yet_is_waited_for(tmp_path):
    site = Site(tmp_path)
    site.shipper.close()
    hidden = site.database.with_name("hidden")
    site.work.close()
    site.database.rename(hidden)
    assert site.turn().why is Why.ENGINE
    hidden.rename(site.database)
    site.work = site.connect()
    assert site.turn().chain is Chain.PROVEN
    assert site.replayed_dump() == site.dump()
    site.close()


def test_holder_refuses_a_database_without_a_log(site: Site):
    site.work.execute("PRAGMA journal_mode=delete")
    with pytest.raises(NotContinuous) as caught:
        Holder(site.database)
    assert caught.value.why is Why.NOT_WAL


def test_mended_after_it_was_settled_and_written_on(site: Site):
    site.write(20)
    site.turn()
    site.shipper.settle()
    site.write()
    site.shipper._break(Why.MISMATCH)
    assert site.turn().chain is Chain.PROVEN
    site.shipper.prove()
    site.write()
    site.shipper.settle()
    site.shipper.prove()
    site.turn()
    assert site.replayed_dump() == site.dump()


def test_database_that_goes_away_while_it_is_followed_is_told(site: Site):
    site.write()
    site.turn()
    away = site.database.with_name("away")
    site.database.rename(away)
    assert site.turn().chain is Chain.SNAPSHOTS
    away.rename(site.database)
    site.write()
    site.now += 1
    assert site.turn().chain is Chain.PROVEN
    assert site.replayed_dump() == site.dump()


def test_log_begun_anew_while_the_base_is_copied_is_noticed(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    site.write()
    monkeypatch.setattr("quenotte.devices.journal.frames.read_header", _once_then_none())
    assert site.turn().why in {Why.REWRITTEN, Why.LOG_GONE}
    monkeypatch.undo()
    site.now += 1
    assert site.turn().chain is Chain.PROVEN
    assert site.replayed_dump() == site.dump()


def _once_then_none() -> Any:
    """Let the log be read once or twice, then be gone."""
    read, times = frames.read_header, []

    def header(log: int) -> Any:
        times.append(log)
        return read(log) if len(times) < 3 else None

    return header
