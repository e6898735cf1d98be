"""The restore with a typed key: each place of the paper in turn, and why others gave nothing."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.repository.errors import Damaged
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import progress, rotten
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.backups.models import Destination, Proof, State
from quenotte.upkeep.kits import jobs, operations, queries
from quenotte.upkeep.kits.models import Trial
from quenotte.upkeep.restores.rules import Standing
from tests.factories import CopyFactory, ProofFactory
from tests.upkeep.kits.test_ceremony import SHEET, actor, issue, place

__all__ = ["actor", "place"]
pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def other(place: Destination, tmp_path: Path, settings: Any) -> Destination:
    (tmp_path / "other").mkdir()
    return backups.init(str(tmp_path / "other"), settings.BACKUP_KEY).destination


@pytest.fixture
def typed(actor: Actor, place: Destination, other: Destination) -> Trial:
    """A key that was typed, and that the first place opened."""
    _kit, key = issue(actor)
    trial = operations.type_back(actor=actor, device="accueil", passphrase=key)
    assert trial.destination == place
    return trial


@pytest.fixture
def prove(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return what lets proofs of some places fail; it returns those that were tried."""

    def failing(*bad: Destination, how: str = "refused") -> list[str]:
        tried: list[str] = []

        def proved(one: str, **_: Any) -> Proof:
            tried.append(one)
            destination = backup_queries.destination_at(one)
            if destination not in bad:
                return ProofFactory.create(destination=destination, outcome="Restaurable")
            if how == "refused":
                raise Damaged("data", "0a1b")
            return ProofFactory.create(
                destination=destination, state="failed", restorable_until=None, outcome="Différente"
            )

        monkeypatch.setattr(backups, "prove", proved)
        return tried

    return failing


@pytest.mark.parametrize(("how", "why"), [("refused", "data/0a1b"), ("differs", "Différente")])
def test_next_place_is_tried_and_the_first_is_named(
    typed: Trial, actor: Actor, place: Destination, other: Destination, prove: Any, how: str,
    why: str, client_of: Callable[[Person], Client], alice: Person,
):  # fmt: skip
    tried = prove(place, how=how)
    ended = operations.restore_for(typed.id, actor=actor)
    assert tried == [place.place, other.place]
    assert (ended.state, ended.destination, ended.outcome) == ("done", other, "Restaurable")
    assert place.label in ended.passed_over
    assert why in ended.passed_over
    assert queries.situation().standing is Standing.PROVEN
    assertContains(client_of(alice).get(SHEET), f"N’ont rien rendu : {place.label}")


def test_first_place_that_gives_back_is_enough(
    typed: Trial, actor: Actor, place: Destination, prove: Any
):
    tried = prove()
    ended = operations.restore_for(typed.id, actor=actor)
    assert (tried, ended.destination, ended.passed_over) == ([place.place], place, "")


def test_all_that_failed_are_named(
    typed: Trial, actor: Actor, place: Destination, other: Destination, prove: Any
):
    prove(place, other)
    ended = operations.restore_for(typed.id, actor=actor)
    assert ended.state == "failed"
    assert ended.outcome.startswith("Aucun emplacement de la feuille")
    for one in (place, other):
        assert f"{one.label} : " in ended.outcome
    assert queries.situation().standing is Standing.UNPROVEN


def test_place_that_lost_the_key_of_the_paper_proves_nothing_for_it(
    typed: Trial, actor: Actor, place: Destination, other: Destination, prove: Any
):
    prove(place)
    rotten.note_closed(other.id, [typed.kit.keys.get(destination=other).key_file])
    ended = operations.restore_for(typed.id, actor=actor)
    assert ended.state == "failed"
    assert "La clé de la feuille n’y est plus" in ended.outcome


def test_place_that_was_retired_is_not_tried(
    typed: Trial, actor: Actor, place: Destination, other: Destination, prove: Any
):
    backups.retire(other.id, actor=actor)
    tried = prove(place)
    operations.restore_for(typed.id, actor=actor)
    assert tried == [place.place]


def test_somebody_else_s_turn_is_waited_for(typed: Trial, actor: Actor, monkeypatch: Any):
    def busy(*_: Any, **__: Any) -> None:
        raise backups.Busy

    monkeypatch.setattr(backups, "prove", busy)
    with pytest.raises(backups.Busy):
        operations.restore_for(typed.id, actor=actor)
    assert Trial.objects.get().state == "running"


HOME = "/protection/sauvegardes/"


@contextmanager
def turn_of_another(settings: Any) -> Iterator[None]:
    """Hold the only turn, as the first copy of a practice does for a night and more."""
    path = Path(settings.DATA_DIR) / "run" / "backup.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def ask(trial: Trial) -> None:
    person = trial.person
    jobs.restore(
        trial_id=str(trial.id), destination_id=str(trial.destination_id),
        practice_id=str(person.practice_id), person_id=str(person.id),
    )  # fmt: skip


