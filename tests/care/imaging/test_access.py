"""The doors to a picture."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.access import note_tray_read, note_tray_redrawn, picture_for
from quenotte.care.imaging.models import Picture
from quenotte.care.patients.access import OPEN_FOR
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.test_filing import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(practice: Practice) -> Picture:
    return factories.PictureFactory.create(practice=practice, patient=None, state="tray")


@pytest.fixture
def filed(patient: Patient) -> Picture:
    return factories.PictureFactory.create(patient=patient)


def test_filed_picture_opens_its_record_once(filed: Picture, bob: Person):
    for _ in range(2):
        assert picture_for(actor_for(bob), filed.id) == filed

    assert Line.objects.get().patient_id == filed.patient_id


def test_filed_picture_to_change_needs_to_write(filed: Picture, bob: Person, sarah: Person):
    assert picture_for(actor_for(bob), filed.id, writing=True) == filed
    with pytest.raises(PermissionDenied):
        picture_for(actor_for(sarah), filed.id, writing=True)


def test_waiting_picture_opens_no_record_and_is_written_once(waiting: Picture, sarah: Person):
    for _ in range(2):
        assert picture_for(actor_for(sarah), waiting.id) == waiting

    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("read", "picture", str(waiting.id))
    assert line.patient_id is None


def test_waiting_picture_is_written_again_elsewhere_and_the_next_day(
    waiting: Picture, sarah: Person, frozen_clock: Any
):
    here = actor_for(sarah)
    picture_for(here, waiting.id)
    picture_for(replace(here, workstation="Poste volé"), waiting.id)
    frozen_clock.shift(OPEN_FOR + timedelta(minutes=1))
    picture_for(here, waiting.id)

    assert Line.objects.count() == 3


def test_waiting_picture_to_change_leaves_the_line_to_the_change(waiting: Picture, sarah: Person):
    assert picture_for(actor_for(sarah), waiting.id, writing=True) == waiting

    assert Line.objects.count() == 0


def test_thumbnail_of_a_waiting_picture_is_a_look_at_the_tray(waiting: Picture, sarah: Person):
    for _ in range(2):
        picture_for(actor_for(sarah), waiting.id, is_small=True)

    line = Line.objects.get()
    assert (line.object_kind, line.object_id) == ("tray", "")


def test_waiting_picture_is_refused_with_a_line(waiting: Picture, marc: Person):
    with pytest.raises(PermissionDenied):
        picture_for(actor_for(marc), waiting.id)

    line = Line.objects.get()
    assert (line.result, line.object_id, line.detail) == (
        "refused",
        str(waiting.id),
        {"reason": "role"},
    )


def test_picture_of_another_practice_does_not_exist(
    waiting: Picture, filed: Picture, chloe: Person
):
    for picture in (waiting, filed):
        with pytest.raises(Http404):
            picture_for(actor_for(chloe), picture.id)


def test_looks_at_the_tray_are_written(waiting: Picture, sarah: Person):
    note_tray_read(actor_for(sarah))
    note_tray_redrawn(actor_for(sarah))
    picture_for(actor_for(sarah), waiting.id)

    lines = Line.objects.order_by("number").values_list("object_kind", "object_id", "patient_id")
    assert list(lines) == [("tray", "", None), ("picture", str(waiting.id), None)]
