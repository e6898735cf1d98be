"""Replay from carriers that lost something, hold junk, or hold two futures."""

import dataclasses
import errno
import os
import shutil
from pathlib import Path

import pytest

from quenotte.devices.journal import deltas, steps
from quenotte.devices.journal.carriers import Folder, Shelf, sealed_by
from quenotte.devices.journal.deltas import BASE, DELTA, Damaged
from quenotte.devices.journal.hashes import Hashes
from quenotte.devices.journal.memory import Memory
from quenotte.devices.journal.replay import CannotReplay, Progress, replay
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier, Spool, sweep
from quenotte.devices.journal.states import Chain, Why
from quenotte.devices.journal.steps import Step
from quenotte.devices.repository.errors import Refused
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.sealing import MasterKey
from tests.devices.journal.site import SEAL, Site


@pytest.fixture
def two(tmp_path: Path):
    """A site with two carriers and some days behind it."""
    made = Site(tmp_path, names=("a", "b"))
    for _ in range(5):
        made.write(2)
        made.turn()
    yield made
    made.close()


def _paths(site: Site, carrier: int = 0) -> list[Path]:
    return sorted(site.carriers[carrier].path.iterdir())


def test_each_flipped_byte_is_detected(site: Site):
    site.write()
    site.turn()
    (path,) = _paths(site)
    whole = path.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 200)):
        flipped = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        with pytest.raises(Damaged):
            deltas.opened(path.name, flipped, SEAL)


def test_flipped_byte_of_the_pages_is_detected_even_without_seal_and_name(site: Site):
    site.write()
    site.turn()
    (path,) = _paths(site)
    body = SEAL.open(path.read_bytes())
    for at in range(body.index(b"}") + 1, len(body), 97):
        with pytest.raises(Damaged):
            deltas.unpack(body[:at] + bytes([body[at] ^ 0x10]) + body[at + 1 :])
    for length in (0, 7, 12, 40, len(body) - 1):
        with pytest.raises(Damaged):
            deltas.unpack(body[:length])


def test_head_tells_its_own_number(site: Site):
    site.turn()
    (path,) = _paths(site)
    with pytest.raises(Damaged, match="says that it is 1"):
        deltas.opened(deltas.name_of(2, path.read_bytes()), path.read_bytes(), SEAL)


def test_lost_here_is_taken_from_there(two: Site):
    _paths(two)[1].unlink()
    _paths(two, 1)[3].write_bytes(b"rotten")
    made = two.replayed()
    assert (made.is_whole, made.steps) == (True, 5)
    assert two.replayed_dump() == two.dump()


def test_lost_everywhere_ends_replay_before_it_and_is_told(two: Site):
    before = two.replayed_dump(until=3)
    for carrier in (0, 1):
        _paths(two, carrier)[3].unlink()
    made = two.replayed()
    assert (made.is_whole, made.broken_at, made.sequence) == (False, "000000000004", 3)
    assert two.replayed_dump() == before


def test_base_that_is_lost_leaves_the_one_before(two: Site, monkeypatch: pytest.MonkeyPatch):
    before = two.dump()
    monkeypatch.setattr("quenotte.devices.journal.mending.UPHEAVAL_PAGES", 0)
    two.write(each=200)
    two.turn()
    assert two.kinds()[-1] == "base"
    for carrier in (0, 1):
        _paths(two, carrier)[-1].write_bytes(b"rotten")
    assert two.replayed_dump() == before
    for path in _paths(two) + _paths(two, 1):
        path.write_bytes(b"rotten")
    with pytest.raises(CannotReplay):
        two.replayed()


def test_junk_with_a_high_number_changes_nothing(two: Site):
    for carrier in two.carriers:
        body = b"junk"
        carrier.put(deltas.name_of(999_999_999_999, body), body)
        (carrier.path / "readme.txt").write_text("not ours")
    two.restart()
    two.write()
    assert two.turn().chain is Chain.PROVEN
    made = two.replayed()
    assert (made.is_whole, made.sequence, len(made.junk)) == (True, 6, 1)
    assert (two.memory.holes, two.replayed_dump()) == ((), two.dump())


