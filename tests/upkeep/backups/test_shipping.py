"""Files that leave between two copies, and where the journal is told to go."""

import hashlib
import os

import pytest
from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.devices.repository import keeping
from quenotte.devices.repository.checking import check
from quenotte.devices.repository.packs import CONTENT
from quenotte.upkeep.backups import following, operations, places, queries, shipping
from quenotte.upkeep.backups.shipping import Way

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings, folder):
    """Files are kept in the data folder of the test."""
    location = {"OPTIONS": {"location": str(folder / "blobs")}}
    settings.STORAGES = settings.STORAGES | {"blobs": settings.STORAGES["blobs"] | location}
    return lambda body: files.keep(body, media_type="image/png").sha256


def blobs_at(place):
    return places.opened(place).index.known(CONTENT)


def test_new_file_is_a_blob_named_as_it_is(place, stored):
    (destination,) = queries.destinations()
    body = os.urandom(5_000)
    ways = {destination.id: Way(timezone.now())}
    name = stored(body)
    assert shipping.ship(destination, ways) == 1
    assert bytes.fromhex(name) in blobs_at(place)
    # It is sent once, the place stays sound, and the next copy has it already.
    assert shipping.ship(destination, ways) == 0
    assert check(places.opened(place), read_data=True) == []
    copy = operations.run(place)
    assert copy.state == "done"


def test_large_and_empty_files_wait_for_the_copy(place, stored, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST_BYTES", 1_000)
    (destination,) = queries.destinations()
    ways = {destination.id: Way(timezone.now())}
    large = stored(os.urandom(1_001))
    shipping.ship(destination, ways)
    assert bytes.fromhex(large) not in blobs_at(place)


def test_place_that_is_away_is_asked_again_later(place, stored, tmp_path):
    (destination,) = queries.destinations()
    ways = {destination.id: Way(timezone.now())}
    stored(b"a picture")
    home, away = tmp_path / "copies", tmp_path / "away"
    home.rename(away)
    assert shipping.ship(destination, ways) == 0
    assert ways[destination.id].passed == 2
    away.rename(home)
    assert [shipping.ship(destination, ways) for _ in range(3)] == [0, 0, 1]


def test_journal_is_told_where_copies_go(place, folder):
    operations.follow()
    (told,) = following.told()
    assert (told.place, told.label) == (place, place)
    assert told.opened().id == places.opened(place).id
    # The address of a vault holds a password: nobody reads it there.
    assert place.encode() not in following.path().read_bytes()
    following.path().write_text("something else")
    assert following.told() == []


def test_repositories_of_one_practice_share_a_master_key(place, tmp_path):
    other = str(tmp_path / "other")
    operations.init(other, "bcde fghj knpr stuv xbcd efgh jknp rstu")
    first, second = places.opened(place), places.opened(other)
    assert first.key.encrypt == second.key.encrypt
    assert first.id != second.id


def test_digest_is_the_name_of_the_blob(place, stored):
    body = b"a letter"
    assert stored(body) == hashlib.sha256(body).hexdigest()
    assert files.named() == set(files.named_since(timezone.now()))
