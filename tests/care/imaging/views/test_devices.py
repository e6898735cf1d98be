"""The devices that send."""

import pytest

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device, Picture
from tests import factories
from tests.care.imaging.views.pages import Browser, url

pytestmark = pytest.mark.django_db


def test_devices_says_how_to_connect(
    device: Device, filed: Picture, alice: Person, client_of: Browser
):
    page = client_of(alice).get(url("devices")).content.decode()

    assert "CAPTEUR1" in page
    assert "<code>QUENOTTE</code>" in page
    assert "<code>11112</code>" in page
    assert "<code>testserver</code>" in page
    assert f"<code>{alice.practice.dicom_issuer}</code>" in page


def test_device_is_recognised(device: Device, alice: Person, client_of: Browser):
    Device.objects.update(is_recognised=False)
    prefix = f"d{device.id.hex[:8]}"

    client_of(alice).post(
        url("device", device.id),
        {f"{prefix}-name": "Capteur de Bob", f"{prefix}-is_recognised": "on"},
    )

    device.refresh_from_db()
    assert (device.name, device.is_recognised) == ("Capteur de Bob", True)


def test_device_without_name_is_asked_again(device: Device, alice: Person, client_of: Browser):
    answer = client_of(alice).post(url("device", device.id), {})

    assert answer.status_code == 422
    device.refresh_from_db()
    assert device.name == "Capteur 1"


def test_device_takes_a_chair_of_the_practice(
    device: Device, alice: Person, client_of: Browser, practice: Practice
):
    chair = factories.ChairFactory.create(room__practice=practice)
    prefix = f"d{device.id.hex[:8]}"

    client_of(alice).post(
        url("device", device.id), {f"{prefix}-name": "Capteur", f"{prefix}-chair": str(chair.id)}
    )

    device.refresh_from_db()
    assert device.chair == chair


@pytest.mark.parametrize(("who", "status"), [("chloe", 404), ("bob", 403)])
def test_device_is_for_those_who_manage(
    request: pytest.FixtureRequest, device: Device, client_of: Browser, who: str, status: int
):
    client = client_of(request.getfixturevalue(who))

    assert client.post(url("device", device.id), {}).status_code == status
