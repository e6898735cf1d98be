"""Fills an empty database with a provider, its practices and their machines.

Through the same operations as the doors: what the pages show was reported and judged.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.keyboard import queries as logins
from quenotte.base.people.models import Person
from quenotte.base.people.rules import DEMO_PASSWORD, Role
from quenotte.base.practice.models import Practice
from quenotte.config.fleet_demo import agents, evidence, incidents, machines, names, past
from quenotte.config.fleet_demo.made import Made
from quenotte.kernel.posture.facts import Source
from quenotte.provider.charter import operations as charter
from quenotte.provider.charter import rules as charter_text
from quenotte.provider.customers.models import Customer, Opening
from quenotte.provider.customers.rules import USUAL
from quenotte.provider.enrolment import rules as keys
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.facts import fingerprint, stored
from quenotte.provider.fleet.models import PastDay
from quenotte.provider.fleet.operations import Contact
from quenotte.wire.fingerprints import fingerprint_of
from quenotte.wire.pulses import Medium, Pulse
from quenotte.wire.reports import Report, Told

PASSWORD: Final = DEMO_PASSWORD
SEED: Final = 2026
_GRACE_DAYS: Final = 7
_BATCH: Final = 300
#: Days of activity behind each machine.
_DAYS: Final = 7


@dataclass(frozen=True)
class Size:
    """How many practices, and machines of each."""

    practices: int = 300
    machines: int = 6


def key_of(serial: str) -> str:
    """Return the node key of a simulated machine: of this data folder, so nobody else knows it."""
    secret = settings.SEALING_KEY.encode()
    return hmac.new(secret, f"demo {serial}".encode(), hashlib.sha256).hexdigest()


def prepare(
    progress: Callable[[str, float], None], *, size: Size | None = None, now: datetime | None = None
) -> None:
    """Create the demo provider; do nothing when one is there."""
    from quenotte.config.words import _

    if Practice.objects.exists():
        return
    size, now = size or Size(), now or timezone.now()
    sentence = _("Création du parc de démonstration")
    progress(sentence, 0.0)
    with transaction.atomic():
        made = make(size, now)
        progress(sentence, 0.2)
        _keep_days(made, now)
        evidence.begin(made, contacts_of, at=now - timedelta(days=40))
        silent = past.fallen_silent(made, size.practices)
        dead = _with_dead_agent(made, size, now - agents.SILENT_FOR)
        fell = now - timedelta(days=3)
        _report(silent, fell)
        fleet.judge_due(now=fell, rounds=10_000)
        made = [one for one in made if one not in silent]
        for share, at in ((0.3, now - timedelta(hours=2)), (0.65, now)):
            _report(made, at)
            progress(sentence, share)
            fleet.judge_due(now=at, rounds=10_000)
            past.spread(at)
            # Twice: an agent that died alone is told when it is so at a second look.
            fleet.sweep(now=at)
            if dead is not None and at == now:
                agents.date(dead, now)
            incidents.draw(at)
            past.date_incidents()
            progress(sentence, share + 0.3)
        past.storm(made, now)
        evidence.go_on(made, at=now)
        incidents.live(Person.objects.get(username="tom"), now)
        fleet.keep_months(before=now - timedelta(days=396))
        record(
            action=Action.CREATE,
            actor=SYSTEM,
            object_kind="fleet",
            detail={"count": len(made) + len(silent)},
        )


def _with_dead_agent(made: Sequence[Made], size: Size, at: datetime) -> Machine | None:
    """Let one of the two agents of a machine have spoken then for the last time; return it."""
    pair = agents.chosen(made, size.practices)
    if pair is None:
        return None
    _report([pair], at)
    agent = agents.add(pair, at)
    fleet.judge_due(now=at, rounds=10_000)
    return agent


def people(practice: Practice) -> Person:
    """Make the demo's people; return the technician."""
    tom = None
    for username, first, last, role in (
        ("tom", "Tom", "Lescure", Role.TECHNICIAN),
        ("diane", "Diane", "Morvan", Role.MANAGER),
    ):
        made = Person.objects.create_user(
            username, PASSWORD, practice=practice, first_name=first, last_name=last, role=role.value
        )
        _ready(made)
        tom = tom or made
    assert tom is not None
    return tom


def _ready(person: Person) -> None:
    """Give a person of the demo a second factor, whose code its login shows, and the charter."""
    actor = Actor(person.id, person.full_name, person.practice_id, "", "system", person.roles)
    secret = keyboard.new_secret()
    keyboard.add_application(
        actor=actor, person=person, secret=secret, code=logins.code_now(secret)
    )
    charter.sign(actor=actor, shown=charter_text.digest(), how=charter_text.How.DEMO)


def make(size: Size, now: datetime) -> list[Made]:
    """Make the provider, its people, its practices and their machines, which said nothing yet."""
    house = Practice.objects.create(
        name="Dentaire Services", town="Nantes", postcode="44000", dicom_issuer="PRESTATAIRE",
        is_demo=True, second_factor_grace_days=_GRACE_DAYS,
    )  # fmt: skip
    tom, random = people(house), Random(SEED)
    customers = [
        Customer(
            name=name,
            postcode=postcode,
            town=town,
            phone=f"+331990{number:05}",
            internet_provider=names.NETWORKS[number % len(names.NETWORKS)],
        )
        for number, (name, postcode, town) in enumerate(names.practices(size.practices))
    ]
    Customer.objects.bulk_create(customers)
    Opening.objects.bulk_create(
        Opening(customer=one, weekday=hour.weekday, starts_at=hour.starts_at, ends_at=hour.ends_at)
        for one in customers
        for hour in USUAL
    )
    tokens = Token.objects.bulk_create(_token(one, tom, size, now) for one in customers)
    made = [
        Made(_row(customer, token, simulated, now), simulated)
        for number, (customer, token) in enumerate(zip(customers, tokens, strict=True))
        for simulated in _simulated(random, number, size)
    ]
    Machine.objects.bulk_create(one.row for one in made)
    return made


