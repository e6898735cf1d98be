"""The page of a visit that goes on, and each part of it drawn again."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.care.chart import queries as chart
from quenotte.care.patients.queries import alerts_of, newest_weight
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import queries as plans
from quenotte.office.visits import (
    dosing,
    filling,
    lots,
    operations,
    queries,
    remarks,
    rules,
)
from quenotte.office.visits.corrections import line_of
from quenotte.office.visits.models import NoteTemplate, Visit, VisitAct
from quenotte.office.visits.panels.asking import anaesthesia_form, supply_form
from quenotte.office.visits.panels.elsewhere import was_left_open

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: What a person may go past at the end of a visit.
_INSISTED = operations.PlacesLeft | operations.NothingNoted | operations.RemarksOpen


def visit_page(
    request: HttpRequest,
    patient: "Patient",
    visit: Visit,
    *,
    typed: str = "",
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Return what the page of a visit shows while it goes on."""
    can_insist, weight_kg = isinstance(refusal, _INSISTED), queries.weight_of(visit)
    note = note_again(
        request,
        patient,
        visit.id,
        typed=typed,
        error=str(refusal) if refusal else "",
        can_insist=can_insist,
        asking=_asked_of(request, patient, visit),
    )
    return {
        "patient": patient,
        "visit": visit,
        "is_left_open": was_left_open(visit),
        "is_of_another_day": queries.is_of_another_day(visit),
        "work": work_again(request, patient, visit.id),
        "anaesthesia_form": anaesthesia_form(patient, visit),
        "supply_form": supply_form(patient),
        "weight_kg": weight_kg,
        "last_weight": None if weight_kg else newest_weight(patient.id),
        "note": note,
        "can_insist": can_insist,
        "cautions": cautions_again(request, patient, visit.id),
    }


def work_again(request: HttpRequest, patient: "Patient", visit_id: UUID) -> str:
    """Draw what is planned, done, given and used."""
    visit = queries.visit_of(patient.id, visit_id)
    assert visit is not None
    shown = queries.shown(visit)
    day = timezone.localdate(queries.moment_of_care(visit))
    object_to = plans.objector(patient, day)
    planned = queries.planned_of(visit)
    soon = remarks.before(visit, planned)
    context = {
        "patient": patient,
        "visit": visit,
        "shown": shown,
        "planned": [(one, [*object_to(one.line.act), *soon[one.line.id]]) for one in planned],
        "warned": _warned(patient, visit, shown, object_to),
        **dosing.told_of(shown),
        "barred": _barred(visit, shown),
        "followed": filling.followed(shown),
    }
    return render_to_string("office/visits/_work.html", context, request)


def cautions_again(
    request: HttpRequest,
    patient: "Patient",
    visit_id: UUID,
    refusal: operations.NotConfirmed | None = None,
) -> str:
    """Draw what to know before an injection: allergies, and products ruled out for a child.

    ``refusal``: what was not noted, in figures, and the box that confirms it.
    """
    visit = queries.visit_of(patient.id, visit_id)
    assert visit is not None
    age = queries.age_of(patient)
    products, weight_kg = queries.anaesthetics(patient.practice_id), queries.weight_of(visit)
    found = queries.cautions_of(visit, products)
    asked = [rules.question(one.name, found[one.code]) for one in products]
    context = {
        "refusal": refusal,
        # Of a refusal the tick confirms that one; else what the alerts shown say of each product.
        "question": " ".join(sorted(refusal.question if refusal else frozenset().union(*asked))),
        "alerts": [
            one
            for one in alerts_of(patient.id)
            if rules.meant(one.code, one.kind, one.label) & rules.BEFORE_AN_INJECTION
        ],
        "ruled_out": [one for one in products if rules.is_too_young(one, weight_kg, age)],
    }
    return render_to_string("office/visits/_cautions.html", context, request)


