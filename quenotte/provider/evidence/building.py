"""A dossier from what is known now: measures, answers, names."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from quenotte.kernel.memento.answering import Answered, Borne, Measure, answered
from quenotte.kernel.memento.dossiers import Dossier, Machine, Practice
from quenotte.kernel.memento.items import CHARTER, ITEMS
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State
from quenotte.provider.charter.queries import signed_among
from quenotte.provider.evidence import queries, wording
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents.queries import exemptions_of
from quenotte.provider.traces.queries import people_who_opened

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer
    from quenotte.provider.evidence.models import Dossier as Row
    from quenotte.provider.fleet.looking import Look, Said
    from quenotte.provider.incidents.models import Exemption

_CHARTER_REASONS: Final = {State.OK: "ok", State.BAD: "unsigned", State.UNKNOWN: "nobody"}


def built(
    customer: "Customer", *, before: "Row | None", provider: str, made_by: str, now: datetime
) -> Dossier:
    """Return the dossier of a practice at an instant. ``before``: the last one, if there is one."""
    practice = Practice(
        str(customer.id), customer.name, customer.postcode, customer.town, customer.time_zone
    )
    with timezone.override(ZoneInfo(customer.time_zone)):
        look = fleet.look_at(customer.id, now=now)
    return Dossier(
        number=before.number + 1 if before else 1,
        practice=practice,
        provider=provider,
        made_at=now,
        made_by=made_by,
        machines=tuple(Machine(one.name, one.system, one.heard_at) for one in look.machines),
        answered=tuple(_answered(customer, _measures(customer, look, now), now)),
        words=wording.names() | fleet.names(),
        previous=before.digest if before else "",
        sheets=tuple(one.digest for one in queries.chain_of(customer.id)),
    )


def _answered(
    customer: "Customer", measures: dict[str, list[Measure]], now: datetime
) -> list[Answered]:
    answers = queries.answers_of(customer.id)
    return [answered(item, measures, answers.get(item.key), now) for item in ITEMS]


def _measures(customer: "Customer", look: "Look", now: datetime) -> dict[str, list[Measure]]:
    """Return what was measured by rule: of each machine, and of the practice itself."""
    found: dict[str, list[Measure]] = defaultdict(list)
    borne = {(one.machine_id, one.rule): one for one in exemptions_of(customer.id, now)}
    meant = _agreed(customer)
    for machine_id, name, one in _said(look):
        verdict = one.verdict
        exemption = borne.get((machine_id, verdict.rule))
        is_borne = exemption is not None and exemption.bears(verdict, now)
        is_meant = is_borne and verdict.state is State.BAD
        bearing = _bearing(exemption) if exemption and is_meant else None
        words = wording.TOGETHER.join(filter(None, (one.words, meant.get(verdict.rule, ""))))
        found[verdict.rule].append(Measure(name, verdict, words, bearing))
    found[CHARTER] = [_charter(customer.id)]
    return found


def _agreed(customer: "Customer") -> dict[str, str]:
    """Return by rule what is no stranger to it: who reads a good point sees on what it rests."""
    told = {
        "remote_tools": sorted(customer.remote_tools, key=str.casefold),
        "open_ports": [wording.port(one) for one in sorted(customer.ports)],
    }
    at, by = customer.agreed_at, customer.agreed_by
    return {rule: wording.agreed(names, at, by) for rule, names in told.items()}


def _said(look: "Look") -> Iterator[tuple[UUID | None, str, "Said"]]:
    for machine in look.machines:
        yield from ((machine.id, machine.name, one) for one in machine.said)
    yield from ((None, "", one) for one in look.copies)


def _bearing(one: "Exemption") -> Borne:
    return Borne(one.why, one.granted_by.full_name, one.granted_at, one.ends_at)


def _charter(customer_id: UUID) -> Measure:
    """Return whether all who ever opened this practice from here have signed the charter."""
    people = people_who_opened(customer_id)
    unsigned = len(people - signed_among(people))
    state = State.BAD if unsigned else State.OK if people else State.UNKNOWN
    told = {"number": unsigned, "count": len(people)}
    verdict = Verdict(CHARTER, state, _CHARTER_REASONS[state], told)
    return Measure("", verdict, wording.charter(len(people), unsigned))
