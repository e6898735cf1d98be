"""A practice comes back into an empty folder, however often the machine stops."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from quenotte.devices.journal.carriers import Shelf, sealed_by
from quenotte.devices.journal.deltas import BASE, BRIDGE
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier
from quenotte.devices.journal.states import Why
from quenotte.devices.journal.steps import Step
from quenotte.devices.phoenix import marker, opening, returning
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import (
    BadDatabase,
    Busy,
    NoRoom,
    NotEmpty,
    OtherReturn,
    OtherYear,
)
from quenotte.devices.phoenix.marker import Stage
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.phoenix.pictures import Pictures
from quenotte.devices.repository.browsing import find
from quenotte.devices.repository.errors import (
    NotThere,
    Refused,
    RepositoryError,
    Unreachable,
    WrongPassphrase,
)
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import JOURNAL
from tests.devices.phoenix.conftest import AT, NOW, PASSPHRASE, Killed, Practice, words_in


def test_database_keys_and_marker_come_first(practice: Practice, target: Path):
    practice.copy("one")
    practice.copy("two", AT + timedelta(hours=1))
    found = practice.back(target)
    assert found.is_open
    assert found.data_at == (AT + timedelta(hours=1)).isoformat()
    assert words_in(target) == ["one", "two"]
    assert (target / "keys/journal.key").read_text() == "ours"
    assert not (target / "blobs").exists()
    assert not (target / marker.WORKSHOP).exists()
    assert {oct(path.stat().st_mode & 0o077) for path in target.iterdir()} == {"0o0"}
    assert str(practice.place) not in repr(marker.load_secret(target))
    # Asked again, it has nothing left to do.
    assert practice.back(target) == found


def test_return_goes_on_wherever_the_machine_stopped(
    practice: Practice, target: Path, killed_at: Callable[[int], None]
):
    practice.copy("one")
    for number in range(1, 80, 2):
        killed_at(number)
        try:
            practice.back(target)
        except Killed:
            if (found := marker.load(target)) and found.is_open:
                break
            killed_at(-1)
            assert practice.back(target).is_open
            assert words_in(target) == ["one"]
            shutil.rmtree(target)
        else:
            break
    assert 12 < number < 79
    killed_at(-1)
    assert practice.back(target).is_open


def test_folder_that_holds_something_is_never_touched(practice: Practice, target: Path):
    practice.copy("one")
    target.mkdir()
    (target / "db.sqlite3").write_text("somebody’s")
    with pytest.raises(NotEmpty, match="back-retrouve"):
        practice.back(target)
    assert [path.name for path in target.iterdir()] == ["db.sqlite3"]
    (target / "db.sqlite3").rename(target / "lost+found")
    assert practice.back(target).is_open


def test_return_of_another_copy_is_not_mixed(practice: Practice, target: Path, tmp_path: Path):
    first, second = practice.copy("one"), practice.copy("two", AT + timedelta(hours=1))
    practice.back(target, Wish(first))
    assert words_in(target) == ["one"]
    with pytest.raises(OtherReturn):
        practice.back(target, Wish(second))
    other = Practice(tmp_path / "other", tmp_path / "others")
    other.copy("theirs")
    with pytest.raises(OtherReturn):
        practice.back(target, place=str(other.place))


def test_two_at_once(practice: Practice, target: Path):
    practice.copy("one")
    practice.back(target)
    with marker.turn(target), pytest.raises(Busy):
        practice.back(target)


def test_wrong_key_and_no_repository(practice: Practice, tmp_path: Path):
    with pytest.raises(WrongPassphrase):
        opening.opened(str(practice.place), "bcde")
    with pytest.raises(NotThere):
        opening.opened(str(tmp_path / "nothing"), PASSPHRASE)


def test_older_year_is_not_taken_in_silence(practice: Practice):
    year = practice.place / "2026"
    practice.copy("one")
    practice.repository = Repository.create(FolderStore(year), "another", host="srv", user="q")
    # Nothing was copied there yet: what the key opens is the newest there is.
    assert opening.opened(str(practice.place), PASSPHRASE)[1].place == str(practice.place)
    practice.copy("two")
    with pytest.raises(OtherYear, match="2026"):
        opening.opened(str(practice.place), PASSPHRASE)
    assert opening.opened(str(year), "another")[1].place == str(year)


def test_disk_that_is_too_small(practice: Practice, target: Path, monkeypatch: pytest.MonkeyPatch):
    practice.copy("one")
    usage = shutil.disk_usage(target.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(NoRoom, match="0,2 Go"):
        practice.back(target)


def flip(practice: Practice, copy: str) -> None:
    """Turn one bit of the database in the repository."""
    repository = practice.repository
    node = find(repository, repository.snapshot(copy), "db.sqlite3")
    place = repository.refresh().places("data", node.content[0])[0]
    pack = practice.place / "data" / place.pack[:2] / place.pack
    pack.chmod(0o600)
    body = bytearray(pack.read_bytes())
    body[place.offset + 40] ^= 1
    pack.write_bytes(body)


def test_damaged_copy_gives_way_to_the_one_before(practice: Practice, target: Path):
    practice.copy("one")
    packs = set((practice.place / "data").glob("*/*"))
    newest = practice.copy("two", AT + timedelta(hours=1))
    for pack in set((practice.place / "data").glob("*/*")) - packs:
        pack.unlink()
    found = practice.back(target)
    assert words_in(target) == ["one"]
    assert "abîmée" in found.notes[0]
    assert found.notes[0] in practice.said
    with pytest.raises(RepositoryError):
        practice.back(target.with_name("named"), Wish(newest))


def test_database_that_was_encrypted_is_no_database(practice: Practice, target: Path):
    practice.copy("one")
    (practice.folder / "db.sqlite3").write_bytes(os.urandom(8192))
    practice.write = lambda words: None  # type: ignore[method-assign]
    encrypted = practice.copy("", AT + timedelta(hours=1))
    practice.back(target)
    assert words_in(target) == ["one"]
    with pytest.raises(BadDatabase):
        practice.back(target.with_name("named"), Wish(encrypted))


def test_flipped_byte_stops_and_another_medium_goes_on(practice: Practice, target: Path):
    copy = practice.copy("one")
    disk = practice.place.with_name("disk")
    shutil.copytree(practice.place, disk)
    flip(practice, copy)
    with pytest.raises(RepositoryError):
        practice.back(target)
    found = marker.load(target)
    assert found is not None
    assert found.stage is Stage.DATABASE
    # The same repository on a disk, into the same folder.
    assert practice.back(target, place=str(disk)).is_open
    assert words_in(target) == ["one"]


def ship(practice: Practice, *steps: Step) -> None:
    """Send to the repository what the journal has, as its process does; or ``steps``."""
    repository = practice.repository
    seal = sealed_by(repository.key)
    shipper = Shipper(practice.folder / "db.sqlite3", practice.folder / "state", seal)
    courier = Courier(Shelf(repository.store), shipper.end.spool, seal)
    for step in steps:
        shipper.end.send(step)
    if not steps:
        shipper.turn([courier])
    courier.deliver()
    shipper.close()


def test_journal_of_a_place_is_listed_once(
    practice: Practice, target: Path, monkeypatch: pytest.MonkeyPatch
):
    practice.copy("one")
    practice.write("a minute later")
    ship(practice)
    asked = []
    names = FolderStore.names

    def counted(self: FolderStore, kind: str):
        asked.append(kind)
        return names(self, kind)

    monkeypatch.setattr(FolderStore, "names", counted)
    practice.back(target)
    assert words_in(target) == ["one", "a minute later"]
    assert asked.count(JOURNAL) == 1


@pytest.mark.parametrize(("why", "told"), [(Unreachable(), 1), (Refused("type"), 0)])
def test_journal_that_cannot_be_listed_is_told(
    practice: Practice,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    why: RepositoryError,
    told: int,
):
    practice.copy("one")
    practice.write("a minute later")
    ship(practice)
    names = FolderStore.names

    def fails(self: FolderStore, kind: str):
        if kind == JOURNAL:
            raise why
        return names(self, kind)

    monkeypatch.setattr(FolderStore, "names", fails)
    found = practice.back(target)
    assert words_in(target) == ["one"]
    assert ["n’a pas pu être relu" in note for note in found.notes] == [True] * told


def test_what_was_written_while_somebody_chose_comes_back_too(practice: Practice, target: Path):
    practice.copy("one")
    practice.write("a minute later")
    ship(practice)
    repository, secret = opening.opened(str(practice.place), PASSPHRASE)
    assert returning.known(repository, NOW).chain is not None
    practice.write("meanwhile")
    ship(practice)
    practice.bring(target, repository, secret)
    assert words_in(target) == ["one", "a minute later", "meanwhile"]


def test_journal_goes_further_than_the_copy(practice: Practice, target: Path):
    practice.copy("one")
    practice.write("a minute later")
    ship(practice)
    found = practice.back(target)
    assert words_in(target) == ["one", "a minute later"]
    assert found.data_at > AT.isoformat()
    assert (target / "keys/journal.key").exists()
    # A copy by its number is that copy; as of a moment, nothing later is taken.
    exact = target.with_name("exact")
    practice.back(exact, Wish(found.snapshot))
    assert words_in(exact) == ["one"]
    then = target.with_name("then")
    practice.back(then, Wish(as_of=AT))
    assert words_in(then) == ["one"]


#: The journal's clock is the machine's; so are these copies.
HOUR = timedelta(hours=1)


def test_journal_does_not_lead_past_a_copy_that_is_doubted(practice: Practice, target: Path):
    now = datetime.now(UTC)
    practice.copy("one", now - 2 * HOUR)
    practice.write("poisoned")
    ship(practice)
    practice.copy("poisoned still", now - HOUR, tags=("quarantine",))
    found = practice.back(target, now=now)
    assert words_in(target) == ["one"]
    assert (found.data_at, found.copy_at) == ((now - 2 * HOUR).isoformat(),) * 2
    assert "dernière bonne copie" in found.notes[0]
    assert moment_words(now - HOUR) in found.notes[0]
    assert "--as-of" in found.notes[0]
    # Whoever names a moment goes further, and is told beyond which copy.
    later = target.with_name("later")
    found = practice.back(later, Wish(as_of=now + HOUR), now=now)
    assert words_in(later) == ["one", "poisoned"]
    assert "comme demandé" in found.notes[0]
    assert found.data_at > found.copy_at
    # A good copy after the doubted one settles it.
    practice.copy("mended", now - HOUR / 2)
    practice.write("after")
    ship(practice)
    settled = target.with_name("settled")
    assert not practice.back(settled, now=now).notes
    assert words_in(settled)[-1] == "after"


def test_copy_is_taken_without_the_journal_when_all_are_doubted(practice: Practice, target: Path):
    now = datetime.now(UTC)
    doubted = practice.copy("one", now - HOUR, tags=("quarantine",))
    practice.write("later")
    ship(practice)
    found = practice.back(target, now=now)
    assert words_in(target) == ["one"]
    assert "doutait aussi" in found.notes[0]
    # One that was chosen by its number is what somebody chose.
    named = target.with_name("named")
    assert practice.back(named, Wish(doubted), now=now).notes == ()


def noise(why: Why, kind: str = BASE) -> Step:
    """Return what the journal sends of a database that somebody encrypted under it."""
    pages = [(number, os.urandom(4096)) for number in range(1, 4)]
    return Step(kind, pages, 3, 4096, None, why)


def test_journal_is_followed_up_to_before_an_unreadable_database(practice: Practice, target: Path):
    practice.copy("one")
    practice.write("a minute later")
    ship(practice)
    ship(practice, noise(Why.MISMATCH, BRIDGE), noise(Why.AWAY), noise(Why.AGE))
    found = practice.back(target)
    assert words_in(target) == ["one", "a minute later"]
    assert "s’arrête au" in found.notes[0]


@pytest.mark.parametrize("is_begun", [True, False])
def test_journal_that_was_sound_before_the_copy_alone_leaves_the_copy(
    is_begun: bool, practice: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    practice.write("first")
    if is_begun:
        ship(practice)
    frozen_clock.shift(60)
    practice.copy("one", datetime.now(UTC))
    frozen_clock.shift(60)
    ship(practice, noise(Why.AWAY))
    found = practice.back(target, now=datetime.now(UTC))
    assert words_in(target) == ["first", "one"]
    assert "la copie elle-même" in found.notes[0]


def test_damaged_journal_leaves_the_copy(practice: Practice, target: Path):
    practice.copy("one")
    practice.write("lost")
    ship(practice)
    for name, _size in list(practice.repository.store.names("journal"))[:1]:
        path = practice.place / "journal" / name
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-1])
    practice.back(target)
    assert words_in(target) == ["one"]


def test_erasures_of_the_newest_copy_come_with_an_older_one(practice: Practice, target: Path):
    first = practice.copy("one")
    line = json.dumps({"kind": "patient", "object_id": "7", "at": AT.isoformat()})
    (practice.folder / "erasures.jsonl").write_text(line + "\n")
    practice.copy("two", AT + timedelta(hours=1))
    practice.back(target, Wish(first))
    assert words_in(target) == ["one"]
    assert (target / "erasures.jsonl").read_text() == line + "\n"


def test_pictures_are_found_by_their_hash(practice: Practice, target: Path):
    practice.copy("one")
    practice.back(target)
    pictures = Pictures(target)
    assert set(pictures.all()) == set(practice.pictures)
    for name in practice.pictures:
        content = (practice.folder / "blobs" / name[:2] / name[2:4] / name).read_bytes()
        pieces = pictures.pieces(name)
        assert pieces is not None
        assert b"".join(pieces) == content
    assert pictures.pieces("0" * 64) is None


def test_place_as_people_see_it_and_as_it_was():
    address = "rest:https://cabinet:secret@coffre.example:8443/depot/"
    assert opening.label_of(address) == "https://coffre.example:8443/depot/"
    assert opening.as_of(address, AT) == (
        "https://cabinet:secret@coffre.example:8443/as-of/2026-03-16T20:30:00Z/depot"
    )
    assert opening.as_of("/media/disk", AT) == "/media/disk"
