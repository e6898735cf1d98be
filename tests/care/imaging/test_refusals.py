"""What is written of objects that could not be kept."""

import pytest
from django.db import OperationalError

from quenotte.base.audit.models import Line
from quenotte.care.imaging.models import Device
from quenotte.care.imaging.operations import refusals
from quenotte.care.imaging.operations.refusals import Refusals

pytestmark = pytest.mark.django_db


def counts() -> list[tuple[str, str, int]]:
    lines = Line.objects.order_by("number").values_list("person_label", "detail")
    return [(label, detail["reason"], detail["count"]) for label, detail in lines]


def test_tries_of_one_device_share_a_line(monkeypatch: pytest.MonkeyPatch, device: Device):
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    noted = Refusals()
    for _ in range(4):
        noted.note(device.ae_title, "no_room")
    noted.note(device.ae_title, "too_big")
    noted.note("AUTRE", "no_room")
    now[0] += refusals.PAUSE_S
    noted.note(device.ae_title, "no_room")

    assert counts() == [
        (device.ae_title, "no_room", 1),
        (device.ae_title, "too_big", 1),
        ("AUTRE", "no_room", 1),
        (device.ae_title, "no_room", 4),
    ]


def test_refusal_without_a_practice_is_written_all_the_same(db: None):
    Refusals().note("CAPTEUR", "no_room")

    line = Line.objects.get()
    assert (line.practice_id, line.workstation, line.source) == (None, "CAPTEUR", "dicom")


def test_database_that_fails_stops_no_device(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("quenotte.base.audit.operations.record", down)
    Refusals().note("CAPTEUR", "no_room")

    assert "could not be noted" in caplog.text
