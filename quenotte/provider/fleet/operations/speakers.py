"""The servers that tell of copies: one that is known to be silent explains why nobody does."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max

from quenotte.kernel.posture.facts import Source
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet.models import Finding
from quenotte.provider.fleet.operations.judging import AGENT_SILENCE, SILENCE

_SILENCES: Final = (SILENCE, AGENT_SILENCE)
#: Stands in the values of the silence of an agent that says that copies are told by nobody.
_UNTOLD: Final = "untold"


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


def back_at(customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when a server of each practice was heard again after a silence of the whole machine.

    It tells of its copies later than it is heard: an agent that was started with it may be first.
    """
    found = Finding.objects.filter(rule=SILENCE, state=Judged.OK, customer_id__in=customer_ids)
    found = found.filter(machine__in=enrolment.believed().filter(speaks_for_practice=True))
    return dict(found.order_by().values_list("customer_id").annotate(at=Max("since")))


def note_untold(customer_ids: Collection[UUID]) -> set[UUID]:
    """Write into the silences of agents whether nobody tells of the copies of their practice now.

    They say so where the silence of the copies gives way to theirs (``known_silent``), and nowhere
    else: another server that is heard tells of them, or should. Return the practices where that
    changed.
    """
    found = Finding.objects.filter(
        customer_id__in=customer_ids, rule=AGENT_SILENCE, state=Judged.BAD
    )
    rows = {one.machine_id: one for one in found if one.machine_id is not None}
    if not rows:
        return set()
    untold = known_silent({one.customer_id for one in rows.values()})
    by_machine = enrolment.voices_of(rows)
    changed = []
    for machine_id, one in rows.items():
        is_one = one.is_open and _names(one.values, by_machine.get(machine_id, []))
        is_untold = is_one and one.customer_id in untold
        if is_untold != (_UNTOLD in one.values):
            before = {key: value for key, value in one.values.items() if key != _UNTOLD}
            one.values = {**before, _UNTOLD: True} if is_untold else before
            changed.append(one)
    Finding.objects.bulk_update(changed, ["values"], batch_size=200)
    return {one.customer_id for one in changed}


def still_untold(finding: Finding) -> dict[str, bool]:
    """Return what the silence of an agent said of copies, until it is looked at anew."""
    is_said = finding.state == Judged.BAD and _UNTOLD in finding.values
    return {_UNTOLD: True} if is_said else {}


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