def test_state_that_is_lost_begins_after_what_carriers_have(
    two: Site, monkeypatch: pytest.MonkeyPatch
):
    two.shipper.close()
    shutil.rmtree(two.folder / "state")
    two.restart()
    two.write()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Spool, "draft", full)
        assert two.turn().why is Why.DISK_FULL
    two.turn()
    assert (two.kinds()[-1], two.memory.sequence, two.memory.base) == ("base", 6, 6)
    assert (two.replayed().is_whole, two.replayed_dump()) == (True, two.dump())


def test_machine_that_was_set_back_begins_anew_beyond_its_other_future(two: Site):
    """Its state is of last night, its carriers know of today."""
    old = two.folder / "old"
    two.shipper.close()
    shutil.copytree(two.folder / "state", old)
    two.restart()
    for _ in range(3):
        two.write()
        two.turn()
    two.shipper.close()
    shutil.rmtree(two.folder / "state")
    old.rename(two.folder / "state")
    two.write()
    two.restart()
    # The carriers answer late: the journal has gone on by then.
    for _ in range(6):
        two.shipper.turn()
        two.write()
    two.turn()
    two.turn()
    assert two.kinds()[-1] == "base"
    assert two.memory.holes[-1].why == Why.CARRIER_AHEAD
    assert two.replayed_dump() == two.dump()


def test_of_two_branches_the_one_that_goes_on_is_followed(tmp_path: Path):
    page = [(1, b"a" * 512)]
    spool, hashes = Spool(tmp_path / "spool"), Hashes(tmp_path / "hashes", 512)
    base = steps.make(Step(BASE, page, 1, 512, None), Memory(), hashes, spool, SEAL)
    for mark in (b"x", b"y", b"z"):
        lost = Hashes(tmp_path / "none", 512)
        lost.take(page, 1)
        steps.make(Step(DELTA, [(1, mark * 512)], 1, 512, None), base, lost, spool, SEAL)
    on = steps.make(Step(DELTA, [(1, b"b" * 512)], 1, 512, None), base, hashes, spool, SEAL)
    steps.make(Step(DELTA, [(2, b"c" * 512)], 2, 512, None), on, hashes, spool, SEAL)
    told: list[tuple[int, int]] = []
    walk = replay_raw(spool, tmp_path / "made", lambda *one: told.append(one))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert walk == b"b" * 512 + b"c" * 512


def replay_raw(spool: Spool, target: Path, progress: Progress | None = None) -> bytes:
    """Replay what is no database."""
    with pytest.raises(Exception, match="not a database"):
        replay([Folder(spool.path)], target, SEAL, progress=progress)
    return target.read_bytes()


def test_pages_that_nobody_wrote_are_empty(tmp_path: Path):
    spool, hashes = Spool(tmp_path / "spool"), Hashes(tmp_path / "hashes", 512)
    memory = Memory()
    for pages, size in (([(1, b"a"), (2, b"b"), (3, b"c")], 3), ([], 1), ([], 4), ([(2, b"d")], 5)):
        step = Step(BASE if size == 3 else DELTA, [(n, i * 512) for n, i in pages], size, 512, None)
        memory = steps.make(step, memory, hashes, spool, SEAL)
    found = replay_raw(spool, tmp_path / "made")
    assert [found[at : at + 1] for at in range(0, len(found), 512)] == [b"a", b"d", *[b"\0"] * 3]


def test_total_that_differs_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.turn()
    monkeypatch.setattr("quenotte.devices.journal.replay.total_of", lambda *_: "0" * 32)
    with pytest.raises(CannotReplay, match="not those"):
        site.replayed()


