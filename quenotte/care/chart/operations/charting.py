"""Charting: what is found, taken back, undone and redone is added to the trail of the patient.

Each holds the row of what is kept of the mouth until it is done: two people who chart the same
mouth come one after the other, and neither loses anything.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.chart.models import ChartEvent, KeptMouth
from quenotte.care.chart.operations.confirming import ask_first, ask_first_again
from quenotte.care.chart.operations.telling import tell
from quenotte.care.chart.queries.mouths import chart_now, entries_of, keep
from quenotte.care.chart.rules.checks import checked, refuse_new, refuse_stranded
from quenotte.care.chart.rules.findings import Finding
from quenotte.care.chart.rules.histories import Entry, What, history
from quenotte.care.chart.rules.mouths import Chart, chart_of
from quenotte.kernel.errors import Refusal


class ChartedMeanwhile(Refusal):
    """Somebody charted after what is shown on this screen."""

    message = _("Quelqu’un vient de modifier ce schéma. Rien n’a été annulé ni rétabli.")
    next_step = _("Le schéma est à jour : relisez-le, puis recommencez si besoin.")


class NothingToUndo(Refusal):
    """Nothing charted stands."""

    message = _("Il n’y a rien à annuler sur ce schéma.")


class NothingToRedo(Refusal):
    """Nothing was undone since the last thing charted."""

    message = _("Il n’y a rien à rétablir sur ce schéma.")


class MadeElsewhere(Refusal):
    """All that stands comes from plans or visits, that would still say what the mouth does not."""

    message = _("Ce que montre ce schéma vient d’un plan ou d’une séance : rien n’a été annulé.")
    next_step = _("Reprenez l’acte dans sa séance, ou retirez-le du plan.")


class NothingToWithdraw(Refusal):
    """What should be withdrawn is not on the chart."""

    message = _("Cet élément n’est plus sur le schéma. Rien n’a été modifié.")


class NotYet(Refusal):
    """A clinical day to come."""

    message = _("La date est à venir : un constat se note au plus tard aujourd’hui.")
    next_step = _("Rien n’a été noté ; votre saisie est gardée.")


@transaction.atomic
def chart(
    *,
    actor: Actor,
    patient_id: UUID,
    findings: Iterable[Finding],
    on: date | None = None,
    source: str = "",
) -> list[UUID]:
    """Chart findings as one step; return the keys of their events, one a tooth but for spans.

    ``on`` is the clinical day, today's unless given. The patient was opened by the caller.

    Raises: rules.NotChartable with a sentence for the screen; NotYet.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise NotYet
    found = checked(findings)
    entries = _held(patient_id)
    events = [
        _event(actor, patient_id, What.FIND, day, finding=one.plain(), source=source)
        for one in found
    ]
    step = uuid4()
    for event in events:
        event.step = step
    known = {aside.mark.key for aside in chart_now(patient_id).standing.aside}
    after = _told(entries, events, found)
    refuse_new(after.standing.aside, known, {event.key.hex for event in events})
    _add(actor, patient_id, events, after, len(entries), action=Action.CREATE)
    return [event.key for event in events]


@transaction.atomic
def withdraw(
    *,
    actor: Actor,
    patient_id: UUID,
    source: str = "",
    finding: UUID | None = None,
    on: date | None = None,
) -> UUID:
    """Take back what a source charted, or one finding by its key; return the step.

    An intention stays in the past, up to ``on`` (today unless given); anything else counts
    for no day any more.

    Raises: NothingToWithdraw; NotYet.
    """
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise NotYet
    wanted = finding.hex if finding else source
    entries = _held(patient_id)
    acts = history(entries).acts
    if not any(wanted in {act.entry.key, act.entry.source} and not act.ends for act in acts):
        raise NothingToWithdraw
    named = {"target": finding} if finding else {"source": source}
    event = _event(actor, patient_id, What.WITHDRAW, day, **named)
    return _add_one(actor, patient_id, entries, event, "withdrawn")


