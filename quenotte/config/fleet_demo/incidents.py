"""Incidents of the demo: drawn from what the simulated machines said, and touched by people."""

from datetime import datetime, timedelta
from typing import Final

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.fleet.models import Finding
from quenotte.provider.incidents import operations, queries
from quenotte.provider.incidents.models import Digest, Duty, Incident, Reply, Subject
from quenotte.provider.incidents.rules import Answer

#: Causes of what the demo touches: a practice of each, the first in order.
_BORNE: Final = "support"
_WORKED_ON: Final = "firewall"
_TAKEN: Final = "backup"


def draw(now: datetime) -> None:
    """Draw the incidents of what was found so far."""
    operations.listen(now=now)
    operations.turn(now=now)
    while operations.draw(now=now):
        pass


def live(tom: Person, now: datetime) -> None:
    """Let a technician take one up, plan a window, bear something; let practices answer."""
    # Without a browser yet, and with no mail server to reach.
    for one in Person.objects.all():
        Duty.objects.create(person=one, by_push=True)
    actor = _actor(tom)
    if taken := _first(_TAKEN):
        operations.take(incident_id=taken.id, actor=actor)
        operations.write(
            incident_id=taken.id,
            note="Appelé l’accueil : le disque de la semaine est resté au domicile.",
            actor=actor,
        )
    _bear(actor, now)
    _work_on(actor, now)
    _answer(now)
    draw(now)


def _bear(actor: Actor, now: datetime) -> None:
    found = Finding.objects.filter(cause=_BORNE, is_open=True)
    if finding := found.order_by("since", "id").first():
        operations.grant(
            finding_id=finding.id,
            why="Remplacement commandé, livraison à la rentrée",
            ends_at=now + timedelta(days=90),
            actor=actor,
        )


def _work_on(actor: Actor, now: datetime) -> None:
    if (incident := _first(_WORKED_ON)) and incident.customer_id:
        operations.plan(
            customer_id=incident.customer_id,
            machine_id=None,
            starts_at=now - timedelta(minutes=30),
            ends_at=now + timedelta(hours=3),
            why="Changement du routeur",
            actor=actor,
        )


def _answer(now: datetime) -> None:
    """Two practices answer to a digest of this week: one asks to be called, one to wait."""
    week = (now - timedelta(days=now.weekday())).date()
    asked = queries.needing().filter(cause="disks").order_by("rank", "id")[:2]
    for incident, answer in zip(asked, (Answer.CALL, Answer.LATER), strict=False):
        assert incident.customer is not None
        digest = Digest.objects.create(
            customer=incident.customer, week=week, made_at=now - timedelta(hours=20)
        )
        subject = Subject.objects.create(
            digest=digest, incident=incident, cause=incident.cause, since=incident.since,
            machines=incident.machines,
        )  # fmt: skip
        Reply.objects.create(subject=subject, answer=answer, at=now - timedelta(hours=2))


def _first(cause: str) -> Incident | None:
    return queries.needing().filter(cause=cause).order_by("rank", "id").first()


def _actor(tom: Person) -> Actor:
    return Actor(
        person_id=tom.id,
        person_label=tom.full_name,
        practice_id=tom.practice_id,
        workstation="",
        source="system",
        roles=tom.roles,
    )
