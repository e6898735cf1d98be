"""What rotted at a place is found, put again where its bytes are at hand, and told until then."""

import hashlib
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.upkeep.backups import operations, places, queries, rotten
from quenotte.upkeep.backups.models import Destination, State
from quenotte.upkeep.backups.operations import tending
from quenotte.upkeep.backups.rules import Light, Reason

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


def rot(path: Path) -> bytes:
    """Change one bit of a stored file; return what it was."""
    whole = path.read_bytes()
    body = bytearray(whole)
    body[len(body) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)
    return whole


def file_in(place: str, kind: str) -> Path:
    return min(path for path in (Path(place) / kind).rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["keys", "index", "snapshots"])
def test_next_copy_puts_again_what_rotted(place: str, kind: str):
    operations.run(place)
    path = file_in(place, kind)
    whole = rot(path)
    copy = operations.run(place)
    assert copy.state == State.DONE
    assert f"remis d’après une autre copie : {kind}/{path.name}" in copy.outcome
    assert path.read_bytes() == whole
    assert Reason.ROTTEN not in queries.status().reasons


@pytest.mark.parametrize("kind", ["keys", "index", "snapshots"])
def test_what_cannot_be_put_again_is_told_and_the_proof_fails(
    real_place: str, folder: Path, frozen_clock: Any, kind: str
):
    operations.run(real_place)
    frozen_clock.move_to(timezone.now() + timedelta(hours=1))
    operations.run(real_place)
    shutil.rmtree(folder / "cache" / "repository")
    path = _paper_key(real_place) if kind == "keys" else file_in(real_place, kind)
    whole = rot(path)

    copy = operations.run(real_place)
    assert copy.state == State.DONE
    assert "restic refuse tout le dépôt" in copy.outcome
    status = queries.status()
    assert (status.light, Reason.ROTTEN in status.reasons) == (Light.RED, True)
    assert f"{kind}/{path.name}" in status.standings[0].trouble

    proof = operations.prove(real_place)
    assert (proof.state, proof.restorable_until) == (State.FAILED, None)
    assert f"{kind}/{path.name}" in proof.outcome
    # Nothing was taken away; the technician puts it right, and that is seen.
    path.write_bytes(whole)
    assert operations.prove(real_place).state == State.DONE
    assert Reason.ROTTEN not in queries.status().reasons


def _paper_key(place: str) -> Path:
    """Return the key file that is not the server's own: that one opens the repository."""
    keys = sorted((Path(place) / "keys").iterdir())
    for path in keys:
        body = path.read_bytes()
        path.unlink()
        try:
            places.opened(place)
        except (places.ForeignKey, places.NotPrepared):
            continue
        else:
            return path
        finally:
            path.write_bytes(body)
    raise AssertionError("no key but the server's own")


def test_newest_copy_that_rotted_is_no_copy(real_place: str, folder: Path, frozen_clock: Any):
    earlier = operations.run(real_place)
    frozen_clock.move_to(timezone.now() + timedelta(hours=1))
    later = operations.run(real_place)
    shutil.rmtree(folder / "cache" / "repository")
    rot(Path(real_place) / "snapshots" / later.snapshot_id)
    proof = operations.prove(real_place)
    assert (proof.state, proof.snapshot_id) == (State.FAILED, earlier.snapshot_id)
    assert queries.status().sentence.startswith("Restaurable jusqu’à 9 h 30")


def test_own_key_that_rotted_opens_again_from_the_local_copy(place: str):
    operations.run(place)
    keys = [*(Path(place) / "keys").iterdir()]
    for path in keys:
        rot(path)
    assert all(path.name in operations.run(place).outcome for path in keys[:1])
    assert tending.heads_met(Destination.objects.get(), places.opened(place)).left == ()


def test_junk_under_its_right_name_is_told(place: str):
    operations.run(place)
    repository = places.opened(place)
    junk = b"no index at all"
    name = hashlib.sha256(junk).hexdigest()
    repository.store.put("index", name, junk)
    operations.run(place)
    assert f"index/{name}" in queries.status().standings[0].trouble


def test_all_packs_are_read_within_a_month(place: str, frozen_clock: Any):
    operations.run(place)
    destination = Destination.objects.get()
    total = _packs(place)
    read = 0
    for _night in range(tending.NIGHTS):
        found = tending.packs_of_the_night(destination)
        assert (found.total, found.rotten) == (total, ())
        read += found.read
        frozen_clock.move_to(timezone.now() + timedelta(days=1))
    assert read >= total
    # A place that waited for its turn makes up for it.
    frozen_clock.move_to(timezone.now() + timedelta(days=60))
    assert tending.packs_of_the_night(destination).read == total


def _packs(place: str) -> int:
    return sum(path.is_file() for path in (Path(place) / "data").rglob("*"))


def test_rotten_picture_is_found_by_the_night_and_stored_again(
    real_place: str, frozen_clock: Any, folder: Path
):
    picture = folder / "blobs" / "aa" / "bb" / "picture"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(os.urandom(300_000))
    operations.run(real_place)
    pack = max((Path(real_place) / "data").rglob("*"), key=lambda path: path.stat().st_size)
    rot(pack)
    assert operations.prove(real_place).state == State.DONE
    proof = _night(real_place, frozen_clock)
    assert proof.state == State.FAILED
    assert f"Paquet abîmé ou absent à cet emplacement : {pack.name}" in proof.outcome
    assert rotten.known(proof.destination_id) == [pack.name]
    assert queries.status().light is Light.RED

    # The next copy stores again what the practice has of it; the old pack stays, and is known.
    operations.run(real_place)
    proof = _night(real_place, frozen_clock)
    assert proof.state == State.DONE, proof.outcome
    assert "Tous les paquets relus" in proof.outcome
    assert f"récrit depuis : {pack.name}" in proof.outcome


def _night(place: str, clock: Any) -> Any:
    """Prove as the night does after a month without a turn."""
    clock.move_to(timezone.now() + timedelta(days=40))
    operations.run(place)
    tending._turn_of(Destination.objects.get()).write_text('{"after": "", "on": "2020-01-01"}')
    return operations.prove(place, reads_packs=True)
