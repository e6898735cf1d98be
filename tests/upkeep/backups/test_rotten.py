"""A pack that rotted: the check names it, the next copy stores again what it held."""

import json
import shutil

import pytest

from quenotte.config.backups import running
from quenotte.devices.phoenix.databases import judge
from quenotte.devices.repository.browsing import read_file
from quenotte.devices.repository.checking import check
from quenotte.devices.repository.restoring import restore
from quenotte.upkeep.backups import operations, places, queries, rotten
from tests.upkeep.conftest import PASSPHRASE

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


def _flip(path):
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)


@pytest.mark.parametrize("is_verified", [True, False])
def test_copy_after_any_pack_rotted_is_made_and_whole_once_it_is_known(
    place, folder, tmp_path, is_verified
):
    """That of the trees too: what nobody can read of a copy must not stop the next one."""
    operations.run(place)
    packs = sorted(path for path in (tmp_path / "copies/data").rglob("*") if path.is_file())
    assert len(packs) > 1
    for number, pack in enumerate(packs):
        _flip(pack)
        if is_verified:
            operations.verify(place)
        (folder / "keys" / "new.key").write_text(str(number))
        shutil.rmtree(folder / "cache" / "repository", ignore_errors=True)
        copy = operations.run(place)
        assert copy.state == "done"
        if not is_verified:
            # What a copy does not read, it cannot find: the nights and the proofs do.
            operations.verify(place)
            copy = operations.run(place)
        repository = places.opened(place)
        target = tmp_path / f"back-{number}"
        restore(repository, repository.snapshot(copy.snapshot_id), target)
        judge(target / "db.sqlite3")
        assert (target / "keys" / "new.key").read_text() == str(number)


def test_pack_is_put_again_from_a_place_that_was_copied_whole(place, tmp_path, capsys):
    operations.run(place)
    other = tmp_path / "second"
    shutil.copytree(tmp_path / "copies", other)
    operations.init(str(other), PASSPHRASE)
    pack = max((tmp_path / "copies/data").rglob("*"), key=lambda path: path.stat().st_size)
    _flip(pack)
    found = operations.verify(place)
    assert {one.name for one in found if one.is_mended} == {pack.name}
    assert not [one for one in check(places.opened(place), read_data=True) if one.is_error]
    assert rotten.known(operations.known(place).id) == []
    # The command says so, and asks for no other medium.
    _flip(pack)
    assert running.verify(place, read_data=True, as_json=True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["state"], "a été remis d’après un autre" in told["outcome"]) == ("done", True)


def test_quick_check_forgets_nothing_that_was_found(place, folder, tmp_path, capsys):
    operations.run(place)
    pack = max((tmp_path / "copies/data").rglob("*"), key=lambda path: path.stat().st_size)
    body = pack.read_bytes()
    _flip(pack)
    assert pack.name in {one.name for one in operations.verify(place)}
    one = operations.known(place)
    for _ in range(2):
        assert running.verify(place, read_data=False, as_json=True) == 1
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert told["findings"] == [f"data/{pack.name}: damaged"]
        assert "Ce dépôt est abîmé" in told["outcome"]
        assert rotten.known(one.id) == [pack.name]
    # The next copy still distrusts it.
    copy = operations.run(place)
    repository = places.opened(place)
    restore(repository, repository.snapshot(copy.snapshot_id), tmp_path / "back")
    judge(tmp_path / "back" / "db.sqlite3")
    # What is sound again is forgotten, and the command claims no more than it looked at.
    rotten.note(one.id, [pack.name])
    pack.write_bytes(body)
    assert running.verify(place, read_data=False, as_json=True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["outcome"].startswith("Rien ne manque dans ce dépôt ; son contenu n’a pas été relu")
    assert rotten.known(one.id) == []


def _held_by_the_first_alone(place, folder, tmp_path):
    """Copy a file, then all without it; return the first copy, and the packs of both."""

    def stored():
        return {one for one in (tmp_path / "copies/data").rglob("*") if one.is_file()}

    path = folder / "keys" / "old.key"
    path.write_text("held by the first copy alone")
    before = stored()
    first = operations.run(place)
    path.unlink()
    operations.run(place)
    return first, stored() - before


def test_quick_check_forgets_nothing_that_only_older_copies_held(place, folder, tmp_path):
    first, packs = _held_by_the_first_alone(place, folder, tmp_path)
    bodies = {}
    for pack in packs:
        bodies[pack] = pack.read_bytes()
        _flip(pack)
    operations.verify(place)
    operations.run(place)
    lost = rotten.gone(first.destination_id)
    assert lost
    operations.verify(place, read_data=False)
    assert rotten.gone(first.destination_id) == lost
    for pack, body in bodies.items():
        pack.write_bytes(body)
    operations.verify(place, read_data=False)
    assert rotten.gone(first.destination_id) == []


def test_what_only_older_copies_held_is_told_as_lost(place, folder, tmp_path):
    first, packs = _held_by_the_first_alone(place, folder, tmp_path)
    for pack in packs:
        _flip(pack)
    operations.verify(place)
    operations.run(place)
    lost = rotten.gone(first.destination_id)
    assert lost
    (standing,) = queries.status().standings
    assert lost[0][:12] in standing.trouble
    # A whole look that finds nothing any more forgets it.
    rotten.forget(first.destination_id, but=[])
    assert rotten.gone(first.destination_id) == []
