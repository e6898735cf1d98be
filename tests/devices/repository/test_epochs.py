"""Epochs: a year each, the newest that has begun is used."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quenotte.devices.repository import epochs
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from tests.devices.repository.conftest import PASSPHRASE

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


def test_new_epoch_is_due_with_the_year() -> None:
    begun = datetime(2026, 3, 17, tzinfo=UTC)
    assert not epochs.is_due(begun, on=date(2026, 12, 31))
    assert epochs.is_due(begun, on=ON)


def test_places_open_by_their_words(tmp_path: Path) -> None:
    assert isinstance(open_store(str(tmp_path)), FolderStore)
    for place in ("rest:https://u:p@vault.example:8443/r", "http://127.0.0.1/r"):
        store = open_store(place)
        assert isinstance(store, RestStore)
        assert "p@" not in str(store)
