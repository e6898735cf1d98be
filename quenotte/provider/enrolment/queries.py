"""Reading tokens and machines."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from quenotte.kernel.identifiers import uuid_of
from quenotte.provider.enrolment import rules, wording
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.enrolment.rules import Face, Hardware
from quenotte.provider.lookups import Keys


def tokens() -> QuerySet[Token]:
    """Return the tokens of practices under contract, the newest first."""
    found = Token.objects.filter(customer__is_active=True).order_by("-created_at", "id")
    return found.select_related("customer", "created_by")


def is_open(token_id: UUID) -> bool:
    """Tell whether a token was made and not revoked."""
    return Token.objects.filter(pk=token_id, revoked_at=None).exists()


def spent_tokens(now: datetime) -> QuerySet[Token]:
    """Return the tokens that ended longer ago than they are kept, but those of machines here.

    By whose token a machine came is known as long as the machine is.
    """
    ended = Token.objects.filter(expires_at__lt=now - rules.TOKENS_KEPT)
    return ended.exclude(Exists(Machine.objects.filter(token=OuterRef("pk"))))


def practices_with_spent_tokens(now: datetime) -> list[UUID]:
    """Return the practices that have such tokens."""
    found = spent_tokens(now).order_by("customer_id").values_list("customer_id", flat=True)
    return list(found.distinct())


def living(token_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many machines of each token are not revoked; tokens without any are left out."""
    found = Machine.objects.filter(token_id__in=token_ids)
    found = found.exclude(standing=Machine.Standing.REVOKED).order_by()
    return dict(found.values_list("token_id").annotate(count=Count("id")))


def waiting() -> QuerySet[Machine]:
    """Return the machines in quarantine of practices under contract, the oldest first."""
    found = Machine.objects.filter(standing=Machine.Standing.QUARANTINE, customer__is_active=True)
    return found.select_related("customer", "token").order_by("enrolled_at")


def believed() -> QuerySet[Machine]:
    """Return the machines that are believed, each once, however many agents tell of it.

    Of a practice whose contract ended none is.
    """
    return Machine.objects.filter(
        standing=Machine.Standing.ACCEPTED, host=None, customer__is_active=True
    )


