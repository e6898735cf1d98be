"""What is to be looked at among the acts of a visit, while it goes on and once it is closed."""

from typing import Final
from uuid import UUID

from django.utils import timezone

from quenotte.office.catalogue.rules import Remark
from quenotte.office.plans import queries as plans
from quenotte.office.visits import queries
from quenotte.office.visits.corrections import line_of
from quenotte.office.visits.models import Visit

#: Remarks that say that an act contradicts another one or its tooth; the others only inform.
CONTRADICTS: Final = frozenset({"twice", "together", "tooth", "count", "faces"})


def of_acts(visit: Visit, done: queries.VisitShown) -> dict[UUID, list[Remark]]:
    """Return the remarks on each act that stands in a visit, itself aside, as of that day."""
    day, recent = timezone.localdate(visit.opened_at), queries.recent_acts(visit.patient_id)
    watch = plans.watcher(visit.practice_id, born_on=visit.patient.born_on, on=day)
    found = {}
    for act in done.acts:
        others, mine = list(recent), queries.done_of(act)
        if mine in others:
            others.remove(mine)
        found[act.id] = watch(line_of(act), others)
    return found


def words_of(visit: Visit, done: queries.VisitShown) -> dict[UUID, list[str]]:
    """Return the same in words."""
    return {key: [one.text for one in some] for key, some in of_acts(visit, done).items()}


def open_of(visit: Visit) -> list[str]:
    """Return, each once, the contradictions that nobody settled among the acts of a visit."""
    found = of_acts(visit, queries.shown(visit)).values()
    texts = [one.text for some in found for one in some if one.kind in CONTRADICTS]
    return list(dict.fromkeys(texts))


def before(visit: Visit, planned: list[queries.Planned]) -> dict[UUID, list[str]]:
    """Return what each planned act would contradict if it were noted as done now.

    In a visit that was left open: on its day.
    """
    day = timezone.localdate(queries.moment_of_care(visit))
    recent = queries.recent_acts(visit.patient_id)
    watch = plans.watcher(visit.practice_id, born_on=visit.patient.born_on, on=day)
    return {
        one.line.id: [x.text for x in watch(one.line.act, recent) if x.kind in CONTRADICTS]
        for one in planned
    }
