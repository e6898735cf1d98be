"""One factory per model; invented practices and machines."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.provider.charter import rules as charter
from quenotte.provider.charter.models import Signature
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.enrolment.rules import digest
from quenotte.provider.fleet.models import Finding, Inventory, Posture, State
from quenotte.provider.incidents.models import Duty, Incident, Subscription
from quenotte.provider.incidents.rules import rank
from quenotte.provider.licences.models import Licence
from tests.support.cast import PersonFactory, PracticeFactory

__all__ = [
    "CustomerFactory",
    "DutyFactory",
    "FindingFactory",
    "HouseFactory",
    "IncidentFactory",
    "InventoryFactory",
    "MachineFactory",
    "PersonFactory",
    "PostureFactory",
    "SignatureFactory",
    "StateFactory",
    "SubscriptionFactory",
    "TokenFactory",
]

HouseFactory = PracticeFactory


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Cabinet {n}")
    town = "Nantes"
    internet_provider = "Orange"


class LicenceFactory(DjangoModelFactory[Licence]):
    class Meta:
        model = Licence

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Licence {n}")


class TokenFactory(DjangoModelFactory[Token]):
    class Meta:
        model = Token

    customer = factory.SubFactory(CustomerFactory)
    digest = factory.Sequence(lambda n: digest(f"token {n}"))
    hint = "7KQM3"
    machines = 5
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=72))
    created_by = factory.SubFactory(PersonFactory, role="technicien")


class MachineFactory(DjangoModelFactory[Machine]):
    class Meta:
        model = Machine

    customer = factory.SubFactory(CustomerFactory)
    token = factory.SubFactory(TokenFactory, customer=factory.SelfAttribute("..customer"))
    name = factory.Sequence(lambda n: f"POSTE-{n}")
    agent = "station"
    agent_name = factory.SelfAttribute("name")
    hardware_uuid = factory.Sequence(lambda n: f"4c4c4544-0000-1000-8000-{n:012x}")
    serial = factory.Sequence(lambda n: f"SN{n:06}")
    key_digest = factory.Sequence(lambda n: digest(f"key {n}"))
    standing = "accepted"
    enrolled_at = factory.LazyFunction(timezone.now)
    decided_at = factory.LazyFunction(timezone.now)


class StateFactory(DjangoModelFactory[State]):
    class Meta:
        model = State

    machine = factory.SubFactory(MachineFactory)
    source = "station"
    seen_at = factory.LazyFunction(timezone.now)
    day = factory.LazyFunction(lambda: timezone.now().date())


class InventoryFactory(DjangoModelFactory[Inventory]):
    class Meta:
        model = Inventory

    machine = factory.SubFactory(MachineFactory)
    source = "station"
    reported_at = factory.LazyFunction(timezone.now)


class SignatureFactory(DjangoModelFactory[Signature]):
    class Meta:
        model = Signature

    person = factory.SubFactory(PersonFactory, role="technicien")
    person_label = factory.LazyAttribute(lambda one: one.person.full_name)
    at = factory.LazyFunction(timezone.now)
    version = charter.VERSION
    digest = factory.LazyFunction(charter.digest)
    how = "password"


class FindingFactory(DjangoModelFactory[Finding]):
    class Meta:
        model = Finding

    machine = factory.SubFactory(MachineFactory)
    customer = factory.SelfAttribute("machine.customer")
    rule = "disks_encrypted"
    cause = "encryption"
    severity = "important"
    state = "bad"
    reason = "plain"
    values = factory.LazyFunction(lambda: {"names": ["C:"]})
    since = factory.LazyFunction(timezone.now)
    opened_at = factory.LazyFunction(timezone.now)
    is_open = True


class PostureFactory(DjangoModelFactory[Posture]):
    class Meta:
        model = Posture

    machine = factory.SubFactory(MachineFactory)
    judged_at = factory.LazyFunction(timezone.now)
    alert_after = factory.LazyFunction(timezone.now)


class IncidentFactory(DjangoModelFactory[Incident]):
    class Meta:
        model = Incident

    customer = factory.SubFactory(CustomerFactory)
    cause = "encryption"
    severity = "important"
    rule = "disks_encrypted"
    state = "bad"
    reason = "plain"
    values = factory.LazyFunction(lambda: {"names": ["C:"]})
    since = factory.LazyFunction(timezone.now)
    opened_at = factory.LazyFunction(timezone.now)
    told_at = factory.LazyFunction(timezone.now)
    rank = factory.LazyAttribute(lambda one: rank(one.severity, one.since))
    machines = 1
    findings = 1


class DutyFactory(DjangoModelFactory[Duty]):
    class Meta:
        model = Duty

    person = factory.SubFactory(PersonFactory, role="technicien")
    by_push = False
    by_mail = True
    email = factory.LazyAttribute(lambda one: f"{one.person.username}@example.test")


class SubscriptionFactory(DjangoModelFactory[Subscription]):
    class Meta:
        model = Subscription

    person = factory.SubFactory(PersonFactory, role="technicien")
    endpoint = factory.Sequence(lambda n: f"https://push.example.test/{n}")
    p256dh = (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    auth = "BTBZMqHH6r4Tts7J_aSIgg"
    created_at = factory.LazyFunction(timezone.now)
