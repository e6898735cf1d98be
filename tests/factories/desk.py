"""The front desk: appointments, tasks, messages, recalls, files taken over."""

import uuid
from datetime import timedelta

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.care.agenda.models import (
    Appointment,
    AppointmentType,
    Leave,
    OpeningPeriod,
    Pin,
    ShortNotice,
)
from quenotte.care.desk.models import BoardNote, Call, Callback, CallKind, Task
from quenotte.care.recalls.models import Recall, RecallRule
from quenotte.care.reminders.models import (
    CalendarFeed,
    Message,
    MessageTemplate,
    ReminderSettings,
)
from quenotte.care.reminders.rules.tokens import digest_of, token_of
from quenotte.care.takeover.models import Import
from tests.factories.house import BlobFactory, PersonFactory, PracticeFactory
from tests.factories.record import PatientFactory


class RecallRuleFactory(DjangoModelFactory[RecallRule]):
    class Meta:
        model = RecallRule

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Règle {n}")
    trigger = "visit"
    months = 12


class RecallFactory(DjangoModelFactory[Recall]):
    class Meta:
        model = Recall

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    reason = "Revoir"
    due_on = factory.LazyFunction(timezone.localdate)


class AppointmentFactory(DjangoModelFactory[Appointment]):
    class Meta:
        model = Appointment

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda it: it.starts_at + timedelta(minutes=30))
    title = "Contrôle"


class AppointmentTypeFactory(DjangoModelFactory[AppointmentType]):
    class Meta:
        model = AppointmentType

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Type {n}")
    minutes = 30
    colour = "teal"


class OpeningPeriodFactory(DjangoModelFactory[OpeningPeriod]):
    class Meta:
        model = OpeningPeriod

    practice = factory.SubFactory(PracticeFactory)
    weekday = 1
    opens_minute = 9 * 60
    closes_minute = 18 * 60


class LeaveFactory(DjangoModelFactory[Leave]):
    class Meta:
        model = Leave

    practice = factory.SubFactory(PracticeFactory)
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda it: it.starts_at + timedelta(days=1))
    kind = "holiday"


class PinFactory(DjangoModelFactory[Pin]):
    class Meta:
        model = Pin

    appointment = factory.SubFactory(AppointmentFactory)
    person = factory.SelfAttribute("appointment.practitioner")


class ShortNoticeFactory(DjangoModelFactory[ShortNotice]):
    class Meta:
        model = ShortNotice

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    minutes = 30
    from_day = factory.LazyFunction(timezone.localdate)


class ImportFactory(DjangoModelFactory[Import]):
    class Meta:
        model = Import

    practice = factory.SubFactory(PracticeFactory)
    kind = "patients"
    state = "done"
    blob = factory.SubFactory(BlobFactory)
    file_name = "patients.csv"
    counts = factory.LazyFunction(
        lambda: (
            dict.fromkeys(("total", "ready", "created"), 1)
            | dict.fromkeys(("refused", "doubles", "undecided", "warned", "linked"), 0)
        )
    )
    written_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))


class CallKindFactory(DjangoModelFactory[CallKind]):
    class Meta:
        model = CallKind

    practice = factory.SubFactory(PracticeFactory)
    label = factory.Sequence(lambda n: f"Appel {n}")
    target = "everyone"
    position = factory.Sequence(lambda n: n)


class CallFactory(DjangoModelFactory[Call]):
    class Meta:
        model = Call

    practice = factory.SelfAttribute("caller.practice")
    caller = factory.SubFactory(PersonFactory)
    kind = factory.SubFactory(CallKindFactory, practice=factory.SelfAttribute("..practice"))
    label = factory.SelfAttribute("kind.label")
    place = "Salle 2"
    target = "everyone"
    sound = "chime"
    tone = "neutral"
    sent_at = factory.LazyFunction(timezone.now)
    rang_at = factory.SelfAttribute("sent_at")
    expires_at = factory.LazyAttribute(lambda it: it.sent_at + timedelta(minutes=5))


class TaskFactory(DjangoModelFactory[Task]):
    class Meta:
        model = Task

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    text = "Commander des gants"
    created_at = factory.LazyFunction(timezone.now)


class CallbackFactory(DjangoModelFactory[Callback]):
    class Meta:
        model = Callback

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    name = "Mme Tessier"
    phone = "+33199001122"
    due_on = factory.LazyFunction(timezone.localdate)
    created_at = factory.LazyFunction(timezone.now)


class BoardNoteFactory(DjangoModelFactory[BoardNote]):
    class Meta:
        model = BoardNote

    practice = factory.SelfAttribute("author.practice")
    author = factory.SubFactory(PersonFactory)
    text = "Panne d’ascenseur"
    pinned_at = factory.LazyFunction(timezone.now)
    shown_until = factory.LazyFunction(timezone.localdate)


class ReminderSettingsFactory(DjangoModelFactory[ReminderSettings]):
    class Meta:
        model = ReminderSettings

    practice = factory.SubFactory(PracticeFactory)
    is_on = True
    mail_is_on = True
    sms_is_on = False
    smtp_host = "localhost"
    smtp_port = 25
    smtp_security = "none"
    sender_address = "rappels@quenottes.example"
    sms_sender = "QUENOTTES"
    version = 1


class MessageTemplateFactory(DjangoModelFactory[MessageTemplate]):
    class Meta:
        model = MessageTemplate

    practice = factory.SubFactory(PracticeFactory)
    channel = "mail"
    kind = "reminder"
    version = 1
    subject = "Le {date}"
    text = "Bonjour {prénom}, à {heure} le {date}.\n{lien}"


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    id = factory.LazyFunction(uuid.uuid4)
    appointment = factory.SubFactory(AppointmentFactory)
    practice = factory.SelfAttribute("appointment.practice")
    patient = factory.SelfAttribute("appointment.patient")
    channel = "mail"
    kind = "reminder"
    about = factory.SelfAttribute("appointment.starts_at")
    due_at = factory.LazyFunction(timezone.now)
    token_digest = factory.LazyAttribute(
        lambda it: digest_of(token_of(settings.SEALING_KEY, it.id))
    )


class CalendarFeedFactory(DjangoModelFactory[CalendarFeed]):
    class Meta:
        model = CalendarFeed

    practice = factory.SelfAttribute("person.practice")
    person = factory.SubFactory(PersonFactory)
    created_by = factory.SelfAttribute("person")
    name = "Téléphone"
    token_digest = factory.Sequence(lambda n: f"{n:064x}")
