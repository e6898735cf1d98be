"""What the rules say of one practice this very second, from the facts as they stand.

Nothing of it is kept. Findings are, and are told slowly; who makes a file of evidence wants each
verdict with the facts it rests on, their sources and their times.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from quenotte.kernel.memento.showing import values_of
from quenotte.kernel.posture.agreeing import Agreed
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.judging import Verdict, subject_of, verdicts
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.silence import CADENCES, Watch, silence
from quenotte.kernel.posture.terms import UNHEARD, Subject
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import hearing, showing, wording
from quenotte.provider.fleet.models import Finding, Posture, State

if TYPE_CHECKING:
    from quenotte.kernel.posture.hours import Hours
    from quenotte.provider.enrolment.models import Machine

#: The rule of a machine that is not heard, which no fact tells.
SILENCE = "silence"
#: The rules of agents that are silent on a machine that is heard, or that were removed from it.
_OF_AGENTS = ("agent_silence", "agent_left")


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict and its sentence, in which stand the names alone that may be handed out."""

    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A machine of a practice, the facts that name its system, and what the rules say of it.

    ``heard_at``: by any source, None when it never spoke.
    """

    id: UUID
    name: str
    system: str
    heard_at: datetime | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A whole practice: its machines, and what the rules say of its copies."""

    machines: tuple[Looked, ...]
    copies: tuple[Said, ...]


def look_at(customer_id: UUID, *, now: datetime) -> Look:
    """Return what the rules say of a practice now. It is read, judged, and not written down."""
    machines = list(enrolment.accepted(customer_id))
    ids = [one.id for one in machines]
    facts = kept.of_machines(ids)
    speaker = kept.speakers_of([customer_id]).get(customer_id)
    told = facts.get(speaker, []) if speaker else []
    own = [one for one in told if one.source is Source.PRACTICE]
    return Look(tuple(_machines(customer_id, machines, facts, now)), _said(_copies(own, now)))


def names() -> dict[str, str]:
    """Return what rules, facts, sources and reasons for not knowing are called, by their codes."""
    lists = {
        "rule": wording.RULES,
        "fact": showing.LABELS,
        "source": showing.SOURCES,
        "unknown": wording.WHY,
    }
    return {
        f"{kind}.{code}": str(words) for kind, told in lists.items() for code, words in told.items()
    }


def _copies(own: list[Fact], now: datetime) -> list[Verdict]:
    """Return what the rules say of the copies of a practice.

    Where that is another thing only because time passed while our own door did not listen, nobody
    knows: the server may have told of newer ones to nobody.
    """
    found = verdicts(own, Circumstances(now), Subject.PRACTICE)
    deaf = hearing.lately_deaf(now)
    if deaf is None or not hearing.is_untold(own, deaf):
        return found
    before = verdicts(own, Circumstances(deaf.starts_at), Subject.PRACTICE)
    return [
        one
        if (one.state, one.reason) == (then.state, then.reason)
        else Verdict(one.rule, Judged.UNKNOWN, UNHEARD, evidence=one.evidence)
        for one, then in zip(found, before, strict=True)
    ]


def _said(found: Iterable[Verdict]) -> tuple[Said, ...]:
    return tuple(
        Said(one, wording.sentence(one.rule, one.state, one.reason, values_of(one)))
        for one in found
    )


def _machines(
    customer_id: UUID, machines: list["Machine"], facts: dict[UUID, list[Fact]], now: datetime
) -> Iterator[Looked]:
    ids = [one.id for one in machines]
    hours = customers.hours_of([customer_id]).get(customer_id)
    agreed = customers.agreed_of([customer_id]).get(customer_id, Agreed())
    heard = kept.heard_at(ids, now)
    postures = {one.machine_id: one for one in Posture.objects.filter(pk__in=ids)}
    last, gaps = _last_heard(ids), hearing.gaps(now)
    watches = _watches(ids, hours)
    for one in machines:
        told = facts.get(one.id, [])
        around = Circumstances(
            now, hours, agreed.remote_tools, agreed.all_ports, heard.get(one.id), gaps
        )
        found = verdicts(told, around, subject_of(told))
        at = last.get(one.id)
        found.append(_silence(postures.get(one.id), at, watches.get(one.id), around))
        yield Looked(one.id, one.name, _system(told), at, _said(found))


def _watches(machine_ids: list[UUID], hours: "Hours | None") -> dict[UUID, Watch]:
    """Return how often each machine is expected: as the one of its agents that speaks most often.

    One that is known to be silent is not waited for, unless all are (``voices.listen``). Of whom no
    agent is believed any more, nothing.
    """
    servers, silent = kept.servers_among(machine_ids), _known_silent(machine_ids)
    watches = {}
    for machine_id, voices in enrolment.voices_of(machine_ids).items():
        agents = {one.agent for one in voices}
        cadence, patience = min(CADENCES[one] for one in agents - silent[machine_id] or agents)
        watches[machine_id] = Watch(cadence, patience, None if machine_id in servers else hours)
    return watches


def _known_silent(machine_ids: list[UUID]) -> defaultdict[UUID | None, set[str]]:
    """Return the agents of machines that are known to be silent, or removed."""
    found = Finding.objects.filter(
        machine_id__in=machine_ids, rule__in=_OF_AGENTS, state=Judged.BAD
    )
    silent: defaultdict[UUID | None, set[str]] = defaultdict(set)
    for machine_id, values in found.values_list("machine_id", "values"):
        silent[machine_id].update(values.get("heard_at", {}))
    return silent


def _silence(
    posture: Posture | None, at: datetime | None, watch: Watch | None, around: Circumstances
) -> Verdict:
    """Return whether a machine is heard; of one that was never listened for, nobody knows.

    Nor of one that is not told to be silent only because our own door did not listen.
    """
    if posture is None or at is None:
        return Verdict(SILENCE, Judged.UNKNOWN, "not_reported")
    told = {"last_seen_at": at.isoformat()}
    if posture.silent_since is not None:
        return Verdict(SILENCE, Judged.BAD, "silent", told)
    if watch is not None and _is_excused(max(at, posture.counts_from or at), watch, around):
        return Verdict(SILENCE, Judged.UNKNOWN, UNHEARD, told)
    return Verdict(SILENCE, Judged.OK, "ok", told)


def _is_excused(since: datetime, watch: Watch, around: Circumstances) -> bool:
    """Tell whether a machine would be missed by now, had our door listened all the while."""
    if not silence(since, watch, around.now).is_silent:
        return False
    return not silence(since, watch, around.now, around.gaps).is_silent


def _last_heard(machine_ids: list[UUID]) -> dict[UUID, datetime]:
    rows = State.objects.filter(machine_id__in=machine_ids).order_by("seen_at")
    return dict(rows.values_list("machine_id", "seen_at"))


def _system(facts: list[Fact]) -> str:
    """Return what a machine runs, by its newest word; "" when it told nothing."""
    told = [one for one in facts if one.key == "os.name" and isinstance(one.value, str)]
    return str(max(told, key=lambda one: one.observed_at).value) if told else ""
