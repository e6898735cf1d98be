"""A reminder whose sender is killed at each stage: it leaves at least once, always recognisable."""

import json

import pytest

from tests.support.installations import Installation
from tests.support.mail_servers import serving

pytestmark = pytest.mark.real_clock

#: One message for each stage; each is sent by a process that is killed there. Then the clock of
#: the claims is moved on and everything is sent again by a process that lives.
_KILLED = """
import json, os, signal, sys
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import verify
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations import sending

port = int(sys.argv[1])
practice = Practice.objects.create(name="Cabinet", dicom_issuer="KILLED")
person = Person.objects.create_user("alice", None, practice=practice, first_name="Alice",
    last_name="Martin", role="praticien")
patient = Patient.objects.create(practice=practice, file_number=1, birth_name="Le Goff",
    birth_first_names="Yann", first_birth_first_name="Yann", born_on="1985-04-03", sex="M",
    email="yann@courriel.example")
ReminderSettings.objects.create(practice=practice, is_on=True, smtp_host="127.0.0.1",
    smtp_port=port, smtp_security="none", sender_address="rappels@quenottes.example",
    quiet_from_hour=0, quiet_to_hour=0, quiet_days_off=False)

def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*a, **k):
        function(*a, **k)
        die()
    return run

def before_the_claim(): sending._next = die
def after_the_claim(): sending._carry = die
def before_the_server(): sending.carriers.send_mail = die
def after_the_server(): sending.carriers.send_mail = after(sending.carriers.send_mail)
def before_the_line(): sending.writing.trace = die
def after_the_commit(): sending._write_sent = after(sending._write_sent)

STAGES = (before_the_claim, after_the_claim, before_the_server, after_the_server,
          before_the_line, after_the_commit)

result = {}
for number, stage in enumerate(STAGES):
    starts_at = timezone.now() + timedelta(days=3, hours=number)
    visit = Appointment.objects.create(practice=practice, patient=patient, practitioner=person,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
    from quenotte.care.reminders.operations.planning import new_message
    from quenotte.care.reminders.rules.states import Channel, Kind
    message = new_message(practice.id, visit.id, patient.id, (Channel.MAIL, Kind.REMINDER),
        starts_at, timezone.now())
    message.save()
    connection.close()
    pid = os.fork()
    if pid == 0:
        stage()
        sending.send_due()
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    message.refresh_from_db()
    result[stage.__name__] = [os.WIFSIGNALED(status), message.state, message.id.hex]
    # Nobody takes up what another process may still be sending.
    if message.state == "sending":
        assert sending.send_due() == 0, stage.__name__
    later = timezone.now() + sending.LEASE + timedelta(seconds=1)
    sending.send_due(now=lambda: later)
    assert Message.objects.get(id=message.id).state == "sent", stage.__name__
result["lines"] = Line.objects.filter(action="send", result="ok").count()
result["journal"] = verify().is_sound
print(json.dumps(result))
"""


def test_reminder_killed_anywhere_leaves_at_least_once(installation: Installation) -> None:
    with serving() as post:
        found = json.loads(installation.script(_KILLED, str(post.port)).splitlines()[-1])
    stages = {name: value for name, value in found.items() if isinstance(value, list)}
    assert all(was_killed for was_killed, _state, _id in stages.values())
    numbers = [str(letter["Message-ID"]) for letter in post.letters]
    sent = {
        name: numbers.count(f"<{number}@quenottes.example>")
        for name, (_killed, _state, number) in stages.items()
    }
    # Only who died between the server's « taken » and our commit sends the same letter twice.
    assert sent == {
        "before_the_claim": 1,
        "after_the_claim": 1,
        "before_the_server": 1,
        "after_the_server": 2,
        "before_the_line": 2,
        "after_the_commit": 1,
    }
    states = [state for _killed, state, _id in stages.values()]
    assert states == ["due", "sending", "sending", "sending", "sending", "sent"]
    assert (found["lines"], found["journal"]) == (6, True)
    twins = [it for it in post.letters if str(it["Message-ID"]) in numbers]
    contents = {str(it["Message-ID"]): it.get_content() for it in twins}
    assert all(it.get_content() == contents[str(it["Message-ID"])] for it in twins)