_OF_A_VOICE: Final = (
    "id", "host_id", "agent", "decided_at", "enrolled_at", "speaks_for_practice"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Believed:
    """An agent that is believed about a machine, since when, and by which sources it is heard."""

    agent: str
    since: datetime
    sources: frozenset[str]


def voices_of(machine_ids: Collection[UUID]) -> dict[UUID, list[Believed]]:
    """Return the agents that are believed about machines, each kind once.

    Who tells of the copies with the key of another agent is heard by them too: where no server of
    the practice is enrolled beside it, nobody can tell which of the two spoke.
    """
    found = Machine.objects.filter(standing=Machine.Standing.ACCEPTED).filter(
        Q(pk__in=machine_ids) | Q(host__in=machine_ids)
    )
    return _voices(found.values_list(*_OF_A_VOICE, named=True))


def _voices(rows: Iterable[Any]) -> dict[UUID, list[Believed]]:
    told: dict[UUID, dict[str, tuple[datetime, bool]]] = defaultdict(dict)
    for one in sorted(rows, key=_since):
        told[one.host_id or one.id][one.agent] = (_since(one), one.speaks_for_practice)
    return {
        machine_id: [
            Believed(agent, since, _sources(agent, agents, speaks=speaks))
            for agent, (since, speaks) in sorted(agents.items())
        ]
        for machine_id, agents in told.items()
    }


def sources_of(machine_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the sources that are believed about machines: no one's whose key opens no more."""
    return _sources_of(voices_of(machine_ids))


def sources_among(rows: Iterable[Machine]) -> dict[UUID, frozenset[str]]:
    """Return as `sources_of`, of agents that were read already: all that are believed of each."""
    return _sources_of(_voices(rows))


def _sources_of(voices: Mapping[UUID, list[Believed]]) -> dict[UUID, frozenset[str]]:
    return {
        machine_id: frozenset[str]().union(*(one.sources for one in heard))
        for machine_id, heard in voices.items()
    }


def _since(machine: Any) -> datetime:
    since: datetime = machine.decided_at or machine.enrolled_at
    return since


def _sources(agent: str, agents: Collection[str], *, speaks: bool) -> frozenset[str]:
    is_both = speaks and rules.Agent.PRACTICE not in agents
    return frozenset({agent, rules.Agent.PRACTICE.value} if is_both else {agent})


def rows_of_agent(
    machines: "Sequence[Machine] | QuerySet[Machine]", agent: str, *, most: int
) -> list[Machine]:
    """Return what stands for one kind of agent on these machines, as it was enrolled.

    ``most``: of thousands no more are read; those that have no such agent are none of them.
    """
    ids = (
        machines.order_by().values("pk")
        if isinstance(machines, QuerySet)
        else [one.id for one in machines]
    )
    found = Machine.objects.filter(standing=Machine.Standing.ACCEPTED, agent=agent)
    rows = found.filter(Q(pk__in=ids) | Q(host__in=ids))
    return list(rows.select_related("customer").order_by("customer__name", "name")[:most])


def rows_on(machine_ids: Collection[UUID]) -> list[Machine]:
    """Return all that is believed about these machines, as it was enrolled: one row an agent."""
    found = Machine.objects.filter(standing=Machine.Standing.ACCEPTED)
    return list(found.filter(Q(pk__in=machine_ids) | Q(host__in=machine_ids)))


def beside(machine: Machine) -> list[Machine]:
    """Return the other agents that are believed about a machine."""
    found = machine.agents.filter(standing=Machine.Standing.ACCEPTED)
    return list(found.order_by("agent"))


def host_for(machine: Machine) -> Machine | None:
    """Return the machine that this one is, as another agent tells it; None when there is none.

    Two that are alike by their names alone are neither of them.
    """
    others = believed().filter(customer_id=machine.customer_id).exclude(pk=machine.pk)
    others = others.exclude(agent=machine.agent).order_by("enrolled_at", "id")
    told = face(machine)
    alike = [one for one in others if told.is_as(face(one))]
    sure = [one for one in alike if rules.is_same(told.hardware, face(one).hardware)]
    if sure:
        return sure[0]
    return alike[0] if len(alike) == 1 else None


def face(machine: Machine) -> Face:
    """Return what a machine is known by."""
    hardware = Hardware(machine.hardware_uuid, machine.serial)
    return Face(machine.agent, machine.name, hardware)


def unbelieved() -> QuerySet[Machine]:
    """Return the machines that wait or were revoked, and those of contracts that ended."""
    return Machine.objects.exclude(standing=Machine.Standing.ACCEPTED, customer__is_active=True)


def machines_by_network() -> Counter[str]:
    """Return how many machines are behind each Internet provider, "" where none was told."""
    found = believed().order_by().values_list("customer__internet_provider")
    return Counter(dict(found.annotate(count=Count("id"))))


def practices_that_speak() -> set[UUID]:
    """Return the practices of whose copies a machine tells that is believed."""
    found = believed().filter(speaks_for_practice=True)
    return set(found.values_list("customer_id", flat=True))


def accepted(customer_id: UUID) -> QuerySet[Machine]:
    """Return the machines of a practice that are believed."""
    return believed().filter(customer_id=customer_id)


def accepted_among(machine_ids: Collection[UUID]) -> list[Machine]:
    """Return which of these machines are believed."""
    return list(believed().filter(pk__in=machine_ids).select_related("customer"))


def found(machine_id: UUID) -> Machine | None:
    """Return one machine that is believed or waits; None when there is none."""
    rows = Machine.objects.select_related("customer", "host", "decided_by")
    return rows.filter(pk=machine_id).first()


def found_by(told: str) -> Machine | None:
    """Return the machine whose id a page sent; None for anything else."""
    machine_id = uuid_of(told)
    return found(machine_id) if machine_id else None


def waiting_at(customer_id: UUID) -> int:
    """Return how many machines of a practice wait for somebody who knows them."""
    found = Machine.objects.filter(customer_id=customer_id)
    return found.filter(standing=Machine.Standing.QUARANTINE).count()


def takes_questions(customer_id: UUID) -> bool:
    """Tell whether any machine of a practice has an agent that takes questions."""
    found = Machine.objects.filter(customer_id=customer_id, standing=Machine.Standing.ACCEPTED)
    return found.filter(agent=rules.Agent.OSQUERY).exists()


def speaks_again(machine: Machine) -> str:
    """Return when a machine that is believed speaks next, in words; "" for all others."""
    is_believed = machine.standing == Machine.Standing.ACCEPTED
    return wording.speaks_again(machine.agent) if is_believed else ""


def twins_of(machine: Machine) -> list[Machine]:
    """Return the other machines of the practice with this hardware that lost their key."""
    if not machine.hardware_uuid:
        return []
    others = Machine.objects.filter(
        customer_id=machine.customer_id,
        hardware_uuid__iexact=machine.hardware_uuid,
        standing=Machine.Standing.REVOKED,
    )
    return list(others.exclude(pk=machine.pk).select_related("decided_by"))


class Known(NamedTuple):
    """A machine that a key belongs to, and whether it is believed.

    ``row``: what was enrolled with this key: the machine itself, or another agent on it.
    """

    id: UUID
    row: UUID
    standing: str
    hardware_uuid: str
    serial: str
    agent: str
    speaks_for_practice: bool

    @property
    def hardware(self) -> Hardware:
        """Return what the machine was told apart by when it was let in."""
        return Hardware(self.hardware_uuid, self.serial)


#: Read for each heartbeat: what `Known` wants, behind the key and the host.
_KNOWN: Final = (
    "key_digest", "host_id", "id", "standing", "hardware_uuid", "serial", "agent",
    "speaks_for_practice",
)  # fmt: skip


def holders(digests: Collection[bytes]) -> dict[bytes, Known]:
    """Return whose keys these are, by their digests; nobody's are left out.

    Of a practice whose contract ended no key is anybody's: nothing is collected there any more.
    """
    found = Machine.objects.filter(key_digest__among=Keys(digests), customer__is_active=True)
    return {
        bytes(digest): Known(host_id or machine_id, machine_id, *rest)
        for digest, host_id, machine_id, *rest in found.values_list(*_KNOWN)
    }


def held(digests: Collection[bytes]) -> frozenset[bytes]:
    """Return those of some digests that are of keys that open; a machine that waits has one."""
    known = holders(digests)
    return frozenset(key for key, one in known.items() if one.standing != rules.Standing.REVOKED)


def may_return(key_digest: bytes) -> bool:
    """Tell whether a key that opens nothing opens again once its practice's contract is resumed."""
    ended = Machine.objects.filter(key_digest=key_digest, customer__is_active=False)
    return ended.exclude(standing=Machine.Standing.REVOKED).exists()


def spoken_for(key_digest: bytes) -> UUID | None:
    """Return the practice for which the holder of a key speaks; None: it is not believed so."""
    found = Machine.objects.filter(
        key_digest=key_digest,
        standing=Machine.Standing.ACCEPTED,
        speaks_for_practice=True,
        customer__is_active=True,
    )
    return found.values_list("customer_id", flat=True).first()


def live(customer_id: UUID) -> list[Face]:
    """Return what all of a practice are known by whose key still opens."""
    found = Machine.objects.filter(customer_id=customer_id)
    return [face(one) for one in found.exclude(standing=Machine.Standing.REVOKED)]
