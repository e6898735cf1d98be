import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import SYSTEM
from quenotte.base.live.models import Event
from quenotte.devices.repository.errors import Full, WrongPassphrase
from quenotte.devices.repository.fake import FaultyDisk, full
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import read_file, restore
from quenotte.devices.repository.writing import Source, save
from quenotte.upkeep.backups import (
    engines,
    manifests,
    operations,
    places,
    proving,
    queries,
    rules,
)
from quenotte.upkeep.backups.engines.forms import NoRoomForCopy
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.backups.saving import ClosedFile
from quenotte.upkeep.backups.turns import Busy, turn
from tests.factories import BlobFactory, CopyFactory, DestinationFactory, ProofFactory
from tests.upkeep.conftest import PASSPHRASE

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[str, str]]:
    found = Line.objects.filter(object_kind="backup").order_by("number")
    return list(found.values_list("action", "result"))


def test_copy_is_noted_and_told(real_place: str, folder: Path):
    copy = operations.run(real_place)

    assert copy.state == State.DONE
    assert copy.data_at is not None
    assert copy.summary["tables"] > 50
    assert copy.files >= 3
    assert "Reste à le prouver" in copy.outcome
    assert lines() == [("create", "ok"), ("send", "ok")]
    assert Event.objects.filter(name="backups.changed", audience="backups.read").count() == 2
    assert list((folder / "cache" / "backup").glob("*")) == []
    assert queries.status().sentence.startswith("Restaurable jusqu’à 9 h 30, pas encore prouvé")


def test_key_that_is_another_accounts_is_named(
    place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "keys" / "media.key").write_text("0")
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "media.key":
            raise PermissionError
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(ClosedFile, match=r"keys/media\.key"):
        operations.run(place)
    assert Copy.objects.get().state == State.FAILED


def test_second_copy_sends_what_changed(place: str):
    first, second = operations.run(place), operations.run(place)
    assert second.bytes_added < first.bytes_added / 4