@transaction.atomic
def undo(
    *, actor: Actor, patient_id: UUID, step: UUID | None = None, confirmed: UUID | None = None
) -> UUID:
    """Undo the last step of the chart that stands; ``step`` is the one that the screen showed.

    What plans and visits made is walked over: it is taken back there. A step of another day, or
    of somebody else, is undone once ``confirmed`` names it.

    Raises: NothingToUndo; MadeElsewhere when all that stands is theirs; ChartedMeanwhile when
    another one is the last by now; rules.Stranded when theirs would not stand without it;
    ToConfirm.
    """
    entries = _held(patient_id)
    told = history(entries)
    if step and step.hex != told.undo:
        raise ChartedMeanwhile
    if not told.undo:
        raise MadeElsewhere if told.top else NothingToUndo
    last = UUID(told.undo)
    ask_first(actor=actor, patient_id=patient_id, step=last, confirmed=confirmed)
    return _reverse(actor, patient_id, entries, What.UNDO, last, passes=told.undo_passes)


@transaction.atomic
def redo(
    *, actor: Actor, patient_id: UUID, step: UUID | None = None, confirmed: UUID | None = None
) -> UUID:
    """Bring back the step that was undone last; ``step`` is the one that the screen showed.

    What plans and visits made since stays. What was undone on another day, or by somebody else,
    comes back once ``confirmed`` names it.

    Raises: NothingToRedo; ChartedMeanwhile when another one would come back by now;
    rules.Stranded when it contradicts what they made; ToConfirmRedo.
    """
    entries = _held(patient_id)
    told = history(entries)
    if step and step.hex != told.redo:
        raise ChartedMeanwhile
    if not told.redo:
        raise NothingToRedo
    last = UUID(told.redo)
    ask_first_again(actor=actor, patient_id=patient_id, step=last, confirmed=confirmed)
    return _reverse(actor, patient_id, entries, What.REDO, last, passes=told.redo_passes)


def _reverse(
    actor: Actor,
    patient_id: UUID,
    entries: list[Entry],
    what: What,
    target: UUID,
    *,
    passes: bool,
) -> UUID:
    """Undo or redo a step; ``passes``: it walks over what was made elsewhere."""
    event = _event(actor, patient_id, what, timezone.localdate(), target=target)
    if passes:
        told = history(entries)
        known = {aside.mark.key for aside in chart_of(told).standing.aside}
        after = _told(entries, [event], [None])
        refuse_stranded(after.standing.aside, known, {act.entry.key for act in told.acts})
    _add_one(actor, patient_id, entries, event, _STATES[what])
    return target


_STATES: Final = {What.UNDO: "undone", What.REDO: "redone"}


def _held(patient_id: UUID) -> list[Entry]:
    """Return the events of a patient, who is held until the transaction ends."""
    KeptMouth.objects.bulk_create([KeptMouth(patient_id=patient_id)], ignore_conflicts=True)
    KeptMouth.objects.select_for_update().get(patient_id=patient_id)
    return entries_of(patient_id)


def _event(actor: Actor, patient_id: UUID, what: What, day: date, **values: object) -> ChartEvent:
    return ChartEvent(
        patient_id=patient_id,
        step=uuid4(),
        what=what.value,
        on=day,
        author_id=actor.person_id,
        signed_as=actor.person_label,
        recorded_at=timezone.now(),
        **values,
    )


def _told(entries: list[Entry], events: list[ChartEvent], found: Iterable[Finding | None]) -> Chart:
    """Return what the events come to with those that are being added after them."""
    last = entries[-1].number if entries else 0
    added = [
        Entry(
            last + place,
            event.key.hex,
            event.step.hex,
            What(event.what),
            event.on,
            finding,
            event.source,
            event.target.hex if event.target else "",
        )
        for place, (event, finding) in enumerate(zip(events, found, strict=True), start=1)
    ]
    return chart_of(history(entries + added))


def _add_one(
    actor: Actor, patient_id: UUID, entries: list[Entry], event: ChartEvent, state: str
) -> UUID:
    after = _told(entries, [event], [None])
    _add(actor, patient_id, [event], after, len(entries), action=Action.CHANGE, state=state)
    return event.step


def _add(
    actor: Actor,
    patient_id: UUID,
    events: list[ChartEvent],
    after: Chart,
    before: int,
    *,
    action: Action,
    state: str = "",
) -> None:
    """Write events after the ``before`` ones that there are, and what all of them come to."""
    ChartEvent.objects.bulk_create(events)
    keep(patient_id, after, last=events[-1].number, count=before + len(events))
    tell(actor, patient_id, "chart", str(events[0].step), action=action, state=state)
