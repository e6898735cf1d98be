"""A pack that rotted: the check names it, the next copy stores again what it held."""

import pytest

from quenotte.devices.repository.browsing import read_file
from quenotte.devices.repository.checking import check
from quenotte.upkeep.backups import operations, places, rotten

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def test_next_copy_mends_what_a_check_found(place, folder, tmp_path):
    operations.run(place)
    pack = max((tmp_path / "copies/data").rglob("*"), key=lambda path: path.stat().st_size)
    body = bytearray(pack.read_bytes())
    body[len(body) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(body)
    assert pack.name in {one.name for one in operations.verify(place)}
    copy = operations.run(place)
    assert rotten.known(copy.destination_id) == []
    repository = places.opened(place)
    restored = read_file(repository, repository.snapshot(copy.snapshot_id), "db.sqlite3")
    assert restored.startswith(b"SQLite format 3")
    # The old pack stays as it is: nothing is ever taken away.
    assert pack.name in {one.name for one in check(places.opened(place), read_data=True)}
