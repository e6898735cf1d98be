"""What is corrected of the acts of a closed visit.

The wrong one stays, struck; the right one stands beside it, of the same day of care.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.people.rules import may
from quenotte.base.sent import row_id
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import operations as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import queries
from quenotte.office.visits.models import Visit, VisitAct
from quenotte.office.visits.operations.acts import COPIED, create, drawn, erased
from quenotte.office.visits.operations.writing import NoSuchVisit, held, written


class NotTheCorrector(Refusal):
    """Who may not sign corrects nothing that was closed."""

    message = _("Seul un praticien corrige les actes d’une séance terminée. Rien n’a été modifié.")


class VisitGoesOn(Refusal):
    """The visit is open: its acts are changed where one works."""

    message = _(
        "Cette séance est en cours : ses actes se modifient directement. Rien n’a été enregistré."
    )


class ActStruck(Refusal):
    """Somebody else struck or corrected this act while it was shown."""

    message = _(
        "Cet acte vient d’être rayé ou corrigé. Rien n’a été enregistré une deuxième fois : "
        "relisez la séance, puis recommencez si besoin."
    )


class NoReasonGiven(Refusal):
    """A correction says why."""

    message = _("Dites pourquoi, en quelques mots. Rien n’a été enregistré.")


class NothingChanges(Refusal):
    """The act would be what it is."""

    message = _("C’est l’acte tel qu’il est déjà noté. Rien n’a été enregistré.")


@transaction.atomic
def strike_act(
    *, actor: Actor, patient_id: UUID, visit_id: UUID, act_id: UUID, reason: str
) -> VisitAct:
    """Strike an act that was entered in error: its planned act is to do again, the mouth follows.

    Sent twice by the same person for the same reason, it is struck once.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn, NoReasonGiven, ActStruck.
    """
    visit, act = closed(actor, patient_id, visit_id), _act(visit_id, act_id)
    why = reason.strip()
    mine = (act.struck_by_id, act.struck_reason) == (actor.own_person_id, why)
    if why and mine and not _is_replaced(act):
        return act
    _strike(actor, act, why)
    if act.line_id:
        plans.undo_line(actor=actor, patient_id=patient_id, line_id=act.line_id)
    else:
        erased(actor, visit, act)
    amended(actor, visit, "act_struck")
    return act


@transaction.atomic
def correct_act(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    act_id: UUID,
    acts: Sequence[plan_rules.ActLine],
    reason: str,
    key: UUID | None = None,
) -> list[VisitAct]:
    """Strike an act and put the right one beside it, of the same day; the planned act follows.

    Of several ``acts`` the first takes its place, the others are added. The same code keeps its
    quantity, modifiers and fee.

    Raises: as ``strike_act``; NothingChanges.
    """
    visit, old = closed(actor, patient_id, visit_id), _act(visit_id, act_id)
    ids = [row_id(key, act_id, place, one) for place, one in enumerate(acts)]
    if known := _known(visit, ids):
        return known
    first = _values(acts[0], old)
    if len(acts) == 1 and all(getattr(old, name) == first[name] for name in COPIED):
        raise NothingChanges
    _strike(actor, old, reason.strip())
    made = [_replaced(actor, visit, old, first | {"id": ids[0]})]
    for act_id_, one in zip(ids[1:], acts[1:], strict=True):
        values = _values(one) | {"id": act_id_, "practitioner_id": old.practitioner_id}
        made.append(_late(actor, visit, values | {"done_at": old.done_at}))
    amended(actor, visit, "act_corrected")
    return made


@transaction.atomic
def add_late(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    acts: Sequence[plan_rules.ActLine] = (),
    line_id: UUID | None = None,
    key: UUID | None = None,
) -> list[VisitAct]:
    """Add acts that a closed visit forgot, of the day of care: a planned one, or others.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn; UnknownAct without any; as
        ``plans.operations.do_line``.
    """
    if not acts and line_id is None:
        raise plans.UnknownAct
    visit = closed(actor, patient_id, visit_id)
    ids = [row_id(key, line_id, place, one) for place, one in enumerate(acts or [None])]
    if known := _known(visit, ids):
        return known
    when = {"done_at": queries.moment_of_care(visit)}
    if line_id is not None:
        day = timezone.localdate(when["done_at"])
        line = plans.do_line(actor=actor, patient_id=patient_id, line_id=line_id, on=day)
        copied = {name: getattr(line, name) for name in COPIED}
        late = {"id": ids[0], "noted_at": timezone.now()}
        made = [create(actor, visit, copied | when | late, line_id=line.id)]
    else:
        made = [
            _late(actor, visit, _values(one) | when | {"id": one_id})
            for one_id, one in zip(ids, acts, strict=True)
        ]
    amended(actor, visit, "act_added")
    return made


@transaction.atomic
def restore_act(*, actor: Actor, patient_id: UUID, visit_id: UUID, act_id: UUID) -> VisitAct:
    """Note again an act that was struck by mistake: it stays struck, and stands beside itself.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn; ActStruck when it stands, or something
    took its place; as ``plans.operations.do_line``.
    """
    visit, old = closed(actor, patient_id, visit_id), _act(visit_id, act_id)
    again = row_id(old.id, "restored")
    if known := VisitAct.objects.filter(id=again, undone_at=None).first():
        return known
    if not old.is_struck or _is_replaced(old):
        raise ActStruck
    values = {name: getattr(old, name) for name in (*COPIED, "modifiers", "practitioner_id")}
    values |= {"id": again, "done_at": old.done_at, "replaces_id": old.id}
    values["noted_at"] = timezone.now()
    line_id = _done_again(actor, visit, old)
    act = create(actor, visit, values, line_id=line_id)
    if line_id is None:
        drawn(actor, visit, act)
    amended(actor, visit, "act_restored")
    return act


def closed(actor: Actor, patient_id: UUID, visit_id: UUID) -> Visit:
    """Return a closed visit, held until the transaction ends, for who may correct it."""
    if not may(actor.roles, "visits.sign"):
        raise NotTheCorrector
    visit = held(actor, patient_id, visit_id)
    if visit.closed_at is None:
        raise VisitGoesOn
    return visit


def _known(visit: Visit, ids: Sequence[UUID]) -> list[VisitAct]:
    """Return the acts that a first sending made, in their order."""
    found = {one.id: one for one in VisitAct.objects.filter(id__in=ids, visit=visit)}
    return [found[one] for one in ids if one in found]


def _act(visit_id: UUID, act_id: UUID) -> VisitAct:
    found = VisitAct.objects.filter(id=act_id, visit_id=visit_id).first()
    if found is None or (found.undone_at is not None and not found.is_struck):
        raise NoSuchVisit
    return found


def _is_replaced(act: VisitAct) -> bool:
    return VisitAct.objects.filter(replaces=act).exists()


def _strike(actor: Actor, act: VisitAct, reason: str) -> None:
    if not reason:
        raise NoReasonGiven
    if act.undone_at is not None:
        raise ActStruck
    act.undone_at, act.struck_by_id = timezone.now(), actor.own_person_id
    act.struck_reason = reason
    act.save(update_fields=["undone_at", "struck_by", "struck_reason"])


def _values(one: plan_rules.ActLine, old: VisitAct | None = None) -> dict[str, Any]:
    """Return what an act copies; the same code keeps what was said of the one it replaces."""
    if old is not None and one.code == old.code:
        kept = {name: getattr(old, name) for name in (*COPIED, "modifiers")}
        return kept | {"teeth": one.teeth, "surfaces": one.surfaces}
    values = asdict(one)
    values.pop("minutes")
    return values


def _replaced(actor: Actor, visit: Visit, old: VisitAct, values: Mapping[str, Any]) -> VisitAct:
    """Return the act that takes the place of one that was just struck; its planned act follows."""
    linked = {"replaces_id": old.id, "noted_at": timezone.now(), "done_at": old.done_at}
    values = {**values, **linked, "practitioner_id": old.practitioner_id}
    act = create(actor, visit, values, line_id=old.line_id)
    if old.line_id is None:
        erased(actor, visit, old)
        return drawn(actor, visit, act)
    plans.correct_done(
        actor=actor,
        patient_id=visit.patient_id,
        line_id=old.line_id,
        values={name: values[name] for name in COPIED},
    )
    return act


def _late(actor: Actor, visit: Visit, values: Mapping[str, Any]) -> VisitAct:
    return drawn(actor, visit, create(actor, visit, {**values, "noted_at": timezone.now()}))


def _done_again(actor: Actor, visit: Visit, old: VisitAct) -> UUID | None:
    """Return the line of a plan that is done again; None when it is no longer to do."""
    if old.line_id is None:
        return None
    day = timezone.localdate(old.done_at)
    with contextlib.suppress(plans.StepNotAllowed):
        plans.do_line(actor=actor, patient_id=visit.patient_id, line_id=old.line_id, on=day)
        return old.line_id
    return None


def amended(actor: Actor, visit: Visit, what: str, state: str = "") -> None:
    """Note that a closed visit was corrected; write the journal, tell the open pages."""
    visit.amended_at = timezone.now()
    visit.save(update_fields=["amended_at"])
    if state:
        written(actor, visit, what, state=state)
    else:
        written(actor, visit, what)
