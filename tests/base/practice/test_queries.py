"""Reading the practice and its places."""

import pytest

from quenotte.base.practice import queries
from quenotte.base.practice.models import Practice
from tests.factories import ChairFactory, RoomFactory, WorkstationFactory

pytestmark = pytest.mark.django_db


def test_places_name_themselves(practice: Practice) -> None:
    chair = ChairFactory.create(room__practice=practice, name="Bleu", room__name="Salle 1")
    workstation = WorkstationFactory.create(practice=practice, name="Accueil")

    assert [str(it) for it in (practice, chair, chair.room, workstation)] == [
        practice.name, "Bleu", "Salle 1", "Accueil",
    ]  # fmt: skip


def test_reading_stays_in_the_practice(practice: Practice, other_practice: Practice) -> None:
    room = RoomFactory.create(practice=practice)
    RoomFactory.create(practice=other_practice)
    mine = WorkstationFactory.create(practice=practice)
    WorkstationFactory.create(practice=other_practice)

    assert list(queries.rooms(practice.id)) == [room]
    assert list(queries.workstations(practice.id)) == [mine]
    assert queries.practice(practice.id) == practice


def test_site_is_installed_once_a_practice_exists(db: None) -> None:
    assert not queries.is_installed()


def test_site_with_a_practice_is_installed(practice: Practice) -> None:
    assert queries.is_installed()
