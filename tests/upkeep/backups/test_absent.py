"""A pack that a place has no more, whether it still lists it or not: found, told, stored again."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.files.models import Blob
from quenotte.devices.phoenix import returning
from quenotte.devices.repository import blobs, soundness
from quenotte.devices.repository.browsing import find, read_file
from quenotte.devices.repository.errors import Missing
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.packs import CONTENT
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.upkeep.backups import operations, places, proving, queries, rotten
from quenotte.upkeep.backups.models import Destination, State
from quenotte.upkeep.backups.operations import tending
from tests.factories import BlobFactory
from tests.upkeep.conftest import PASSPHRASE

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def picture(real_place: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture of the practice, in a pack of its own, in the newest copy."""
    operations.run(real_place)
    monkeypatch.setattr(blobs, "AIMED_BYTES", 1)
    body = os.urandom(300_000)
    name = hashlib.sha256(body).hexdigest()
    path = folder / "blobs" / name[:2] / name[2:4] / name
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    BlobFactory.create(sha256=name, size_bytes=len(body))
    operations.run(real_place)
    return path


@pytest.fixture
def lose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what takes the pack of a file away; a vault may go on listing it."""

    def taken(place: str, name: str, *, is_listed: bool) -> str:
        repository = places.opened(place)
        node = find(repository, newest(repository), name)
        (lies,) = repository.places(CONTENT, node.content[0])
        pack = Path(place) / "data" / lies.pack[:2] / lies.pack
        size, names = pack.stat().st_size, FolderStore.names
        pack.unlink()

        def listed(store: FolderStore, kind: str) -> Any:
            yield from names(store, kind)
            if kind == "data" and is_listed:
                yield pack.name, size

        monkeypatch.setattr(FolderStore, "names", listed)
        return pack.name

    return taken


def newest(repository: Repository) -> Snapshot:
    return returning.copies(repository, timezone.now())[0]


def all_packs_are_due() -> None:
    tending._turn_of(Destination.objects.get()).write_text('{"after": "", "on": "2020-01-01"}')


def is_back(place: str, copy: Any, picture: Path) -> bool:
    """Tell whether a picture comes back whole from a copy."""
    repository = places.opened(place)
    held = read_file(
        repository, repository.snapshot(copy.snapshot_id), str(proving.place_of(picture.name))
    )
    return held == picture.read_bytes()


def comes_back(place: str, copy: Any, picture: Path) -> bool:
    try:
        return is_back(place, copy, picture)
    except Missing:
        return False


def drop(picture: Path) -> None:
    """Let the practice hold a picture no more: older copies alone do."""
    Blob.objects.filter(sha256=picture.name).delete()
    picture.unlink()


def test_pack_that_a_vault_lists_and_does_not_give_is_no_sound_one(
    real_place: str, picture: Path, lose: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(proving, "SAMPLE", 0)
    pack = lose(real_place, proving.place_of(picture.name), is_listed=True)
    # What nobody reads, nobody misses: the copy after it sends nothing again.
    assert not comes_back(real_place, operations.run(real_place), picture)
    all_packs_are_due()
    proof = operations.prove(real_place, reads_packs=True)
    assert proof.state == State.FAILED
    assert f"abîmé ou absent à cet emplacement : {pack}" in proof.outcome

    assert comes_back(real_place, operations.run(real_place), picture)
    all_packs_are_due()
    proof = operations.prove(real_place, reads_packs=True)
    assert proof.state == State.DONE, proof.outcome


def test_proof_that_meets_a_pack_that_does_not_come_has_it_stored_again(
    real_place: str, picture: Path, lose: Any
):
    pack = lose(real_place, "manifest.json", is_listed=True)
    with pytest.raises(Missing):
        operations.prove(real_place)
    assert rotten.known(Destination.objects.get().id) == [pack]
    assert operations.run(real_place).state == State.DONE
    assert rotten.known(Destination.objects.get().id) == []


def test_file_that_lies_in_no_pack_of_the_place_is_not_there(
    real_place: str, picture: Path, lose: Any
):
    known = {picture.name: picture.stat().st_size}
    repository = places.opened(real_place)
    copy = newest(repository)
    assert proving._missing(repository, copy, known) == []
    pack = lose(real_place, proving.place_of(picture.name), is_listed=False)
    assert proving._missing(repository, copy, known) == [f"file {picture.name[:12]}"]
    proof = operations.prove(real_place)
    assert (proof.state, proof.restorable_until) == (State.FAILED, None)
    assert f"abîmé ou absent à cet emplacement : {pack}" in proof.outcome


def test_older_copies_that_a_lost_pack_takes_with_it_are_told(
    real_place: str, picture: Path, lose: Any
):
    pack = lose(real_place, proving.place_of(picture.name), is_listed=False)
    drop(picture)
    copy = operations.run(real_place)
    assert copy.state == State.DONE
    assert "1 paquet manquait ou était abîmé à cet emplacement" in copy.outcome
    (standing,) = queries.status().standings
    assert f"absent à cet emplacement : {pack[:12]}" in standing.trouble
    # Told once with a copy, kept under the place; later proofs are those of what is there.
    assert "manquait" not in operations.run(real_place).outcome
    assert operations.prove(real_place).state == State.DONE
    assert pack[:12] in queries.status().standings[0].trouble


def test_lost_pack_is_put_again_from_a_place_that_was_copied_whole(
    real_place: str, picture: Path, lose: Any, tmp_path: Path
):
    shutil.copytree(real_place, tmp_path / "second")
    operations.init(str(tmp_path / "second"), PASSPHRASE)
    pack = lose(real_place, proving.place_of(picture.name), is_listed=False)
    assert operations.prove(real_place).state == State.DONE
    assert (Path(real_place) / "data" / pack[:2] / pack).is_file()


def test_head_that_is_listed_and_does_not_come_is_rotten(tmp_path: Path):
    class Liar:
        def __init__(self, *listed: tuple[str, int]) -> None:
            self.listed = listed

        def get(self, kind: str, name: str) -> bytes:
            raise Missing(kind, name)

        def names(self, kind: str) -> Any:
            return iter(self.listed)

    assert not soundness.is_sound(Liar(("a", 1)), ("index", "a"))  # type: ignore[arg-type]
    assert soundness.is_sound(Liar(), ("index", "a"))  # type: ignore[arg-type]
    assert not soundness.is_sound(Liar(), ("data", "a"))  # type: ignore[arg-type]
