"""Thumbnails: drawn at once, never in the way, caught up later."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from quenotte.base.files import operations as files
from quenotte.base.live.models import Event
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import thumbnails
from quenotte.care.imaging.operations.arrivals import receive
from quenotte.care.patients.models import Patient
from tests.care.imaging.objects import incoming, radiograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(folder: Path, device: Device, patient: Patient) -> Picture:
    outcome = receive(incoming(radiograph(folder / "incoming" / "a.part", patient)))
    Event.objects.all().delete()
    return Picture.objects.get(id=outcome.picture_id)


def test_draw_keeps_a_small_picture_and_tells(picture: Picture, patient: Patient):
    assert thumbnails.draw_thumbnail(picture.id)

    picture.refresh_from_db()
    assert picture.thumbnail is not None
    with files.open_blob(picture.thumbnail) as stream:
        drawn = Image.open(BytesIO(stream.read()))
    assert drawn.format == "WEBP"
    assert picture.thumbnail.media_type == "image/webp"
    assert max(drawn.size) <= thumbnails.SIDE_PX
    assert [event.data for event in Event.objects.all()] == [
        {"patient": str(patient.id), "picture": str(picture.id)}
    ]


def test_draw_twice_draws_once(picture: Picture):
    thumbnails.draw_thumbnail(picture.id)

    assert thumbnails.draw_thumbnail(picture.id)
    assert Event.objects.count() == 1


def test_draw_of_what_cannot_be_drawn_is_remembered(
    picture: Picture, monkeypatch: pytest.MonkeyPatch
):
    def fail(*args: object, **kwargs: object) -> bytes:
        raise ValueError("strange pixels")

    monkeypatch.setattr("quenotte.devices.dicom.frames.thumbnail", fail)

    assert not thumbnails.draw_thumbnail(picture.id)

    picture.refresh_from_db()
    assert picture.is_thumbnail_impossible
    assert not thumbnails.draw_thumbnail(picture.id)


@pytest.mark.parametrize("error", [files.NoRoom(), OSError("disk")])
def test_draw_on_a_sick_machine_is_left_for_later(
    picture: Picture, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def fail(*args: object, **kwargs: object) -> bytes:
        raise error

    monkeypatch.setattr(files, "keep", fail)

    thumbnails.draw_soon(picture.id)

    picture.refresh_from_db()
    assert (picture.thumbnail, picture.is_thumbnail_impossible) == (None, False)


def test_catch_up_draws_what_is_missing_after_a_while(picture: Picture):
    assert thumbnails.catch_up() == 1

    picture.refresh_from_db()
    assert picture.thumbnail is not None
    assert thumbnails.catch_up() == 0


def test_catch_up_leaves_what_just_came(picture: Picture):
    Picture.objects.update(received_at=picture.received_at + timedelta(minutes=1))

    assert thumbnails.catch_up() == 0
