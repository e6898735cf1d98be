import shutil
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.config.processes import wal
from quenotte.devices.journal import states, status
from quenotte.devices.journal.sentences import sentence_of
from quenotte.devices.journal.status import Delivered, Status
from quenotte.upkeep.backups import following, operations, places, queries, rounds
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.backups.rules import Reason
from tests.factories import CopyFactory, DestinationFactory, ProofFactory

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
    monkeypatch.setattr(operations, "prove", lambda place, **_how: proved.append(place))
    rounds.prove_one()
    CopyFactory.create(destination=Destination.objects.get())
    DestinationFactory.create()
    rounds.prove_one()
    assert proved == [place]


def test_place_that_chance_left_out_is_proved_next(place: str, monkeypatch: pytest.MonkeyPatch):
    proved: list[str] = []
    monkeypatch.setattr(operations, "prove", lambda place, **_how: proved.append(place))
    waiting = DestinationFactory.create(place="/left/out")
    for one in Destination.objects.all():
        CopyFactory.create(destination=one)
        days = 5 if one == waiting else 1
        ProofFactory.create(destination=one, asked_at=timezone.now() - timedelta(days=days))
    for _night in range(5):
        rounds.prove_one()
    assert set(proved) == {"/left/out"}


def test_place_that_is_gone_fails_its_next_attempt(place: str):
    shutil.rmtree(place)
    with pytest.raises(places.NotPrepared):
        rounds.copy_again(destination_id=str(Destination.objects.get().id), kind="hourly")


@pytest.mark.parametrize(
    ("vendor", "chain", "copies"),
    [("postgresql", "snapshots", 1), ("postgresql", "proven", 0), ("sqlite", "snapshots", 0)],
)
def test_server_that_lets_nobody_follow_is_copied_each_quarter(
    place: str, monkeypatch: pytest.MonkeyPatch, vendor: str, chain: str, copies: int
):
    rounds.copy_instead_of_journal()
    assert not Copy.objects.exists()
    status.write(following.home(), standing(chain))
    monkeypatch.setattr(rounds, "connection", SimpleNamespace(vendor=vendor))
    rounds.copy_instead_of_journal()
    rounds.copy_instead_of_journal()
    assert Copy.objects.filter(state=State.DONE).count() == copies


def test_journal_is_told_as_long_as_somebody_follows(place: str, alice: Person, client_of: Any):
    assert queries.status().journal is None
    status.write(following.home(), standing("snapshots", "no_role"))
    found = queries.status().journal
    assert found is not None
    assert "toutes les quinze minutes" in found.sentence
    page = client_of(alice).get(reverse("backups:home")).content.decode()
    assert found.sentence in page
    status.write(following.home(), replace(found, written_at="2026-03-17T07:00:00+00:00"))
    assert queries.status().journal is None


@pytest.mark.parametrize(
    ("told", "is_late"),
    [
        ({"chain": "proven"}, False),
        # A gap that is being found, then one that stays; copies took over.
        ({"chain": "gap", "why": "salts", "since": 9}, False),
        ({"chain": "gap", "why": "salts", "since": 11}, True),
        ({"chain": "snapshots", "why": "mismatch", "since": 11}, True),
        # Nobody may follow this server: that is told, and no reason for ever.
        ({"chain": "snapshots", "why": "no_role", "since": 90_000}, False),
        # It follows, and a place does not get it.
        ({"chain": "proven", "current_to": 2, "since": 50}, False),
        ({"chain": "proven", "current_to": 11, "since": 50}, True),
        ({"chain": "proven", "current_to": None, "since": 50}, True),
        # Nobody says anything any more.
        ({"chain": "proven", "written_at": 11}, True),
    ],
)
def test_journal_that_is_late_is_seen(
    place: str, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], is_late: bool
):
    monkeypatch.setattr(following, "_BEGUN", time.monotonic() - 3600)

    def ago(name: str, usual: str) -> str:
        minutes = told.get(name)
        return (timezone.now() - timedelta(minutes=minutes)).isoformat() if minutes else usual

    now = timezone.now().isoformat()
    found = replace(
        standing(told["chain"], told.get("why", "")),
        since=ago("since", now),
        written_at=ago("written_at", now),
        carriers=(Delivered("Coffre", 1, ago("current_to", ""), ""),),
    )
    assert not following.is_late(timezone.now())
    status.write(following.home(), found)
    assert following.is_late(timezone.now()) is is_late
    assert (Reason.JOURNAL in queries.status().reasons) is is_late


def test_place_that_takes_no_journal_is_named_and_makes_it_late(place: str, frozen_clock: Any):
    following.tell([following.Followed("Coffre", "/nowhere"), following.Followed("Armoire", place)])
    key, shelves = wal._shelves(following.told())
    assert (key is not None, list(shelves)) == (True, ["Armoire"])
    status.write(following.home(), standing("proven"))
    found = following.standing()
    assert found is not None
    assert "Il n’arrive pas à : Coffre." in found.sentence
    assert not following.is_late(timezone.now())
    frozen_clock.shift(timedelta(minutes=11))
    # Asked again without an answer: since when it is away stays.
    wal._shelves(following.told())
    status.write(following.home(), standing("proven"))
    assert Reason.JOURNAL in queries.status().reasons
    # Who is no longer meant, or answers, is not missed.
    following.tell([following.Followed("Armoire", place)])
    assert not following.is_late(timezone.now())
    wal._shelves(following.told())
    assert following.absent() == {}


def test_journal_of_a_server_that_has_just_begun_is_waited_for(place: str):
    status.write(following.home(), replace(standing("proven"), written_at="2026-03-16T07:00:00Z"))
    assert following.is_late(timezone.now()) is (time.monotonic() - following._BEGUN > 600)


def standing(chain: str, why: str = "") -> Status:
    state = states.State(states.Chain(chain), states.Why(why))
    now = timezone.now().isoformat()
    return Status(chain, why, sentence_of(state), 1, now, "", 0, (), (), now)