def cautions_beside(
    request: HttpRequest,
    patient: "Patient",
    visit_id: UUID,
    refusal: operations.NotConfirmed | None,
) -> str:
    """Draw them in their place, beside another part of the page."""
    body = cautions_again(request, patient, visit_id, refusal)
    context = {"patient": patient, "visit_id": visit_id, "cautions": body, "is_beside": True}
    return render_to_string("office/visits/_cautions_place.html", context, request)


def note_again(
    request: HttpRequest,
    patient: "Patient",
    visit_id: UUID,
    *,
    typed: str = "",
    error: str = "",
    can_insist: bool = False,
    asking: filling.Asking | None = None,
) -> str:
    """Draw the note as it is kept; what was typed and refused stays beside it.

    ``asking``: a template could speak of several acts.
    """
    visit = queries.visit_of(patient.id, visit_id)
    assert visit is not None
    differs = bool(typed) and typed.replace("\r\n", "\n") != visit.note_text
    context = {
        "patient": patient,
        "visit": visit,
        "templates": queries.templates(patient.practice_id),
        "unfilled": rules.unfilled(visit.note_text),
        "refused": typed if differs else "",
        "error": error,
        "can_insist": can_insist,
        "asking": asking,
    }
    return render_to_string("office/visits/_note.html", context, request)


def template_meant(patient: "Patient", template_id: UUID | None) -> NoteTemplate:
    """Return the template that was chosen. Raises: NoSuchTemplate."""
    found = queries.template_of(patient.practice_id, template_id) if template_id else None
    if found is None:
        raise operations.NoSuchTemplate
    return found


def acts_meant(visit: Visit, template: NoteTemplate, act_id: UUID | None) -> Sequence[VisitAct]:
    """Return the act that was chosen for a template, else those that it may speak of."""
    done = queries.shown(visit)
    chosen = [one for one in done.acts if one.id == act_id]
    return chosen or filling.meant(template, done)


def _asked_of(request: HttpRequest, patient: "Patient", visit: Visit) -> filling.Asking | None:
    """Return the template that a page without a script still asks about."""
    template_id = uuid_of(request.GET.get("modele", ""))
    template = queries.template_of(patient.practice_id, template_id) if template_id else None
    acts = acts_meant(visit, template, None) if template else []
    return filling.Asking(template, acts) if template and len(acts) > 1 else None


def _barred(visit: Visit, shown: queries.VisitShown) -> list[str]:
    """Return what the stock knows against the lots that were typed in a visit."""
    typed = [one.lot for one in shown.anaesthesias] + [one.lot for one in shown.supplies]
    return lots.barred_of(visit.practice_id, typed, timezone.localdate(visit.opened_at))


def undrawn(patient: "Patient", acts: Iterable[VisitAct]) -> str:
    """Return why the mouth does not show acts that were just noted, nothing when it does."""
    drawn = chart.sources_of(patient.id)
    object_to = plans.objector(patient, timezone.localdate())
    missing = [one for one in acts if one.charts_as and not one.marks & drawn]
    why = [words for one in missing for words in object_to(line_of(one))]
    return " ".join(dict.fromkeys(map(_not_drawn, why)))


def _not_drawn(why: str) -> str:
    return _("Acte noté, mais pas dessiné sur le schéma. %(why)s") % {"why": why}


def _warned(
    patient: "Patient", visit: Visit, shown: queries.VisitShown, object_to: plans.Objector
) -> dict[UUID, list[str]]:
    """Return what is to be looked at for each act that is done, itself aside."""
    drawn = chart.sources_of(patient.id)
    hides = plans.concealer(patient, timezone.localdate())
    warned = remarks.words_of(visit, shown)
    for act in shown.acts:
        line = line_of(act)
        if act.charts_as and not act.marks & drawn:
            warned[act.id] += map(_not_drawn, object_to(line))
        elif act.charts_as:
            warned[act.id] += hides(line)
    return warned
