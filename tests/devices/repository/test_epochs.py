"""Epochs: a year each, the newest that has begun is used."""

from datetime import date
from pathlib import Path

import pytest

from quenotte.devices.repository import epochs
from quenotte.devices.repository.browsing import nodes_of
from quenotte.devices.repository.errors import AlreadyThere, Missing
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE
from tests.devices.repository.servers import serving

ON = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("/mnt/disk", "/mnt/disk/2027"),
        ("/mnt/disk/", "/mnt/disk/2027"),
        ("https://vault.example/r/", "https://vault.example/r/2027"),
        ("rest:http://127.0.0.1:8000/r", "rest:http://127.0.0.1:8000/r/2027"),
    ],
)
def test_place_of_a_year(place: str, there: str) -> None:
    assert epochs.place_of(place, 2027) == there


def test_newest_that_has_begun(tmp_path: Path) -> None:
    place = str(tmp_path / "repository")
    assert epochs.newest(place, on=ON) is None
    for year in ("", "2027", "2028"):
        Repository.create(FolderStore(Path(place) / year), PASSPHRASE, host="srv", user="q")
    (Path(place) / "2026").mkdir()

    assert epochs.newest(place, on=ON) == f"{place}/2027"
    assert epochs.newest(place, on=date(2026, 12, 31)) == place
    assert epochs.existing(place, on=ON) == [f"{place}/2027", place]


def test_second_epoch_of_a_year_is_the_newer(tmp_path: Path) -> None:
    place = str(tmp_path)
    with serving() as vault:
        for one in (place, f"{vault.address.rstrip('/')}"):
            for epoch in (0, 2026, 2027, 20272):
                store = open_store(epochs.place_of(one, epoch))
                Repository.create(store, PASSPHRASE, host="srv", user="q")
            found = epochs.existing(one, on=ON)
            assert [epochs.epoch_of(there, one) for there in found] == [20272, 2027, 2026, 0]


def test_new_epoch_is_due_with_the_year() -> None:
    assert epochs.due(2026, on=date(2026, 12, 31), last=2026) is None
    assert epochs.due(2026, on=ON, last=2026) == 2027
    # Nobody copied there yet, or for months.
    assert epochs.due(2026, on=ON, last=None) == 2027
    assert epochs.due(2026, on=date(2028, 2, 1), last=2027) == 2028
    # A clock that jumped, or fell back.
    assert epochs.due(2026, on=date(2028, 2, 1), last=2026) is None
    assert epochs.due(2027, on=date(2015, 1, 1), last=2027) is None


def test_new_year_goes_on_with_the_same_keys(tmp_path: Path) -> None:
    old = Repository.create(FolderStore(tmp_path), PASSPHRASE, host="srv", user="q")
    old.add_key("on paper")
    (tmp_path / "keys" / ("ab" * 32)).write_bytes(b"junk")
    save(old, [Source("a", b"one")], time=AT, host="srv")
    store = FolderStore(tmp_path / "2027")

    new = Repository.continued(store, old)
    # What the year before holds is there to compare with, and not to write from.
    (snapshot,) = old.snapshots()
    assert new.snapshot(snapshot.id) == snapshot
    assert [node.name for node in nodes_of(new, snapshot.tree)] == [b"a"]
    saved = save(new, [Source("a", b"one")], time=AT, host="srv")
    assert saved.bytes_added > 0
    for passphrase in (PASSPHRASE, "on paper"):
        opened = Repository.open(store, passphrase)
        assert (opened.id, opened.id == old.id) == (new.id, False)
        assert [one.id for one in opened.snapshots()] == [saved.id]
        with pytest.raises(Missing):
            opened.snapshot(snapshot.id)
    assert len(list(store.names("keys"))) == 2
    # Begun and broken off, it is gone on with; under another key it is left alone.
    assert Repository.continued(store, old).id == new.id
    Repository.create(FolderStore(tmp_path / "2028"), "another", host="srv", user="q")
    with pytest.raises(AlreadyThere):
        Repository.continued(FolderStore(tmp_path / "2028"), old)


def test_years_are_told_by_their_places() -> None:
    assert epochs.epoch_of("/mnt/disk", "/mnt/disk") == 0
    assert epochs.epoch_of(epochs.place_of("/mnt/disk", 2027), "/mnt/disk") == 2027
    for epoch, name in ((20272, "2027-2"), (20279, "2027-9")):
        assert epochs.place_of("https://x/r", epoch) == f"https://x/r/{name}"
        assert epochs.epoch_of(f"/mnt/disk/{name}", "/mnt/disk") == epoch
        assert epochs.year_in(epoch) == 2027
    assert [epochs.following(one, 2027) for one in (0, 2026, 2027, 20272, 20279)] == [
        2027, 2027, 20272, 20273, None,
    ]  # fmt: skip
    assert epochs.horizon(date(2026, 12, 31)).year == 2027


def test_places_open_by_their_words(tmp_path: Path) -> None:
    assert isinstance(open_store(str(tmp_path)), FolderStore)
    for place in ("rest:https://u:p@vault.example:8443/r", "http://127.0.0.1/r"):
        store = open_store(place)
        assert isinstance(store, RestStore)
        assert "p@" not in str(store)