def test_restore_waits_for_a_copy_that_lasts_and_comes_after_it(
    typed: Trial, place: Destination, prove: Any, settings: Any, frozen_clock: Any,
    client_of: Callable[[Person], Client], alice: Person,
):  # fmt: skip
    prove()
    copy = CopyFactory.create(destination=place, state=State.RUNNING, ended_at=None)
    progress.ask(progress.What.COPY, str(place.id))
    with turn_of_another(settings):
        ask(typed)
        for _hour in range(30):
            frozen_clock.shift(3_600)
            jobs.take_up()
        typed.refresh_from_db()
        assert typed.state == "running"
        # The page shows how the copy comes on, and says what waits for it.
        told = progress.told()
        assert told is None or told.what == "copy"
        client = client_of(alice)
        assertContains(client.get(SHEET), "attend la fin de la sauvegarde en cours")
        assertContains(client.get(SHEET), "en attente de la sauvegarde en cours")
        assertContains(client.get(HOME), "attend la fin de la sauvegarde en cours")
        assertNotContains(client.get(HOME), "personne ne l’a encore essayée")
    copy.state, copy.ended_at = State.DONE, timezone.now()
    copy.save()
    assertContains(client.get(SHEET), "commence dans la minute")
    # The page asks by itself: the restore may be over before it hears of anything.
    assertContains(client.get(SHEET), "every 3s")
    jobs.take_up()
    typed.refresh_from_db()
    assert (typed.state, typed.outcome) == ("done", "Restaurable")
    assertNotContains(client.get(SHEET), "every 3s")
    assert queries.situation().standing is Standing.PROVEN


def test_restore_that_never_gets_its_turn_ends_and_says_why(
    typed: Trial, prove: Any, settings: Any, frozen_clock: Any,
    client_of: Callable[[Person], Client], alice: Person,
):  # fmt: skip
    tried = prove()
    frozen_clock.shift(jobs.LONGEST_WAIT.total_seconds() + 60)
    with turn_of_another(settings):
        jobs.take_up()
    typed.refresh_from_db()
    assert (typed.state, tried) == ("failed", [])
    assert typed.outcome.startswith("Une sauvegarde est restée en cours pendant une semaine")
    assertContains(client_of(alice).get(SHEET), "Attendez sa fin, puis retapez la clé")
    assertContains(client_of(alice).get(HOME), "la restauration d’essai a échoué")


def test_restore_that_breaks_off_each_time_is_not_begun_for_ever(
    typed: Trial, prove: Any, frozen_clock: Any
):
    tried = prove()
    frozen_clock.shift(timedelta(days=8).total_seconds())
    jobs.take_up()
    typed.refresh_from_db()
    assert (typed.state, tried) == ("failed", [])
    assert "Incident imprévu" in typed.outcome


def test_restore_of_a_killed_worker_is_taken_up(typed: Trial, place: Destination, prove: Any):
    tried = prove()
    jobs.take_up()
    typed.refresh_from_db()
    assert (typed.state, tried) == ("done", [place.place])
    jobs.take_up()
    assert tried == [place.place]


def test_restore_under_way_is_told_apart_from_one_that_waits(
    typed: Trial, place: Destination, client_of: Callable[[Person], Client], alice: Person
):
    assert queries.situation().pace is queries.Pace.SOON
    proof = ProofFactory.create(
        destination=place, state=State.RUNNING, ended_at=None, restorable_until=None,
        asked_at=timezone.now(),
    )  # fmt: skip
    assert queries.situation().pace is queries.Pace.BEGUN
    assertContains(client_of(alice).get(HOME), "La restauration d’essai est en cours")
    # One that was there before is somebody else's.
    proof.asked_at = typed.typed_at - timedelta(minutes=1)
    proof.save()
    assert queries.situation().pace is queries.Pace.WAITING


def test_trial_ends_once(typed: Trial, actor: Actor, place: Destination, monkeypatch: Any):
    def proved(one: str, **_: Any) -> Proof:
        # Another worker came to the end meanwhile.
        operations.give_up(typed.id, actor=actor)
        return ProofFactory.create(destination=place, outcome="Restaurable")

    monkeypatch.setattr(backups, "prove", proved)
    assert operations.restore_for(typed.id, actor=actor).state == "failed"
    assert Trial.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "Deux parts ont été retapées. La restauration"),
        ("failed", "échoué : Différente"),
    ],
)
def test_shares_that_were_typed_say_how_it_ended(
    typed: Trial, state: str, words: str, client_of: Callable[[Person], Client], alice: Person
):
    typed.kit.paper, typed.kit.serial = "P", "2026-P1"
    typed.kit.save()
    typed.state, typed.outcome = state, "Différente" if state == "failed" else ""
    typed.ended_at = timezone.now() if state == "failed" else None
    typed.save()
    assertContains(client_of(alice).get(SHEET), words)
