"""A practice that sends, a patient who can be reached, a post office in memory."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from quenotte.care.reminders.models import ReminderSettings
from quenotte.care.reminders.operations import carriers
from quenotte.devices.mail.fake import Postbox
from quenotte.devices.sms.simulator import Simulator
from tests.conftest import NOW
from tests.factories import AppointmentFactory, PatientFactory, ReminderSettingsFactory


@pytest.fixture
def sending(practice) -> ReminderSettings:
    """A practice that sends letters and short messages since last week."""
    practice.phone = "+33261911234"
    practice.save()
    return ReminderSettingsFactory.create(
        practice=practice, sms_is_on=True, turned_on_at=NOW - timedelta(days=7)
    )


@pytest.fixture
def marie(practice) -> Patient:
    """A patient with an address and a mobile."""
    return PatientFactory.create(
        practice=practice,
        first_birth_first_name="Marie",
        birth_name="Durand",
        email="marie@courriel.example",
        mobile_phone="+33639981234",
    )


@pytest.fixture
def book(marie) -> Callable[..., Appointment]:
    """Return a function that gives Marie an appointment, taken a month ago."""

    def make(starts_at: datetime, **changes: Any) -> Appointment:
        taken_at = changes.pop("taken_at", NOW - timedelta(days=30))
        changes.setdefault("patient", marie)
        made = AppointmentFactory.create(
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), **changes
        )
        type(made).objects.filter(id=made.id).update(created_at=taken_at)
        return made

    return make


@pytest.fixture
def post(monkeypatch) -> Postbox:
    """A mail server in memory."""
    box = Postbox()
    monkeypatch.setattr(carriers, "send_mail", box.send)
    return box


@pytest.fixture(autouse=True)
def operator(monkeypatch, tmp_path) -> Simulator:
    """An operator of short messages of this test alone."""
    simulator = Simulator(tmp_path / "sms.sqlite3")
    monkeypatch.setattr(carriers, "operator", lambda: simulator)
    return simulator
