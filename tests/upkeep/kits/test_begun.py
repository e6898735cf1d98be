"""A new master key for a lost sheet: all places have it with its paper, or none has."""

from pathlib import Path
from typing import Any

import pytest

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.devices.repository.errors import Refused
from quenotte.devices.repository.folder import FolderStore
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import destinations, keys
from quenotte.upkeep.kits import operations, papers
from quenotte.upkeep.kits.models import Kit
from quenotte.upkeep.kits.operations import Wanted
from quenotte.upkeep.restores.rules import Cause

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "Bureau", "web", alice.roles)


@pytest.fixture
def two(tmp_path: Path, folder: Path, settings: Any) -> list[Destination]:
    """Two places that the server alone opens."""
    for name in "ab":
        (tmp_path / name).mkdir()
        backups.init(str(tmp_path / name), settings.BACKUP_KEY)
    return list(backup_queries.destinations())


def issue(actor: Actor, wanted: Wanted | None = None) -> Kit:
    return operations.issue_sheet(actor=actor, device="bureau", wanted=wanted or Wanted()).kit


def used() -> list[tuple[int, str]]:
    return list(backup_queries.destinations().values_list("epoch", "repository_id"))


def test_vault_with_closed_keys_refuses_before_anything_is_begun(
    two: list[Destination], actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kit, before = issue(actor), used()
    put = FolderStore.put

    def closed(store: FolderStore, kind: str, name: str, body: bytes) -> None:
        if kind == "keys" and str(store).startswith(str(tmp_path / "b")):
            raise Refused
        put(store, kind, name, body)

    with monkeypatch.context() as at_vault:
        at_vault.setattr(FolderStore, "put", closed)
        at_vault.setattr(keys, "is_server", lambda place: place == str(tmp_path / "b"))
        for _again in range(2):
            with pytest.raises(backups.KeysClosed):
                issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert used() == before
    assert not (tmp_path / "a" / "2026" / "config").exists()
    kit.refresh_from_db()
    assert kit.state == Kit.State.IN_FORCE
    # Opened again, all go on together.
    issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert [epoch for epoch, _id in used()] == [2026, 2026]


def test_sheet_that_cannot_be_printed_changes_no_place(
    two: list[Destination], actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    kit, before = issue(actor), used()

    def broken(*_told: Any) -> bytes:
        raise Refusal("no paper")

    with monkeypatch.context() as out_of_paper:
        out_of_paper.setattr(papers, "sheet_pdf", broken)
        with pytest.raises(Refusal):
            issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert used() == before
    # What was begun is taken up again: no number is lost, and one key opens all.
    issue(actor, Wanted(after=kit.serial, cause=Cause.LOST))
    assert [epoch for epoch, _id in used()] == [2026, 2026]
    first, second = (destinations.repository_of(one) for one in backup_queries.destinations())
    assert first.key.to_json() == second.key.to_json()
