"""A booking by a process that is killed at each stage: all of it is there, or nothing."""

import json

import pytest

from tests.support.installations import Installation

pytestmark = pytest.mark.real_clock

#: Books for a new patient in a process killed at each stage; then looks at what is left.
_KILLED = """
import json, os, signal
from datetime import timedelta
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from quenotte.base.audit import operations as audit
from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import verify
from quenotte.base.audit.rules import Actor
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda import operations
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient, SearchKey

practice = Practice.objects.create(name="Cabinet", dicom_issuer="KILLED")
person = Person.objects.create_user("alice", None, practice=practice, first_name="Alice",
    last_name="Martin", role="praticien")
actor = Actor(person.id, "Alice Martin", practice.id, "Accueil", "web", person.roles)
starts_at = (timezone.localtime() + timedelta(days=7)).replace(hour=9, minute=0)

def book():
    return operations.book(actor=actor, booking=operations.Booking(
        practitioner_id=person.id, starts_at=starts_at, minutes=30,
        new_patient=operations.NewPatient("Le Goff", "Yann", "+33639980012")))

def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*a, **k):
        function(*a, **k)
        die()
    return run

def before_anything(): operations.booking.patients.create_patient = die
def after_the_patient(): operations.booking.patients.create_patient = after(
    operations.booking.patients.create_patient)
def before_the_row(): type(Appointment.objects).create = die
def after_the_row(): operations.booking._create = after(operations.booking._create)
def before_the_line(): operations.writing.audit.record = die
def after_the_line(): operations.booking.writing.trace = after(operations.booking.writing.trace)
def before_the_commit(): BaseDatabaseWrapper.commit = die
def after_the_commit(): BaseDatabaseWrapper.commit = after(BaseDatabaseWrapper.commit)

STAGES = (before_anything, after_the_patient, before_the_row, after_the_row, before_the_line,
          after_the_line, before_the_commit, after_the_commit)

def left():
    return {
        "appointments": Appointment.objects.count(),
        "patients": Patient.objects.count(),
        "keys": SearchKey.objects.exists(),
        "lines": Line.objects.count(),
        "events": Event.objects.exists(),
        "file_number": Practice.objects.get().last_file_number,
        "journal": verify().is_sound,
    }

result = {}
for stage in STAGES:
    connection.close()
    pid = os.fork()
    if pid == 0:
        stage()
        book()
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    result[stage.__name__] = [os.WIFSIGNALED(status), left()]
try:
    book()
except operations.SlotTaken:
    result["again"] = "taken"
print(json.dumps(result))
"""

_NOTHING = {
    "appointments": 0,
    "patients": 0,
    "keys": False,
    "lines": 0,
    "events": False,
    "file_number": 0,
    "journal": True,
}
_ALL = {
    "appointments": 1,
    "patients": 1,
    "keys": True,
    "lines": 2,
    "events": True,
    "file_number": 1,
    "journal": True,
}


def test_booking_killed_at_each_stage(installation: Installation) -> None:
    result = json.loads(installation.script(_KILLED))
    assert result.pop("again") == "taken"
    assert result.pop("after_the_commit") == [True, _ALL]
    assert len(result) == 7
    assert result == {stage: [True, _NOTHING] for stage in result}
