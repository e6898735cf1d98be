"""Big changes: told by whatever makes them, announced by a person, explained only when signed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from quenotte.base import masses
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.masses import Mass
from quenotte.base.people.models import Person
from quenotte.care.desk import jobs as desk
from quenotte.care.desk.models import Task
from quenotte.care.patients.merging import merge_patients
from quenotte.care.patients.models import Patient
from quenotte.care.takeover import jobs, rules
from quenotte.care.takeover import operations as takeover
from quenotte.care.takeover.models import Import
from quenotte.office.catalogue.operations import load
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.manifests import NAME, opened
from quenotte.upkeep.guard import operations, queries
from quenotte.upkeep.guard.models import Anomaly, Declaration
from tests import factories
from tests.upkeep.guard.test_operations import as_actor

pytestmark = pytest.mark.django_db

#: A copy holds what was committed.
committed = pytest.mark.django_db(transaction=True)

PATIENTS = 5_000
#: What is imported looks like people, and no two alike.
_SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu".split()


@pytest.fixture
def blobs(folder: Path, settings: Any) -> None:
    """Let files of these tests lie in their own data folder."""
    location = {"location": folder / "blobs"}
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    settings.STORAGES = {**settings.STORAGES, "blobs": storage}


@pytest.fixture
def deaf() -> Iterator[None]:
    """Let nobody hear what the rooms declare."""
    masses.heard_by(lambda _said: None)
    yield
    masses.heard_by(operations.hear)


@pytest.fixture
def actor(alice: Person) -> Actor:
    return as_actor(alice)


def name_of(number: int) -> str:
    parts = []
    for _ in range(4):
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
    return "".join(parts).capitalize()


def people(count: int) -> str:
    lines = ["N° dossier;Nom;Prénom;Né(e) le;Civilité"]
    for number in range(count):
        born = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{1930 + number % 80}"
        lines.append(f"{number};{name_of(number)};Camille;{born};Mme")
    return "\n".join(lines)


def brought(actor: Actor, count: int = PATIENTS) -> Import:
    upload = SimpleUploadedFile("patients.csv", people(count).encode())
    source = takeover.receive(actor=actor, kind="patients", upload=upload)
    takeover.start_check(
        actor=actor, import_id=source.id, chosen=source.columns, options=rules.Options()
    )
    who = {"import_id": str(source.id), "person_id": str(actor.person_id)}
    jobs.check.function(**who)
    takeover.decide(actor=actor, import_id=source.id, decision="create")
    takeover.start_writing(actor=actor, import_id=source.id)
    jobs.write.function(**who)
    return source


def signs(copy: Any) -> list[str]:
    return list(copy.summary["guard"]["signs"])


def announce(
    actor: Actor, hours: int = 4, ahead: int = 0, words: str = "reprise du fichier ancien"
):
    begin = timezone.now() + timedelta(hours=ahead)
    return operations.announce(
        actor=actor, mass="import", begins_at=begin, ends_at=begin + timedelta(hours=hours),
        words=words,
    )  # fmt: skip


@committed
@pytest.mark.usefixtures("blobs")
def test_import_of_thousands_raises_no_alarm_nor_does_its_undoing(real_place: str, actor: Actor):
    backups.run(real_place)
    source = brought(actor)
    assert Patient.objects.count() >= PATIENTS
    copy = backups.run(real_place)
    assert copy.summary["rows_of"]["care_patient"] >= PATIENTS
    assert (signs(copy), Anomaly.objects.count()) == ([], 0)
    # The note lies in the copy as well, under its seal.
    repository = places.opened(real_place)
    snapshot = repository.snapshot(copy.snapshot_id)
    assert {one["mass"] for one in manifest_of(repository, snapshot)} >= {"import"}

    takeover.start_undo(actor=actor, import_id=source.id)
    jobs.undo.function(import_id=str(source.id), person_id=str(actor.person_id))
    assert Patient.objects.count() < PATIENTS
    for _ in range(2):
        # The copy after that does not miss them either.
        assert signs(backups.run(real_place)) == []


def manifest_of(repository: Any, snapshot: Any) -> Any:
    from django.conf import settings

    from quenotte.devices.repository.restoring import read_file

    return opened(read_file(repository, snapshot, NAME), settings.AUDIT_KEY).declared


@committed
@pytest.mark.usefixtures("blobs", "deaf")
def test_same_import_that_nobody_declared_raises_an_alarm(real_place: str, actor: Actor):
    backups.run(real_place)
    brought(actor)
    copy = backups.run(real_place)
    assert "rows_added" in signs(copy)
    anomaly = Anomaly.objects.get()
    assert "care_patient" in anomaly.signals[0]["names"]
    assert "quarantine" in places.opened(real_place).snapshot(copy.snapshot_id).tags


@pytest.mark.any_engine
@committed
@pytest.mark.usefixtures("blobs", "deaf")
def test_import_announced_by_a_person_raises_no_alarm(real_place: str, actor: Actor):
    backups.run(real_place)
    announce(actor)
    brought(actor)
    assert signs(backups.run(real_place)) == []


@committed
@pytest.mark.usefixtures("blobs", "deaf")
def test_row_that_somebody_slipped_in_explains_nothing(real_place: str, actor: Actor):
    backups.run(real_place)
    announced = announce(actor)
    # A longer day than was signed.
    Declaration.objects.update(ended_at=announced.ended_at + timedelta(days=30))
    brought(actor)
    assert "rows_added" in signs(backups.run(real_place))


def test_what_rooms_do_is_told_with_its_tables(alice: Person, actor: Actor):
    one, other = factories.PatientFactory.create_batch(2, practice=alice.practice)
    factories.NoteFactory.create(patient=other)
    merge_patients(actor=actor, survivor_id=one.id, absorbed_id=other.id, taken=())
    union = Declaration.objects.get(mass="union")
    assert union.facts.is_genuine(queries.signing_key())
    assert union.rows >= 3
    assert {"care_patient", "care_note"} <= set(union.tables)

    load(alice.practice_id)
    assert "office_act" in Declaration.objects.get(mass="import").tables

    factories.TaskFactory.create(
        practice=alice.practice, done_at=timezone.now() - timedelta(days=800), done_by=alice
    )
    desk.purge.function()
    assert not Task.objects.exists()
    assert Declaration.objects.get(mass="purge").rows == 1


def test_counted_rows_explain_no_more_than_they_are():
    from quenotte.upkeep.guard.facts import Change, Declared, Picture
    from quenotte.upkeep.guard.rules import Known, judged

    now = timezone.now()
    before, after = (
        Picture(at=now, rows={"care_note": 1_000}),
        Picture(at=now + timedelta(hours=1), rows={"care_note": 1_000}),
    )
    told = Declared(Mass.UNION, now, now + timedelta(minutes=30), frozenset({"care_note"}), rows=40)

    def verdict(changed: int) -> bool:
        change = Change(rows_changed={"care_note": changed})
        settled = Picture(at=before.at, rows=before.rows, settled=frozenset({"care_note"}))
        return judged(settled, after, change, Known(declared=[told])).is_good

    assert not judged(
        Picture(at=now, rows=before.rows, settled=frozenset({"care_note"})), after,
        Change(rows_changed={"care_note": 60}), Known(),
    ).is_good  # fmt: skip
    told = Declared(Mass.UNION, now, told.ended_at, told.tables, rows=60)
    assert verdict(60)
    assert not verdict(61)


def test_announcement_says_what_and_ends_within_a_day(actor: Actor):
    with pytest.raises(operations.NotSaid):
        announce(actor, words="import")
    for hours, ahead in ((25, 0), (0, 0), (2, -3), (4, 24 * 15)):
        with pytest.raises(operations.TooLong):
            announce(actor, hours=hours, ahead=ahead)
    made = announce(actor, hours=4, ahead=-1)
    # What was done before nobody said so is not explained afterwards.
    assert made.begun_at == timezone.now()
    assert Line.objects.filter(object_kind="declaration", action="create").count() == 1

    ended = operations.end(actor=actor, declaration_id=made.id)
    assert ended.facts.is_genuine(queries.signing_key())
    assert not queries.announced(timezone.now()).exists()
    with pytest.raises(operations.AlreadyOver):
        operations.end(actor=actor, declaration_id=made.id)


def test_old_notes_go(actor: Actor):
    old = timezone.now() - timedelta(days=91)
    factories.DeclarationFactory.create(begun_at=old, ended_at=old)
    masses.declare(Mass.PURGE, "care.Task")
    assert Declaration.objects.get().tables == ["care_task"]


def test_page_announces_and_ends(
    alice: Person, bob: Person, client_of: Callable[[Person], Client]
) -> None:
    client, address = client_of(alice), reverse("guard:announce")
    assert client_of(bob).get(address).status_code == 403
    given = {
        "mass": "import", "day": "17/03/2026", "hour": "18", "hours": "4",
        "words": "Reprise des dossiers du docteur Morin",
    }  # fmt: skip
    assertContains(
        client.post(address, given | {"words": "ok"}), "en quelques mots", status_code=422
    )
    assertContains(client.post(address, given | {"day": "x"}), "field-wrong", status_code=422)
    assertContains(client.post(address, given, follow=True), "docteur Morin")
    made = Declaration.objects.get()
    assert timezone.localtime(made.begun_at).hour == 18
    assert made.person == alice
    end = reverse("guard:end", args=[made.id])
    assert client_of(bob).post(end).status_code == 403
    assertContains(client.post(end, follow=True), "Annoncer")
    assertContains(client.post(end, follow=True), "déjà terminée")
    missing = reverse("guard:end", args=["00000000-0000-4000-8000-000000000000"])
    assert client.post(missing).status_code == 404
