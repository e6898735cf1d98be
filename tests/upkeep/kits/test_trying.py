"""The restore with a typed key: each place of the paper in turn, and why others gave nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.repository.errors import Damaged
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.backups import rotten
from quenotte.upkeep.backups.models import Destination, Proof
from quenotte.upkeep.kits import operations, queries
from quenotte.upkeep.kits.models import Trial
from quenotte.upkeep.restores.rules import Standing
from tests.factories import ProofFactory
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
