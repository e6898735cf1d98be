"""A practice of which there is something in every table, and what is left of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.customers import operations as customers
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.finder.models import Indexed, Mention, Phrase
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Change, Finding, PastDay, Pulsed, Stumble
from quenotte.provider.incidents.models import (
    Blown,
    Digest,
    Exemption,
    Incident,
    Muted,
    Outgoing,
    Reply,
    Step,
    Subject,
    Window,
)
from quenotte.provider.retention import operations
from quenotte.provider.traces.operations import note_opening
from tests_provider import factories
from tests_provider.evidence.test_making import make
from tests_provider.evidence.test_signing import draft, sign
from tests_provider.fleet.test_judging import WINDOWS, tell

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Full:
    """A practice and its two machines: one is what an agent came first on, one joined it."""

    customer: Customer
    machine: Machine
    agent: Machine

    @property
    def customer_id(self) -> UUID:
        return self.customer.id

    def left(self) -> set[str]:
        """Return the models that have rows of the practice or of its machines."""
        ids = {Customer: [self.customer_id], Machine: [self.machine.id, self.agent.id]}
        return {
            model.__name__
            for model, field in pointing()
            if field.related_model in ids
            and model._default_manager.filter(
                **{f"{field.name}__in": ids[field.related_model]}
            ).exists()
        }


def pointing() -> list[tuple[type[Model], "ForeignKey[Any, Any]"]]:
    """Return each foreign key to a practice or to a machine."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model in {Customer, Machine}
    ]


@pytest.fixture
def full(tom: Person, actor: Actor) -> Callable[..., Full]:
    """Return a way to make a practice with something in each table."""

    def fill(name: str = "Cabinet des Lilas") -> Full:
        customer = customers.take_on(actor=actor, name=name, town="Nantes")
        machine = factories.MachineFactory.create(customer=customer, name="ACCUEIL")
        agent = factories.MachineFactory.create(
            customer=customer, token=machine.token, host=machine, agent="glpi"
        )
        tell(machine, WINDOWS)
        fleet.judge_due(now=timezone.now())
        _proved(customer, actor)
        _measured(machine)
        _happened(customer, machine, tom)
        factories.LicenceFactory.create(customer=customer)
        return Full(customer, machine, agent)

    return fill


def _measured(machine: Machine) -> None:
    now = timezone.now()
    Change.objects.create(
        machine=machine, at=now, key="os.name", source="station", before=1, after=2
    )
    PastDay.objects.create(machine=machine, source="station", day=now.date(), early=1, late=0)
    Pulsed.objects.create(machine=machine, at=now, light="red")
    phrase, _made = Phrase.objects.get_or_create(key="x", shown="X", compared="x")
    Mention.objects.create(phrase=phrase, machine=machine, source="station")
    Indexed.objects.update_or_create(machine=machine, defaults={"digest": b"x"})
    question = Question.objects.create(
        asked_by=machine.token.created_by, person_label="x", at=now, expires_at=now + HOUR,
        subject="disks", whom=machine.name,
    )  # fmt: skip
    Asked.objects.create(question=question, machine=machine)


def _happened(customer: Customer, machine: Machine, tom: Person) -> None:
    now = timezone.now()
    planned = {"planned_by": tom, "planned_at": now, "why": "Serveur"}
    granted = {"granted_by": tom, "granted_at": now, "ends_at": now + HOUR, "why": "Vieux"}
    incident = factories.IncidentFactory.create(customer=customer)
    Step.objects.create(incident=incident, at=now, kind="opened")
    Outgoing.objects.create(
        key=str(incident.id), channel="mail", person=tom, incident=incident, title="x", text="x",
        created_at=now, due_at=now,
    )  # fmt: skip
    storm = factories.IncidentFactory.create(customer=None, cause="storm", network=str(customer.id))
    Blown.objects.create(storm=storm, machine=machine)
    window = Window.objects.create(
        customer=customer, machine=machine, starts_at=now, ends_at=now + HOUR, **planned
    )
    Muted.objects.create(window=window, machine=machine, rule="x", reason="x", at=now)
    Exemption.objects.create(customer=customer, machine=machine, rule="x", reason="x", **granted)
    digest = Digest.objects.create(customer=customer, week=now.date(), made_at=now)
    subject = Subject.objects.create(digest=digest, incident=incident, cause="x", since=now)
    Reply.objects.create(subject=subject, answer="wait", at=now)
    Finding.objects.create(
        customer=customer, rule="backup_light", cause="backup", severity="critical", state="bad",
        reason="red", since=now,
    )  # fmt: skip
    Stumble.objects.create(customer=customer, part="rules", since=now, at=now, error="x")
    fleet.touch([customer.id], now=now)


def _proved(customer: Customer, actor: Actor) -> None:
    """Two questionnaires that follow one another, a dossier, one begun anew; and openings."""
    for sheet in (Sheet.CONTRACT, Sheet.PRACTICE):
        draft(customer, actor, sheet, **{of_sheet(sheet)[0].key: ("yes", "")})
        sign(customer, actor, sheet)
    make(customer.id, actor)
    draft(customer, actor, Sheet.PRACTICE, **{of_sheet(Sheet.PRACTICE)[0].key: ("no", "")})
    note_opening(actor=actor, customer_id=customer.id, what="machine", about="ACCUEIL")


@pytest.fixture
def run(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> Callable[[datetime], None]:
    """Return a way to run the job of a day, with what it does once that is committed."""

    def at(now: datetime) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            operations.forget(now=now)

    return at


def heard(days_ago: int) -> None:
    """Let a machine have been heard on a day."""
    day = timezone.now().date() - timedelta(days=days_ago)
    machine = factories.MachineFactory.create()
    PastDay.objects.create(machine=machine, source="station", day=day, early=1, late=0)


def storms() -> int:
    """Return how many storms there are: they belong to no practice."""
    return Incident.objects.filter(customer=None).count()
