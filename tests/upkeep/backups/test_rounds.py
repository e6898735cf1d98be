import shutil

import pytest

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.jobs.models import Run
from quenotte.upkeep.backups import operations, places, rounds
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from tests.factories import CopyFactory, DestinationFactory

pytestmark = pytest.mark.django_db


def asked_for() -> list[str]:
    return [run.name.rpartition(".")[2] for run in Run.objects.order_by("created_at")]


def test_hour_without_work_is_not_copied(place: str):
    rounds.copy_hourly()
    rounds.copy_hourly()
    assert Copy.objects.filter(kind="hourly", state=State.DONE).count() == 1
    record(action=Action.READ, actor=SYSTEM, object_kind="day")
    rounds.copy_hourly()
    assert Copy.objects.count() == 2


def test_night_copies_each_place_that_is_there_and_asks_for_a_proof(place: str):
    DestinationFactory.create(kind=Destination.Kind.DISK)
    rounds.copy_nightly()
    assert list(Copy.objects.values_list("kind", "state")) == [("nightly", "done")]
    assert asked_for() == ["prove_one"]


def test_night_without_any_place_asks_for_nothing():
    rounds.copy_nightly()
    rounds.prove_one()
    assert (asked_for(), Proof.objects.count()) == ([], 0)


def test_place_that_refuses_is_tried_again_and_holds_up_nobody(place: str):
    gone = DestinationFactory.create(place="/nowhere/at/all")
    rounds.copy_nightly()
    assert {copy.destination_id: copy.state for copy in Copy.objects.all()} == {
        gone.id: State.FAILED,
        Destination.objects.exclude(id=gone.id).get().id: State.DONE,
    }
    assert asked_for() == ["copy_again", "prove_one"]
    assert Run.objects.get(name__endswith="copy_again").arguments["kind"] == "nightly"


def test_second_attempt_copies_once(place: str):
    destination = Destination.objects.get()
    rounds.copy_again(destination_id=str(destination.id), kind="hourly")
    rounds.copy_again(destination_id=str(destination.id), kind="hourly")
    assert Copy.objects.count() == 1


def test_proof_of_the_night_is_of_a_place_that_holds_a_copy(
    place: str, monkeypatch: pytest.MonkeyPatch
):
    proved: list[str] = []
    monkeypatch.setattr(operations, "prove", proved.append)
    rounds.prove_one()
    CopyFactory.create(destination=Destination.objects.get())
    DestinationFactory.create()
    rounds.prove_one()
    assert proved == [place]


def test_place_that_is_gone_fails_its_next_attempt(place: str):
    shutil.rmtree(place)
    with pytest.raises(places.NotPrepared):
        rounds.copy_again(destination_id=str(Destination.objects.get().id), kind="hourly")
