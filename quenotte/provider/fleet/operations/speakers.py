"""The servers that tell of copies: one that is known to be silent explains why nobody does."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final
from uuid import UUID

from quenotte.kernel.posture.facts import Source
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet.models import Finding
from quenotte.provider.fleet.operations.judging import AGENT_SILENCE, SILENCE

_SILENCES: Final = (SILENCE, AGENT_SILENCE)


def known_silent(customer_ids: Collection[UUID]) -> set[UUID]:
    """Return the practices all whose servers are told to be silent: theirs is the same news.

    A server is, when its whole machine is, or the agent on it by which copies are told.
    """
    speakers: dict[UUID, set[UUID]] = defaultdict(set)
    rows = enrolment.believed().filter(customer_id__in=customer_ids, speaks_for_practice=True)
    for customer_id, machine_id in rows.values_list("customer_id", "id"):
        speakers[customer_id].add(machine_id)
    silent = _silent({one for ids in speakers.values() for one in ids})
    return {customer_id for customer_id, ids in speakers.items() if ids <= silent}


def _silent(machine_ids: Collection[UUID]) -> set[UUID]:
    found = Finding.objects.filter(machine_id__in=machine_ids, rule__in=_SILENCES, is_open=True)
    told = list(found.values_list("machine_id", "rule", "values"))
    by_machine = enrolment.voices_of(
        [machine_id for machine_id, _rule, _values in told if machine_id]
    )
    return {
        machine_id
        for machine_id, rule, values in told
        if machine_id is not None
        and (rule == SILENCE or _names(values, by_machine.get(machine_id, [])))
    }


def _names(values: dict[str, object], voices: Collection[enrolment.Believed]) -> bool:
    """Tell whether one of the agents that are told to be silent is the one that tells of copies."""
    names = values.get("names")
    speaking = {one.agent for one in voices if Source.PRACTICE.value in one.sources}
    return isinstance(names, list) and bool(speaking & set(names))
