"""A cycle from its start to its release, or its failure."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.sterilisation import queries, rules
from quenotte.care.sterilisation.models import (
    PouchUse,
    SterilisationCycle,
)
from quenotte.care.sterilisation.operations.refusals import (
    LACKS,
    IndicatorFailed,
    NoReason,
    NotATicket,
    NumberTaken,
    StillRunning,
)
from quenotte.care.sterilisation.operations.writing import (
    autoclave_of,
    locked,
    patient_changed,
    tell,
)
from quenotte.care.sterilisation.rules import State

#: Largest picture of a printed ticket, in bytes.
_LARGEST_TICKET: Final = 10_000_000


_TICKET_TYPES: Final = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
}


@dataclass(frozen=True, slots=True)
class Started:
    """A cycle as it is launched."""

    autoclave_id: UUID
    number: int
    programme: rules.Programme
    load: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cycle shows at its end; ``ticket``: the bytes of its printed ticket."""

    indicator_passed: bool
    ticket_text: str = ""
    ticket: bytes = b""


@transaction.atomic
def start(*, actor: Actor, started: Started) -> SterilisationCycle:
    """Write that a cycle runs; a day without a passed test is noted with it.

    Raises: StillRunning, NumberTaken, NotOurs.
    """
    autoclave = autoclave_of(actor, started.autoclave_id)
    if autoclave.cycles.filter(state=State.RUNNING).exists():
        raise StillRunning
    cycle = SterilisationCycle(
        practice_id=actor.own_practice_id,
        autoclave=autoclave,
        number=started.number,
        programme=started.programme.name,
        celsius=started.programme.celsius,
        minutes=started.programme.minutes,
        load=started.load.strip(),
        started_at=timezone.now(),
        operator_id=actor.own_person_id,
        signed_as=actor.person_label,
        lack=queries.lack_on(autoclave.id, timezone.localdate()) or "",
    )
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError as error:
        raise NumberTaken from error
    tell(actor, Action.CREATE, "sterilisation_cycle", cycle.id, state=cycle.lack or "running")
    return cycle


def end(*, actor: Actor, cycle_id: UUID, outcome: Outcome) -> SterilisationCycle:
    """Write what a cycle shows at its end. Raises: WrongStep, NotATicket, NoRoom, NotOurs."""
    blob = None
    if outcome.ticket:
        # The bytes are safe before any row names them.
        blob = files.keep(outcome.ticket, media_type=_type_of(outcome.ticket))
    with transaction.atomic():
        cycle = locked(actor, cycle_id, State.RUNNING)
        cycle.state, cycle.ended_at = State.ENDED.value, timezone.now()
        cycle.indicator_passed = outcome.indicator_passed
        cycle.ticket_text, cycle.ticket = outcome.ticket_text.strip(), blob
        return _stepped(actor, cycle)


@transaction.atomic
def release(
    *, actor: Actor, cycle_id: UUID, reason: str = "", is_confirmed: bool = False
) -> SterilisationCycle:
    """Declare a cycle good: its pouches may be opened.

    ``reason`` says why a load may be used though the test of its day failed; ``is_confirmed``:
    somebody knows that no test was noted.

    Raises: WrongStep, IndicatorFailed, DayTestFailed, DayUntested.
    """
    cycle = locked(actor, cycle_id, State.ENDED)
    if not cycle.indicator_passed:
        raise IndicatorFailed
    lacks = queries.lacks_of(cycle)
    lack = rules.release_lack(lacks, reason=reason, is_confirmed=is_confirmed)
    if lack is not None:
        raise LACKS[lack]
    cycle.reason = reason.strip()[: rules.LONGEST_TEXT]
    cycle.state, cycle.released_at = State.RELEASED.value, timezone.now()
    cycle.released_as = actor.person_label
    return _decided(actor, cycle)


@transaction.atomic
def fail(*, actor: Actor, cycle_id: UUID, reason: str) -> SterilisationCycle:
    """Declare a cycle failed, even long after it was let go: its pouches are recalled.

    Raises: WrongStep, NoReason, NotOurs.
    """
    cycle = locked(actor, cycle_id, State.ENDED, State.RELEASED)
    if not reason.strip():
        raise NoReason
    cycle.state = State.FAILED.value
    # Why it had been let go all the same stays readable.
    reasons = filter(None, (reason.strip(), cycle.reason))
    cycle.reason = " · ".join(reasons)[: rules.LONGEST_TEXT]
    _tell_patients(actor, cycle)
    return _decided(actor, cycle)


def _type_of(content: bytes) -> str:
    kinds = (kind for start, kind in _TICKET_TYPES.items() if content.startswith(start))
    found = next(kinds, None)
    if found is None or len(content) > _LARGEST_TICKET:
        raise NotATicket
    return found


def _decided(actor: Actor, cycle: SterilisationCycle) -> SterilisationCycle:
    cycle.decided_at, cycle.decided_as = timezone.now(), actor.person_label
    return _stepped(actor, cycle)


def _stepped(actor: Actor, cycle: SterilisationCycle) -> SterilisationCycle:
    cycle.save()
    tell(actor, Action.CHANGE, "sterilisation_cycle", cycle.id, state=cycle.state)
    return cycle


def _tell_patients(actor: Actor, cycle: SterilisationCycle) -> None:
    rows = PouchUse.objects.filter(pouch__cycle=cycle, undone_at=None)
    for patient_id in rows.order_by().values_list("patient_id", flat=True).distinct():
        patient_changed(actor, patient_id)
