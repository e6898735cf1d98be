"""Anomalies in the database: raised once, told, closed by a person with a reason."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.guard import canaries, operations, queries, weighing
from quenotte.upkeep.guard.models import Anomaly, Look
from quenotte.upkeep.guard.rules import Change, Picture, Sign, Signal, State, Verdict
from quenotte.upkeep.guard.weighing import Weighed
from tests import factories
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def found(*signals: Signal, rows: dict[str, int] | None = None) -> Weighed:
    score = sum(one.weight for one in signals)
    state = State.RED if score >= 8 else State.AMBER if score >= 5 else State.CALM
    picture = Picture(
        at=timezone.now() + timedelta(seconds=next(_SECONDS)), rows=rows or {}, journal=(3, "seal")
    )
    return Weighed(Verdict(state, score, signals), picture, Change(), None)


def noted(weighed: Weighed, destination: Destination, name: str = "a") -> Look:
    return operations.note(
        weighed, destination_id=destination.pk, snapshot_id=name * 64, added_bytes=5, is_night=True
    )


def as_actor(person: Person) -> Actor:
    return Actor(person.id, person.full_name, person.practice_id, "Poste", "web")


_SECONDS = count()
CANARY = Signal(Sign.CANARY, 1, names=("x",))


def test_copies_wait_in_quarantine_until_somebody_says_why(alice):
    destination = factories.DestinationFactory.create()
    good = noted(found(rows={"care_patient": 500}), destination)
    assert (good.is_good, operations.tags_of(found())) == (True, ())

    bad = noted(found(CANARY), destination, "b")
    anomaly = Anomaly.objects.get()
    assert (anomaly.state, anomaly.good_snapshot, anomaly.good_at) == ("red", "a" * 64, good.at)
    assert (bad.is_good, bad.anomaly, queries.is_alarmed()) == (False, anomaly, True)
    assert Event.objects.filter(name="guard.changed").count() == 1
    assert Line.objects.filter(object_kind="anomaly", action="create").count() == 1

    # What follows is left aside too, calm or not; the anomaly is the same one.
    assert operations.tags_of(found()) == ("quarantine",)
    noted(found(Signal(Sign.ROWS_DROPPED, 120, names=("care_patient",))), destination, "c")
    assert [one["sign"] for one in Anomaly.objects.get().signals] == ["canary", "rows_dropped"]
    assert queries.last_good(destination.pk) == good
    assert queries.state() is State.RED

    actor = as_actor(alice)
    with pytest.raises(operations.NoReason):
        operations.close(actor=actor, anomaly_id=anomaly.id, ending="expected", reason="ok")
    closed = operations.close(
        actor=actor, anomaly_id=anomaly.id, ending="expected", reason="Reprise faite par nous"
    )
    assert (closed.closed_by, queries.is_alarmed()) == (alice, False)
    last = queries.last_good(destination.pk)
    assert last
    assert last.snapshot_id == "c" * 64
    # The counts that a person let go are forgotten.
    assert queries.known(destination.pk, []).peaks == {}
    with pytest.raises(operations.AlreadyClosed):
        operations.close(
            actor=actor, anomaly_id=anomaly.id, ending="repaired", reason="Encore une fois"
        )


def test_repaired_copies_stay_aside(alice):
    destination = factories.DestinationFactory.create()
    good = noted(found(), destination)
    noted(found(CANARY), destination, "b")
    operations.close(
        actor=as_actor(alice),
        anomaly_id=Anomaly.objects.get().id,
        ending="repaired",
        reason="Poste nettoyé, fichiers remis",
    )
    assert queries.last_good(destination.pk) == good


def test_old_looks_go_and_what_is_kept_is_read_again(db):
    destination = factories.DestinationFactory.create()
    old = [
        factories.LookFactory.create(
            destination=destination, at=timezone.now() - timedelta(days=91 + age)
        )
        for age in range(13)
    ]
    look = noted(found(rows={"care_patient": 7}), destination)
    # The last twelve good ones stay: this one and eleven of the old ones.
    assert list(Look.objects.all()) == [look, *old[:11]]
    read = weighing.read(look.picture, look.at)
    assert (read.rows, read.journal, read.at) == ({"care_patient": 7}, (3, "seal"), look.at)


def test_clock_that_jumps_ahead_makes_the_guard_forget_no_place(frozen_clock):
    destination, other = factories.DestinationFactory.create_batch(2)
    looks = [noted(found(), destination), noted(found(), other)]
    frozen_clock.shift(timedelta(days=400))
    noted(found(), destination)
    frozen_clock.shift(timedelta(days=-400))
    assert queries.last_good(destination.pk) == looks[0]
    assert queries.last_good(other.pk) == looks[1]


def test_canaries_are_watched(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "blobs").mkdir()
    assert operations.watch_canaries() is None
    (tmp_path / "blobs" / canaries.LAST).write_text("encrypted")
    raised = operations.watch_canaries()
    assert raised
    assert raised.signals[0]["names"] == [canaries.LAST]
    # It is said once.
    assert operations.watch_canaries() is None
    assert Anomaly.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_canaries_that_were_deleted_are_missed_until_somebody_says_why(settings, tmp_path, alice):
    settings.DATA_DIR = tmp_path
    (tmp_path / "blobs").mkdir()
    operations.plant_canaries()
    for name in canaries.NAMES:
        (tmp_path / "blobs" / name).unlink()
    operations.plant_canaries()
    assert not (tmp_path / "blobs" / canaries.FIRST).exists()
    raised = operations.watch_canaries()
    assert raised
    assert raised.signals[0]["names"] == sorted(canaries.NAMES)
    operations.close(
        actor=as_actor(alice), anomaly_id=raised.id, ending="expected", reason="tri du dossier"
    )
    assert (tmp_path / "blobs" / canaries.FIRST).exists()
    assert operations.watch_canaries() is None


def _deleted(folder):
    for name in canaries.NAMES:
        (folder / name).unlink()


@pytest.mark.parametrize("left", [None, b"\xff\xfe", b""])
def test_canaries_deleted_with_the_file_that_remembers_them_are_missed(settings, tmp_path, left):
    settings.DATA_DIR = tmp_path
    (tmp_path / "blobs").mkdir()
    operations.plant_canaries()
    noted(found(), factories.DestinationFactory.create())
    memory = tmp_path / "run" / "canaries"
    memory.unlink()
    if left is not None:
        memory.write_bytes(left)
    _deleted(tmp_path)
    _deleted(tmp_path / "blobs")
    operations.plant_canaries()
    raised = operations.watch_canaries()
    assert raised
    assert raised.signals[0]["count"] == 4


def test_memory_that_cannot_be_read_alarms_nobody_while_the_canaries_are_whole(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    operations.plant_canaries()
    (tmp_path / "run" / "canaries").unlink()
    (tmp_path / "run" / "canaries").mkdir()
    assert operations.watch_canaries() is None
    _deleted(tmp_path)
    assert operations.watch_canaries()


def test_folder_that_was_made_of_a_copy_misses_no_canaries(settings, tmp_path):
    settings.DATA_DIR = first = tmp_path / "first"
    first.mkdir()
    operations.plant_canaries()
    noted(found(), factories.DestinationFactory.create())
    settings.DATA_DIR = second = tmp_path / "second"
    second.mkdir()
    assert operations.watch_canaries() is None
    assert (second / canaries.FIRST).exists()
    # Even one that took the very place, once it is told that it came back.
    settings.DATA_DIR = first
    _deleted(first)
    operations.plant_canaries_anew()
    assert operations.watch_canaries() is None


def test_anomaly_that_was_closed_in_the_database_alone_is_opened_again(alice):
    destination = factories.DestinationFactory.create()
    noted(found(), destination)
    bad = noted(found(Signal(Sign.ROWS_CHANGED, 200)), destination, "b")
    Anomaly.objects.update(
        closed_at=timezone.now(), closed_by=alice, ending="expected", reason="Rien de grave"
    )
    Look.objects.update(is_good=True)
    # A line of the journal that bears no seal of ours tells nothing.
    Line.objects.create(
        number=10_000, at=timezone.now(), person_id=alice.id, action="change",
        object_kind="anomaly", object_id=str(bad.anomaly_id), result="ok",
        previous_seal="0" * 64, seal="0" * 64,
    )  # fmt: skip
    (again,) = operations.watch_closings()
    assert (again.state, again.closed_by, again.ending, again.reason) == ("red", None, "", "")
    assert [one["sign"] for one in again.signals] == ["rows_changed", "reopened"]
    bad.refresh_from_db()
    assert (bad.is_good, queries.is_alarmed()) == (False, True)
    assert operations.watch_closings() == []


def test_anomaly_that_was_erased_in_the_database_is_written_again(alice, frozen_clock):
    destination = factories.DestinationFactory.create()
    factories.AnomalyFactory.create(
        closed_at=timezone.now(), closed_by=alice, ending="expected", reason="Une reprise"
    ).delete()
    good = noted(found(), destination)
    frozen_clock.shift(3_600)
    weighed = found(Signal(Sign.ROWS_CHANGED, 200))
    frozen_clock.shift(3_600)
    bad = noted(weighed, destination, "b")
    frozen_clock.shift(3_600)
    raised_at, id_ = Line.objects.get(object_kind="anomaly").at, bad.anomaly_id
    late = noted(found(), destination, "c")
    Look.objects.update(is_good=True, anomaly=None)
    Anomaly.objects.all().delete()
    # A line that bears no seal of ours raises nothing.
    Line.objects.create(
        number=10_000, at=timezone.now(), action="create", object_kind="anomaly",
        object_id=str(destination.pk), result="ok", previous_seal="0" * 64, seal="0" * 64,
    )  # fmt: skip
    (again,) = operations.watch_closings()
    assert (again.pk, again.state, again.closed_at) == (id_, "red", None)
    assert (again.opened_at, again.good_snapshot) == (raised_at, good.snapshot_id)
    assert [one["sign"] for one in again.signals] == ["reopened"]
    assert set(again.looks.values_list("pk", flat=True)) == {bad.pk, late.pk}
    assert queries.last_good(destination.pk) == good
    assert operations.watch_closings() == []
    # A person closes it once and for all, even where its row goes again.
    operations.close(
        actor=as_actor(alice), anomaly_id=again.pk, ending="expected", reason="Une reprise par nous"
    )
    assert queries.last_good(destination.pk) == late
    Look.objects.update(anomaly=None)
    Anomaly.objects.all().delete()
    assert operations.watch_closings() == []


def test_closing_that_was_turned_into_another_in_the_database_is_none(alice):
    bad = noted(found(CANARY), factories.DestinationFactory.create())
    assert bad.anomaly_id
    operations.close(
        actor=as_actor(alice), anomaly_id=bad.anomaly_id, ending="repaired",
        reason="Poste nettoyé, fichiers remis",
    )  # fmt: skip
    assert operations.watch_closings() == []
    Anomaly.objects.update(ending="expected")
    Look.objects.update(is_good=True)
    (again,) = operations.watch_closings()
    assert again.closed_at is None
    assert queries.good_looks(bad.destination_id).count() == 0


def test_anomaly_that_a_person_closed_stays_closed(alice):
    noted(found(CANARY), factories.DestinationFactory.create())
    operations.close(
        actor=as_actor(alice), anomaly_id=Anomaly.objects.get().id, ending="repaired",
        reason="Poste nettoyé, fichiers remis",
    )  # fmt: skip
    assert operations.watch_closings() == []
    assert not queries.is_alarmed()


@pytest.mark.django_db(transaction=True)
def test_two_people_close_it_once(alice):
    anomaly = factories.AnomalyFactory.create()

    def close() -> object:
        return operations.close(
            actor=as_actor(alice), anomaly_id=anomaly.id, ending="expected",
            reason="Reprise faite par nous",
        )  # fmt: skip

    kinds = {type(one) for one in race(close, close)}
    assert kinds == {Anomaly, operations.AlreadyClosed}