def _simulated(random: Random, number: int, size: Size) -> Iterator[machines.Machine]:
    for place in range(size.machines):
        yield machines.desk(random, number, place)


def _token(customer: Customer, tom: Person, size: Size, now: datetime) -> Token:
    typed = keys.new_token()
    return Token(
        customer=customer,
        digest=keys.digest(typed),
        hint=typed[:5],
        machines=size.machines,
        used=size.machines,
        used_at=now - timedelta(days=60),
        expires_at=now - timedelta(days=58),
        created_by=tom,
    )


def _row(customer: Customer, token: Token, simulated: machines.Machine, now: datetime) -> Machine:
    return Machine(
        customer=customer,
        token=token,
        name=simulated.name,
        agent="station",
        agent_name=simulated.name,
        hardware_uuid=simulated.uuid,
        serial=simulated.serial,
        speaks_for_practice=simulated.is_server,
        key_digest=keys.digest(key_of(simulated.serial)),
        standing=keys.Standing.ACCEPTED,
        enrolled_at=now - timedelta(days=60),
        decided_at=now - timedelta(days=60),
    )


def _report(made: Sequence[Made], at: datetime) -> None:
    contacts = [one for pair in made for one in contacts_of(pair, at)]
    for first in range(0, len(contacts), _BATCH):
        fleet.take(contacts[first : first + _BATCH], at=at)


def contacts_of(
    pair: Made, at: datetime, told: tuple[Told, ...] | None = None
) -> Iterator[Contact]:
    """Yield what a machine says at a moment; a server speaks of the copies too."""
    told = machines.facts(pair.simulated, at) if told is None else told
    observed = Report(at, told).observed(Source.STATION, at)
    digest = bytes.fromhex(fingerprint_of(told).digest)
    yield Contact(bytes(pair.row.key_digest), Source.STATION, digest, stored(observed))
    if pair.simulated.is_server:
        said = pulse(pair.simulated, at)
        facts = said.observed(at)
        yield Contact(
            bytes(pair.row.key_digest),
            Source.PRACTICE,
            fingerprint(facts),
            stored(facts),
            light=said.light,
            reasons=said.reasons,
        )


#: Why some servers are not green, for whom: as the moments below have it.
_WOES: Final = (
    ("anomaly", 0.0, 0.004),
    ("silent", 0.0, 0.012),
    ("proof_stale", 0.0, 0.03),
    ("disk_left", 0.02, 0.05),
    ("offline_stale", 0.05, 0.09),
)


def pulse(server: machines.Machine, at: datetime) -> Pulse:
    """Return what the server of a practice says of its copies; some have a bad week."""
    luck = Random(server.serial).random()
    copied = at - (timedelta(days=3) if luck < 0.012 else timedelta(minutes=40))
    proven = at - (timedelta(days=11) if luck < 0.03 else timedelta(hours=7))
    medium, medium_at = _medium(luck, at)
    offline = at - (timedelta(days=12) if 0.05 < luck < 0.09 else timedelta(days=2))
    reasons = tuple(name for name, low, high in _WOES if low <= luck < high)
    return Pulse(
        sent_at=at,
        light="red" if set(reasons) - {"disk_left"} else "amber" if reasons else "green",
        reasons=reasons,
        restorable_until=_whole(copied),
        proven_at=_whole(proven),
        offline_copied_at=_whole(offline),
        medium=medium,
        medium_at=medium_at,
        has_anomaly=luck < 0.004,
    )


def _medium(luck: float, at: datetime) -> tuple[Medium, datetime | None]:
    """Return what is known of the disk: left plugged, put away, not looked at, or none at all."""
    if 0.02 < luck < 0.05:
        return Medium.PLUGGED, _whole(at - timedelta(days=2))
    if luck > 0.97:
        return Medium.NONE, None
    if luck > 0.94:
        return Medium.UNKNOWN, None
    return Medium.UNPLUGGED, at - timedelta(minutes=5)


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _keep_days(made: Sequence[Made], now: datetime) -> None:
    """Give each machine a week behind it: on in working hours, some of them at night too."""
    today = now.astimezone(UTC).date()
    days = [today - timedelta(days=back) for back in range(1, _DAYS + 1)]
    rows: list[Any] = []
    for pair in made:
        is_on = pair.simulated.is_server or "left_on" in pair.simulated.faults
        for day in days:
            if is_on or day.weekday() < 5:
                early, late = (_ALL, _ALL) if is_on else (_MORNING, _AFTERNOON)
                rows.append(
                    PastDay(machine=pair.row, source="station", day=day, early=early, late=late)
                )
    PastDay.objects.bulk_create(rows, batch_size=2_000)


_ALL: Final = (1 << 48) - 1
#: From 7 h to noon, and on to 18 h (UTC).
_MORNING: Final = _ALL & ~((1 << 28) - 1)
_AFTERNOON: Final = (1 << 24) - 1