def test_address_lies_sealed(place: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, label FROM upkeep_destination")
        sealed, label = cursor.fetchone()
    assert place not in sealed
    assert label == place


def test_keys_marks_and_settings_come_along(place: str, folder: Path):
    (folder / "anchors").mkdir()
    (folder / "anchors" / "journal.txt").write_text("1 abc")
    (folder / "keys" / "secret.key").write_text("s")
    (folder / "keys" / "draft.part").write_text("s")
    operations.run(place)
    repository = places.opened(place)
    (snapshot,) = repository.snapshots()
    assert read_file(repository, snapshot, "anchors/journal.txt") == b"1 abc"
    assert read_file(repository, snapshot, "keys/secret.key") == b"s"
    assert b'"QUENOTTE_DATA"' not in read_file(repository, snapshot, "configuration.json")
    assert {"quenotte", "by_hand"} == set(snapshot.tags)


def test_place_that_is_there_is_adopted_by_its_key_alone(place: str, settings: Any):
    assert not operations.init(place, f" {PASSPHRASE}\n").is_new
    with pytest.raises(operations.OtherPassphrase):
        operations.init(place, "another")
    with pytest.raises(operations.EmptyPassphrase):
        operations.init(place, " \n")
    # Another server, which has neither the key nor the row.
    settings.BACKUP_KEY = "0" * 64
    Destination.objects.all().delete()
    with pytest.raises(places.ForeignKey):
        operations.run(place)
    operations.init(place, PASSPHRASE)
    assert operations.run(place).state == State.DONE


def test_prepared_place_is_known_again_without_its_row(place: str):
    Destination.objects.all().delete()
    assert operations.run(place).destination.label == place


def test_two_runs_do_not_meet(place: str):
    with turn(), pytest.raises(Busy, match="déjà en cours"):
        operations.run(place)
    assert operations.run(place).state == State.DONE


def test_work_that_somebody_asked_for_waits_for_its_turn(place: str):
    other = ExitStack()
    other.enter_context(turn())
    ending = Timer(0.4, other.close)
    ending.start()
    with turn(patience_s=8), pytest.raises(Busy), turn():
        pytest.fail("two at a time")
    ending.join()


def test_place_that_went_is_said(place: str):
    shutil.rmtree(place)
    with pytest.raises(places.Away):
        operations.run(place)
    copy = Copy.objects.get()
    assert copy.state == State.FAILED
    assert "n’est pas là en ce moment" in copy.outcome
    assert lines()[-1] == ("send", "failed")
    assert queries.standing_of(copy.destination).facts.is_failing


@pytest.mark.parametrize("is_first_there", [True, False])
def test_place_that_comes_later_is_opened_by_the_paper_that_is_printed(
    place: str, tmp_path: Path, is_first_there: bool
):
    operations.add_key(operations.known(place), "of the paper")
    operations.run(place)
    if not is_first_there:
        Path(place).rename(tmp_path / "unplugged")
    later = operations.init(str(tmp_path / "later"), "its own").destination
    for passphrase in ("of the paper", "its own", PASSPHRASE):
        operations.check_key(later, passphrase)
    # A new key for a leaked paper leaves the old ones behind.
    if is_first_there:
        begun = operations.begin_epoch(list(queries.destinations()))
        operations.use_epoch(begun, actor=SYSTEM)
        with pytest.raises(WrongPassphrase):
            operations.check_key(begun[0], "of the paper")
        last = operations.init(str(tmp_path / "last"), "its own").destination
        with pytest.raises(WrongPassphrase):
            operations.check_key(last, "of the paper")


@pytest.mark.parametrize("is_mount_point_left", [True, False])
def test_proof_at_a_place_that_is_away_says_so_and_turns_no_light_red(
    place: str, is_mount_point_left: bool
):
    destination = operations.run(place).destination
    ProofFactory.create(destination=destination, asked_at=timezone.now())
    before = queries.status()
    Path(place).rename(f"{place}-unplugged")
    if is_mount_point_left:
        Path(place).mkdir()
    with pytest.raises(places.Away):
        operations.prove(place)
    proof = Proof.objects.get(compared__has_key=queries.AWAY)
    assert (proof.state, proof.destination_id) == (State.FAILED, destination.id)
    assert "n’est pas là en ce moment (disque débranché ou réseau coupé)" in proof.outcome
    assert queries.status().reasons == before.reasons
    assert queries.calendar(on=timezone.localdate())[-1].mark == "proven"


def test_other_disk_under_the_same_name_is_not_written_to(place: str):
    shutil.rmtree(place)
    store = FolderStore(Path(place))
    Repository.create(store, "x", host="h", user="u").add_key(_own_key())
    with pytest.raises(operations.OtherRepository):
        operations.run(place)
    assert list(store.names("snapshots")) == []


def _own_key() -> str:
    from django.conf import settings

    return str(settings.BACKUP_KEY)


def test_full_place_keeps_the_copies_before(place: str, monkeypatch: pytest.MonkeyPatch):
    operations.run(place)
    faulty = FolderStore(Path(place), disk=FaultyDisk(8, full))
    monkeypatch.setattr(places, "open_store", lambda _place: faulty)
    BlobFactory.create()
    with pytest.raises(Full):
        operations.run(place)
    monkeypatch.undo()
    assert len(places.opened(place).snapshots()) == 1
    assert operations.verify(place) == []


def test_full_disk_of_the_practice_is_said_before_it_is_filled(
    place: str, folder: Path, settings: Any
):
    settings.DISK_FLOOR_BYTES = 1 << 62
    with pytest.raises(NoRoomForCopy):
        operations.run(place)
    assert list((folder / "cache" / "backup").glob("*")) == []


def test_what_a_kill_left_is_ended_by_the_next(place: str, folder: Path):
    destination = Destination.objects.get()
    left = CopyFactory.create(
        destination=destination, state=State.RUNNING, ended_at=None, data_at=None, snapshot_id=""
    )
    proof = ProofFactory.create(
        destination=destination, state=State.RUNNING, ended_at=None, restorable_until=None
    )
    (folder / "cache" / "backup").mkdir()
    (folder / "cache" / "backup" / "db.sqlite3").write_text("half a copy")
    operations.run(place)
    left.refresh_from_db()
    proof.refresh_from_db()
    assert (left.state, proof.state) == (State.INTERRUPTED, State.INTERRUPTED)
    # Nothing was found wrong: what a stop cut short speaks neither for the copies nor against.
    standing = queries.standing_of(destination)
    assert standing.last_proof is None
    assert rules.Reason.PROOF_FAILED not in queries.status().reasons
    assert list((folder / "cache" / "backup").glob("*")) == []


def test_file_that_cannot_be_read_makes_no_whole_copy(
    place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    from quenotte.upkeep.backups import saving

    def without_one(*words: Any, **more: Any) -> Any:
        from dataclasses import replace

        return replace(save(*words, **more), left_out=("/blobs/ab",))

    monkeypatch.setattr(saving, "save", without_one)
    copy = operations.run(place)
    assert (copy.state, copy.snapshot_id != "") == (State.FAILED, True)
    assert "1 fichiers n’ont pas pu être lus" in copy.outcome


def test_copy_that_lies_is_told_by_the_proof(real_place: str, tmp_path: Path, frozen_clock: Any):
    operations.run(real_place)
    frozen_clock.shift(3600)
    repository = places.opened(real_place)
    (snapshot,) = repository.snapshots()
    restore(repository, snapshot, tmp_path / "back")
    told = manifests.opened((tmp_path / "back" / "manifest.json").read_bytes(), _audit_key())
    lie = manifests.sealed(_with_a_row_more(told), _audit_key())
    sources = [Source(one.name, one) for one in (tmp_path / "back").iterdir()]
    sources = [one for one in sources if one.name_in_tree != manifests.NAME]
    save(
        repository,
        [*sources, Source(manifests.NAME, lie)],
        time=datetime.now(UTC),
        host="another",
    )

    proof = operations.prove(real_place)

    assert proof.state == State.FAILED
    assert proof.compared["differences"] == ["base_practice"]
    assert "base_practice" in proof.outcome
    assert queries.standing_of(proof.destination).facts.is_proof_failing
    assert lines()[-1] == ("read", "failed")


def _audit_key() -> str:
    from django.conf import settings

    return str(settings.AUDIT_KEY)


def _with_a_row_more(told: manifests.Manifest) -> manifests.Manifest:
    from dataclasses import replace

    tables = {**told.contents.tables, "base_practice": 1 + told.contents.tables["base_practice"]}
    return replace(told, contents=replace(told.contents, tables=tables))


def test_proof_of_an_empty_repository_is_refused(place: str):
    with pytest.raises(proving.NothingToProve):
        operations.prove(place)
    assert queries.proofs_of(Destination.objects.get().id).get().state == State.FAILED


def test_manifest_of_somebody_else_is_refused(place: str):
    operations.run(place)
    repository = places.opened(place)
    stored = read_file(repository, repository.snapshots()[-1], manifests.NAME)
    assert manifests.opened(stored, _audit_key()).contents.tables
    for other in (stored[:-40] + stored[-39:], b"{}", b"", b"[1]"):
        with pytest.raises(manifests.NotOurs):
            manifests.opened(other, _audit_key())
    with pytest.raises(manifests.NotOurs):
        manifests.opened(stored, "0" * 64)


def test_figures_are_the_same_twice():
    first, again = engines.engine().figures(), engines.engine().figures()
    assert first == again
    assert first.tables["base_practice"] == 0
    assert first.migrations["upkeep"]


def test_status_tells_of_each_place_in_use(place: str):
    retired = DestinationFactory.create(use=Destination.Use.RETIRED)
    disk = DestinationFactory.create(kind=Destination.Kind.DISK)
    CopyFactory.create(destination=disk, started_at=timezone.now())
    ProofFactory.create(destination=disk)
    found = queries.status()
    assert retired.id not in {one.destination.id for one in found.standings}
    assert found.sentence.endswith("sur 1 support, 1 hors ligne depuis aujourd’hui.")
    assert list(queries.running()) == []


def test_files_of_a_distant_storage_are_said_to_be_away(place: str, settings: Any):
    BlobFactory.create()
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "storages.backends.s3.S3Storage"}}
    copy = operations.run(place)
    assert copy.outcome.endswith("stockage distant : ils n’y sont pas.")
    assert not copy.summary["has_files"]
