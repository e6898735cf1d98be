"""A place that a paper does not open any more: its key is put again, or the light is red."""

import shutil
from pathlib import Path

import pytest

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.backups.models import State
from quenotte.upkeep.backups.rules import Light, Reason
from quenotte.upkeep.kits import operations, queries
from quenotte.upkeep.kits.models import Kit, KitKey
from quenotte.upkeep.kits.operations import Wanted

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def kit(place: str, alice: Person) -> Kit:
    actor = Actor(alice.id, alice.full_name, alice.practice_id, "Bureau", "web", alice.roles)
    return operations.issue_sheet(actor=actor, device="bureau", wanted=Wanted()).kit


def key_of(kit: Kit, place: str) -> Path:
    return Path(place) / "keys" / kit.keys.get().key_file


def test_key_of_the_paper_that_went_is_put_again(place: str, kit: Kit):
    backups.run(place)
    key = key_of(kit, place)
    whole = key.read_bytes()
    key.unlink()
    assert backups.run(place).state == State.DONE
    assert key.read_bytes() == whole
    assert Reason.NO_KIT not in backup_queries.status().reasons


def test_paper_that_opens_a_place_no_more_is_red(place: str, kit: Kit, folder: Path):
    backups.run(place)
    key = key_of(kit, place)
    whole = key.read_bytes()
    key.unlink()
    shutil.rmtree(folder / "cache" / "repository")
    backups.run(place)
    status = backup_queries.status()
    assert (status.light, Reason.NO_KIT in status.reasons) == (Light.RED, True)
    assert "n’ouvre pas cet emplacement" in status.standings[0].trouble
    # Somebody puts it back.
    key.write_bytes(whole)
    backups.run(place)
    assert Reason.NO_KIT not in backup_queries.status().reasons


def test_place_that_no_paper_opens_is_red_until_one_is_printed(place: str, kit: Kit):
    (destination,) = backup_queries.destinations()
    # As a repository that was begun anew: the key of the paper was never there.
    KitKey.objects.update(key_file="0" * 64, mark="of another repository")
    backups.run(place)
    assert Reason.NO_KIT in backup_queries.status().reasons
    assert queries.lack([destination]) is Reason.NO_KIT
    backups.add_key(destination, "bcde fghj")
    assert Reason.NO_KIT not in backup_queries.status().reasons
