"""Plain files on a disk, with a list of what they should be."""

import random
from datetime import timedelta

import pytest

from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks.folder import LIST, FolderCarrier
from quenotte.devices.media.errors import Absent, BadName, Damaged, Declined, Otherwise
from quenotte.devices.media.sorts import Sort


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "disk"
    made.mkdir()
    return made


@pytest.fixture
def one(tmp_path):
    path = tmp_path / "one"
    path.write_bytes(random.Random(1).randbytes(500))
    return path


def test_what_was_put_comes_back_and_is_never_replaced(folder, one, tmp_path):
    carrier = FolderCarrier(folder)
    carrier.put("data/one", one)
    carrier.put("data/one", one)
    (kept,) = FolderCarrier(folder).list()
    assert (kept.name, kept.size_bytes, carrier.verify()) == ("data/one", 500, [])
    carrier.get("data/one", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == one.read_bytes()
    other = tmp_path / "other"
    other.write_bytes(b"other")
    for name, error in [("data/one", Otherwise), ("../x", BadName), ("/x", BadName)]:
        with pytest.raises(error):
            carrier.put(name, other)
    past = carrier.as_of(kept.put_at - timedelta(seconds=1))
    assert past.list() == []
    with pytest.raises(Declined):
        past.put("two", other)
    with pytest.raises(Absent):
        past.get("data/one", tmp_path / "again")


def test_each_flipped_byte_is_found(folder, one, tmp_path):
    FolderCarrier(folder).put("one", one)
    dice = random.Random(2)
    for path in (folder / "files" / "one", folder / LIST):
        whole = path.read_bytes()
        for place in {0, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(25))}:
            body = bytearray(whole)
            body[place] ^= 1 << dice.randrange(8)
            path.write_bytes(body)
            assert FolderCarrier(folder).verify(), place
        path.write_bytes(whole)
    assert FolderCarrier(folder).verify() == []


def test_damage_absence_and_strangers_are_named(folder, one, tmp_path):
    carrier = FolderCarrier(folder)
    for name in ("a", "b"):
        carrier.put(name, one)
    (folder / "files" / "a").write_bytes(b"rotten")
    (folder / "files" / "b").unlink()
    (folder / "files" / "c").touch()
    found = [Finding(Sort.CHANGED, "a"), Finding(Sort.ABSENT, "b"), Finding(Sort.STRANGER, "c")]
    assert carrier.verify() == found
    for name, error in [("a", Damaged), ("b", Absent)]:
        with pytest.raises(error):
            carrier.get(name, tmp_path / "back")
    # What is damaged is healed by the same bytes.
    carrier.put("a", one)
    assert carrier.verify() == found[1:]


def test_a_line_cut_by_a_power_failure(folder, one):
    carrier = FolderCarrier(folder)
    carrier.put("a", one)
    whole = (folder / LIST).read_bytes()
    (folder / LIST).write_bytes(whole[:-9])
    again = FolderCarrier(folder)
    assert again.list() == []
    again.put("a", one)
    assert [kept.name for kept in again.list()] == ["a"]