def test_nothing_is_swept_before_it_is_counted(tmp_path: Path):
    spool = Spool(tmp_path / "spool")
    (tmp_path / "a").mkdir()
    courier = Courier(Folder(tmp_path / "a"), spool, SEAL)
    step = Step(BASE, [(1, b"a" * 512)], 1, 512, None)
    memory = steps.make(step, Memory(), Hashes(tmp_path / "hashes", 512), spool, SEAL)
    assert courier.deliver()
    sweep(spool, [courier])
    assert len(spool.names()) == 1
    spool.counted = memory.sequence
    sweep(spool, [])
    assert len(spool.names()) == 1
    sweep(spool, [courier])
    assert spool.names() == []


def test_carrier_that_is_away_is_asked_again(tmp_path: Path):
    site = Site(tmp_path, names=("a", "b"))
    shutil.rmtree(tmp_path / "b")
    site.turn()
    assert site.couriers[1].trouble == "No such file or directory"
    assert len(site.shipper.end.spool.names()) == 1
    (tmp_path / "b").mkdir()
    site.turn()
    assert (site.couriers[1].trouble, site.shipper.end.spool.names()) == ("", [])
    assert site.couriers[1].delivered == 1
    site.close()


def test_store_of_a_repository_keeps_the_journal(site: Site, monkeypatch: pytest.MonkeyPatch):
    store = FolderStore(site.folder / "repository")
    store.prepare()
    seal, shelf = sealed_by(MasterKey.draw()), Shelf(store)
    shipper = Shipper(site.database, site.folder / "sealed", seal)
    courier = Courier(shelf, shipper.end.spool, seal)
    for _ in range(3):
        site.write()
        shipper.turn([courier])
        assert courier.deliver()
    shipper.close()
    made = replay([shelf], site.folder / "made.sqlite3", seal)
    assert (made.sequence, made.is_whole) == (3, True)
    with pytest.raises(CannotReplay):
        replay([shelf], site.folder / "made.sqlite3", sealed_by(MasterKey.draw()))

    def refused(*_: object) -> None:
        raise Refused

    for name in ("put", "names", "get"):
        monkeypatch.setattr(FolderStore, name, refused)
    for ask in (shelf.names, lambda: shelf.get("x"), lambda: shelf.put("x", b"")):
        with pytest.raises(OSError, match=str(Refused())[:8]):
            ask()


def test_base_that_is_old_is_made_anew(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quenotte.devices.journal.shipping.LATER_BYTES", 0)
    for _ in range(12):
        site.write()
        site.turn()
    assert site.kinds().count("base") > 1
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_memory_that_is_damaged_or_does_not_fit_is_lost(two: Site):
    two.shipper.close()
    (two.folder / "state" / "hashes").write_bytes(b"\0" * 160)
    two.restart()
    two.turn()
    assert (two.memory.holes[-1].why, two.kinds()[-1]) == ("state_lost", "base")
    (two.folder / "state" / "state.json").write_text("{")
    two.restart()
    two.turn()
    assert two.kinds()[-1] == "base"
    assert two.replayed_dump() == two.dump()


def test_spool_with_a_torn_object_is_passed_over(two: Site):
    two.write()
    two.turn(deliver=False)
    (name,) = two.shipper.end.spool.names()
    before = dataclasses.replace(two.memory, sequence=5, previous=_paths(two)[-1].name[13:])
    two.shipper.end.remember(before)
    (two.shipper.end.spool.path / name).write_bytes(b"torn")
    two.restart()
    two.write()
    assert two.turn().chain is Chain.PROVEN
    assert two.replayed_dump() == two.dump()


def test_file_that_somebody_made_unreadable_is_refused_in_words(two: Site):
    # What a ransomware wrote over the database went into the journal as faithfully as any page.
    noise = [(number, os.urandom(4096)) for number in range(1, 4)]
    two.shipper.end.send(Step(BASE, noise, 3, 4096, None, Why.AWAY))
    two.deliver()
    with pytest.raises(CannotReplay, match="SQLite does not know it"):
        two.replayed()
