"""What imaging tells the pages of other rooms."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpRequest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.care.imaging import panels, wording
from quenotte.care.imaging.models import Device
from quenotte.care.imaging.rules import Agreement, Reason
from quenotte.care.patients.models import Patient
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_bob(bob: Person, rf) -> HttpRequest:
    request = rf.get("/")
    request.user = bob
    return request


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def test_timeline_has_one_entry_a_day_and_kind(
    request_of_bob: HttpRequest, patient: Patient, device: Device
):
    for minute, tooth in ((10, 36), (20, 11), (30, 36)):
        factories.PictureFactory.create(
            patient=patient, device=device, taken_at=at(f"2026-03-01T09:{minute}"), teeth=[tooth]
        )
    factories.PictureFactory.create(patient=patient, taken_at=at("2026-03-01T09:40"), modality="PX")
    factories.PictureFactory.create(patient=patient, taken_at=at("2026-02-01T09:00"), teeth=[21])

    entries = list(panels.told(request_of_bob, patient, 10, None))

    assert [(each.title, each.text, each.author) for each in entries] == [
        ("Panoramique", "", ""),
        ("Rétroalvéolaire, 3 images", "Dents 11, 36", "Capteur 1"),
        ("Rétroalvéolaire", "Dent 21", ""),
    ]
    assert entries[1].at == at("2026-03-01T09:10")


def test_timeline_never_cuts_a_day_in_two(request_of_bob: HttpRequest, patient: Patient):
    first = at("2026-03-01T09:00")
    for minutes in (0, 60, 120):
        factories.PictureFactory.create(
            patient=patient, taken_at=first + timedelta(minutes=minutes)
        )

    shown = [
        each.title
        for before in (first + timedelta(minutes=90), first)
        for each in panels.told(request_of_bob, patient, 10, before)
    ]

    assert shown == ["Rétroalvéolaire, 3 images"]


def test_timeline_and_strip_are_for_those_who_care(rf, marc: Person, patient: Patient):
    request = rf.get("/")
    request.user = marc

    assert list(panels.told(request, patient, 10, None)) == []
    assert panels.strip(request, patient) == ""
    assert panels.awaiting(request) == ""


def test_every_reason_and_agreement_has_its_words():
    assert set(wording.REASONS) == set(Reason)
    assert set(wording.AGREEMENTS) == set(Agreement)
    assert all(str(words).endswith(".") for words in wording.REASONS.values())


def test_unknown_code_of_an_older_version_is_left_out():
    picture = factories.PictureFactory.build(
        patient=None, practice=None, reasons=["old", "unreadable"], blob=None
    )

    assert wording.reasons(picture) == [str(wording.REASONS[Reason.UNREADABLE])]


def test_name_is_read_aloud():
    assert wording.plain_name("LE GALL^Anne^Marie=ideographic") == "LE GALL Anne Marie"
