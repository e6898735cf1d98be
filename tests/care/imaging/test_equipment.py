"""Devices: named and recognised by a person."""

import uuid

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device
from quenotte.care.imaging.operations.equipment import (
    UnknownDevice,
    clean_title,
    device_seen,
    recognise_device,
)
from tests import factories
from tests.care.imaging.objects import ARRIVED_AT
from tests.care.imaging.test_filing import actor_for

pytestmark = pytest.mark.django_db


def test_recognise_names_the_device_and_its_chair(practice: Practice, alice: Person):
    device = factories.DeviceFactory.create(practice=practice, is_recognised=False)
    chair = factories.ChairFactory.create(room__practice=practice)

    recognise_device(
        device_id=device.id,
        name=" Capteur de la salle 1 ",
        chair_id=chair.id,
        is_recognised=True,
        by=actor_for(alice),
    )

    device.refresh_from_db()
    assert (device.name, device.chair, device.is_recognised) == (
        "Capteur de la salle 1",
        chair,
        True,
    )
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.detail) == (
        "change",
        "device",
        {"state": "recognised"},
    )


def test_recognise_elsewhere_is_refused(device: Device, chloe: Person, other_practice: Practice):
    with pytest.raises(UnknownDevice):
        recognise_device(
            device_id=device.id, name="x", chair_id=None, is_recognised=True, by=actor_for(chloe)
        )


@pytest.mark.parametrize("is_unknown", [True, False])
def test_recognise_with_a_chair_of_nobody_is_refused(
    device: Device, alice: Person, other_practice: Practice, is_unknown: bool
):
    strange = factories.ChairFactory.create(room__practice=other_practice)

    with pytest.raises(UnknownDevice):
        recognise_device(
            device_id=device.id,
            name="x",
            chair_id=uuid.uuid4() if is_unknown else strange.id,
            is_recognised=True,
            by=actor_for(alice),
        )


def test_seen_device_keeps_its_first_day_and_last_address(device: Device, practice: Practice):
    device_seen(practice, "CAPTEUR1 ", address="192.0.2.1", at=ARRIVED_AT)
    later = ARRIVED_AT.replace(hour=12)

    seen = device_seen(practice, "CAPTEUR1", address="", at=later)

    assert seen == device
    assert (seen.first_seen_at, seen.last_seen_at) == (ARRIVED_AT, later)
    assert seen.last_address == "192.0.2.1"
    assert Line.objects.count() == 0


def test_title_is_cleaned_of_what_no_row_holds():
    assert clean_title("  SALLE\x00 1" + "X" * 20) == "SALLE 1XXXXXXXXX"
