"""What visits show: on the record, on Aujourd'hui, and where one works."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import Role, may
from quenotte.care.chart import queries as chart
from quenotte.care.patients.queries import alerts_of, newest_weight
from quenotte.care.stock import queries as stock
from quenotte.care.stock import rules as shelves
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import operations as plan_operations
from quenotte.office.plans import queries as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import (
    access,
    dosing,
    filling,
    lots,
    operations,
    queries,
    remarks,
    rules,
    telling,
)
from quenotte.office.visits.corrections import line_of
from quenotte.office.visits.forms import (
    ActForm,
    AmendedAnaesthesiaForm,
    AmendedSupplyForm,
    AnaesthesiaForm,
    SupplyForm,
)
from quenotte.office.visits.models import Anaesthesia, NoteTemplate, Visit, VisitAct, VisitSupply
from quenotte.web import kept
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry, first_words

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: What a person may go past at the end of a visit.
_INSISTED = operations.PlacesLeft | operations.NothingNoted | operations.RemarksOpen
#: Lots in the list of what may be used.
_MOST_LOTS = 200


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of the visit on the record; it comes after the first paint."""
    if not may(actor_of(request).roles, "visits.read"):
        return ""
    places = {"url": link_to("visits:card", patient.id), "patient_id": patient.id}
    return kept.drawn("office/visits/_card.html", fill=places)


def card_body(request: HttpRequest, patient: "Patient") -> str:
    """Draw the visit that goes on; or what opens it, by itself while the patient is in a chair.

    Only somebody who writes opens it: her page asks at once, and the first one that asks wins.
    """
    visit_id = queries.open_visit_of(patient.id)
    visit = queries.visit_of(patient.id, visit_id) if visit_id else None
    seated = _seated(patient, visit)
    can_write = may(actor_of(request).roles, "visits.write")
    context = {
        "patient": patient,
        "visit": visit,
        "shown": queries.shown(visit) if visit else None,
        "planned": queries.planned_of(visit) if visit else [],
        "is_left_open": _is_left_open(visit),
        "can_write": can_write,
        "opens": seated if seated and can_write and not queries.has_visit(seated) else None,
    }
    return render_to_string("office/visits/_card_body.html", context, request)


def note_beside(request: HttpRequest, patient: "Patient") -> str:
    """Draw the note of the visit that goes on in place of the one that the record would sign.

    Nothing when no visit goes on, or when the record has no such place.
    """
    may_sign = may(actor_of(request).roles, "chart.write")
    visit_id = queries.open_visit_of(patient.id) if may_sign else None
    if visit_id is None:
        return ""
    visit = queries.visit_of(patient.id, visit_id)
    can_write = may(actor_of(request).roles, "visits.write")
    context = {"patient": patient, "visit": visit, "can_write": can_write}
    return render_to_string("office/visits/_note_on_record.html", context, request)


def _seated(patient: "Patient", visit: Visit | None) -> UUID | None:
    """Return the appointment of who sits in a chair, unless its visit or today's goes on."""
    if visit is not None and timezone.localdate(visit.opened_at) >= timezone.localdate():
        return None
    seated = queries.in_chair(patient.practice_id, patient.id)
    return seated if visit is None or queries.is_passed(visit, seated) else None


def open_here(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd'hui the visits that are open: hers for a dentist, all for an assistant."""
    actor = actor_of(request)
    if not actor.roles & {Role.DENTIST, Role.ASSISTANT}:
        return ""
    own = actor.own_person_id if Role.DENTIST in actor.roles else None
    found = queries.open_here(actor.own_practice_id, practitioner_id=own)
    waiting = queries.to_sign(actor.own_practice_id, practitioner_id=own)
    access.open_list(actor, len(found) + len(waiting))
    context = {"visits": found, "waiting": waiting}
    return render_to_string("office/visits/_open_here.html", context, request)


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline of the visits that ended: what was done, and how the note begins."""
    if not may(actor_of(request).roles, "visits.read"):
        return
    for one in telling.told(patient.id, limit, before):
        title = _("Séance, note à signer") if one.is_to_sign else _("Séance")
        if one.is_corrected:
            title = _("Séance, note corrigée depuis")
        if one.amended_at:
            day = date_format(timezone.localdate(one.amended_at), "d/m/Y")
            title = _("%(what)s, actes ou produits corrigés le %(day)s") % {
                "what": title,
                "day": day,
            }
        acts = first_words(", ".join(one.acts))
        yield Entry(
            at=one.at,
            kind="visit",
            icon="armchair",
            title=_("%(what)s : %(acts)s") % {"what": title, "acts": acts} if acts else title,
            text=first_words(one.note),
            url=link_to("visits:visit", patient.id, one.id),
            author=one.who,
            object_id=str(one.id),
            covers=str(one.note_id or ""),
        )


def typed_lots(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the lots that were typed in her visits."""
    rows = lots.typed_for(actor_of(request).own_practice_id, patient.id)
    may_open = may(actor_of(request).roles, "visits.read")
    context = {"rows": rows, "patient": patient, "may_open": may_open}
    return render_to_string("office/visits/_typed_lots.html", context, request) if rows else ""


def settings_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to the templates of notes and anaesthetics."""
    if not may(actor_of(request).roles, "visits.manage"):
        return ""
    return render_to_string("office/visits/_settings_part.html", {"part": part})


def visit_page(
    request: HttpRequest,
    patient: "Patient",
    visit: Visit,
    *,
    typed: str = "",
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Return what the page of a visit shows while it goes on."""
    can_insist = isinstance(refusal, _INSISTED)
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
        "is_left_open": _is_left_open(visit),
        "work": work_again(request, patient, visit.id),
        "anaesthesia_form": anaesthesia_form(patient, visit),
        "supply_form": supply_form(patient),
        "last_weight": None if visit.weight_kg else newest_weight(patient.id),
        "note": note,
        "can_insist": can_insist,
        "cautions": cautions_again(request, patient, visit.id),
    }


def work_again(request: HttpRequest, patient: "Patient", visit_id: UUID) -> str:
    """Draw what is planned, done, given and used."""
    visit = queries.visit_of(patient.id, visit_id)
    assert visit is not None
    shown = queries.shown(visit)
    object_to = plans.objector(patient, timezone.localdate())
    planned = queries.planned_of(visit)
    soon = remarks.before(visit, planned)
    context = {
        "patient": patient,
        "visit": visit,
        "shown": shown,
        "planned": [(one, [*object_to(one.line.act), *soon[one.line.id]]) for one in planned],
        "warned": _warned(patient, visit, shown, object_to),
        "doses": dosing.doses_of(shown),
        "has_age": dosing.age_on_day(visit) is not None,
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
    products = queries.anaesthetics(patient.practice_id)
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
        "ruled_out": [one for one in products if rules.is_too_young(one, visit.weight_kg, age)],
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
    template_id = _uuid(request.GET.get("modele", ""))
    template = queries.template_of(patient.practice_id, template_id) if template_id else None
    acts = acts_meant(visit, template, None) if template else []
    return filling.Asking(template, acts) if template and len(acts) > 1 else None


def ended_page(
    patient: "Patient",
    visit: Visit,
    *,
    typed: str | None = None,
    refusal: Refusal | None = None,
    booked_id: UUID | None = None,
) -> dict[str, Any]:
    """Return what the page of an ended visit shows, with slots for what comes next.

    ``typed`` is the text of a note that was not signed, ``refusal`` says why; ``booked_id`` is
    the session that was just booked here.
    """
    found = queries.next_session(visit)
    slots = []
    if found:
        _plan, proposals = found
        slots = [
            {
                "key": f"{slot.starts_at.isoformat()} {slot.chair_id or ''}".strip(),
                "starts_at": localtime(slot.starts_at),
            }
            for one in proposals
            for slot in one.slots
        ]
    return {
        **_ended(patient, visit),
        "plan": found[0] if found else None,
        "next": found[0].next_session if found else None,
        "slots": slots,
        "booked": queries.booked_session(visit, booked_id) if booked_id else None,
        "note_text": visit.note_text if typed is None else typed,
        "error": str(refusal) if refusal else "",
        "can_insist": isinstance(refusal, operations.PlacesLeft | operations.RemarksOpen),
    }


def ended_part(request: HttpRequest, patient: "Patient", visit: Visit, part: str) -> str:
    """Draw again a part of the page of an ended visit: what was done, or its note."""
    context = {**_ended(patient, visit), "note_text": visit.note_text}
    return render_to_string(f"office/visits/_ended_{part}.html", context, request)


def _ended(patient: "Patient", visit: Visit) -> dict[str, Any]:
    notes = chart.with_corrections(patient.id, visit.note_id) if visit.note_id else []
    shown = queries.shown(visit)
    return {
        "patient": patient,
        "visit": visit,
        "shown": shown,
        "notes": notes,
        "warned": remarks.words_of(visit, shown),
        "doses": dosing.doses_of(shown),
        "has_age": dosing.age_on_day(visit) is not None,
    }


def suggestions(patient: "Patient", visit: Visit, text: str) -> dict[str, Any]:
    """Return the acts that the typed line may mean, with what is to be looked at."""
    day, refused = timezone.localdate(), ""
    found: list[plans.Choice] = []
    try:
        found = plans.choices(patient.practice_id, text, day)
    except Refusal as refusal:
        refused = str(refusal)
    recent = queries.recent_acts(patient.id)
    watch = plans.watcher(patient.practice_id, born_on=patient.born_on, on=day)
    object_to = plans.objector(patient, day)
    return {
        "patient": patient,
        "visit": visit,
        "typed": text,
        "refused": refused,
        "found": [
            (
                one,
                [warning.text for line in one.lines for warning in watch(line, recent)][:2],
                list(dict.fromkeys(why for line in one.lines for why in object_to(line)))[:2],
            )
            for one in found
        ],
    }


def new_acts(patient: "Patient", asked: Mapping[str, Any]) -> list[plan_rules.ActLine]:
    """Return the acts that were chosen, else the first that the typed line means.

    Raises: as ``plans.choices``.
    """
    day = timezone.localdate()
    if keys := asked.get("actes", ""):
        return plans.lines_of_keys(patient.practice_id, keys, day)
    found = plans.choices(patient.practice_id, asked.get("q", ""), day)
    return list(found[0].lines) if found else []


def act_form(patient: "Patient", visit: Visit, act_id: UUID) -> dict[str, Any] | None:
    """Return what the form of an act shows; None when the visit has no such act."""
    act = next((one for one in queries.shown(visit).acts if one.id == act_id), None)
    if act is None:
        return None
    start = {
        "quantity": act.quantity,
        "modifiers": act.modifiers,
        "practitioner": str(act.practitioner_id),
        "fee": act.fee_cents,
    }
    form = ActForm(initial=start, practice_id=patient.practice_id)
    return {"visit": visit, "act": act, "form": form}


def anaesthesia_form(patient: "Patient", visit: Visit, data: Any = None) -> AnaesthesiaForm:
    """Return the form of what is given: the practice's products, what speaks against each."""
    products = queries.anaesthetics(patient.practice_id)
    cautions = queries.cautions_of(visit, products)
    return AnaesthesiaForm(data, products=products, cautions=cautions, initial={"key": uuid4()})


def next_key(request: HttpRequest, form_id: str) -> str:
    """Draw the hidden key of a form that was sent: its next sending is another thing."""
    context = {"form_id": form_id, "key": uuid4()}
    return render_to_string("office/visits/_key.html", context, request)


def supply_form(patient: "Patient", data: Any = None) -> SupplyForm:
    """Return the form of what is used, with the lots that are neither past nor recalled."""
    lots, is_cut = _lots_of(patient.practice_id, timezone.localdate())
    return SupplyForm(data, lots=lots, is_cut=is_cut, initial={"key": uuid4()})


def amended_form(
    patient: "Patient", visit: Visit, kind: str, was: Anaesthesia | VisitSupply | None, data: Any
) -> AmendedAnaesthesiaForm | AmendedSupplyForm:
    """Return the form of what a closed visit forgot, or of what ``was`` should have been."""
    if kind == "anaesthetic":
        assert was is None or isinstance(was, Anaesthesia)
        products = queries.anaesthetics(patient.practice_id)
        cautions = queries.cautions_of(visit, products)
        begun = AmendedAnaesthesiaForm.begun(was) if was else {}
        return AmendedAnaesthesiaForm(
            data, products=products, cautions=cautions, was=was, initial=begun
        )
    assert was is None or isinstance(was, VisitSupply)
    found, is_cut = _lots_of(patient.practice_id, timezone.localdate(visit.opened_at))
    lot_id = lots.lot_of(patient.practice_id, was) if was else None
    begun = {"name": was.name, "lot": was.lot, "quantity": was.quantity} if was else {}
    if was and lot_id:
        begun = {"stock": str(lot_id), "quantity": was.quantity}
        # The one that it took may be empty, past or recalled today.
        found = [
            (str(lot_id), f"{was.name} · {was.lot}"),
            *(one for one in found if one[0] != str(lot_id)),
        ]
    return AmendedSupplyForm(
        data, lots=found, is_cut=is_cut, is_correction=was is not None, initial=begun
    )


def _lots_of(practice_id: UUID, on: date) -> tuple[list[tuple[str, str]], bool]:
    """Return the lots that could be used on a day, and whether the list is cut."""
    rows = stock.stocked(practice_id).filter(left__gt=0).exclude(expires_on__lt=on)
    found = [one for one in rows[: _MOST_LOTS + 1] if not stock.is_recalled(one, on)]
    lots = [(str(lot.id), f"{lot.article.name} · {lot.number}") for lot in found[:_MOST_LOTS]]
    return lots, len(found) > _MOST_LOTS


def device_page(patient: "Patient", visit: Visit, lot_id: UUID | None) -> str:
    """Return the form of a device, with its lot and its tooth; "" for what is used up."""
    lot = stock.lot(patient.practice_id, lot_id) if lot_id and visit.closed_at is None else None
    if lot is None or lot.article.category not in shelves.STAYS:
        return ""
    acts = [(one.charts_as, one.teeth) for one in queries.shown(visit).acts]
    asked = {"lot": str(lot.id), "dent": rules.tooth_of_device(acts)}
    asked = {name: value for name, value in asked.items() if value}
    return f"{link_to('prosthetics:new_placed', patient.id)}?{urlencode(asked)}"


def wish_of(patient: "Patient", asked: Mapping[str, Any]) -> plan_operations.Wish | None:
    """Return the slot that was chosen for the next session; None for nothing."""
    plan_id, session_id = _uuid(asked.get("plan", "")), _uuid(asked.get("seance", ""))
    slot = plan_rules.slot_of(asked.get("creneau", ""))
    plan = plans.plan_shown(patient.id, plan_id) if plan_id else None
    if plan is None or session_id is None or slot is None:
        return None
    starts_at, chair_id = slot
    return plan_operations.Wish(session_id, starts_at, plan.practitioner_id, chair_id)


def _barred(visit: Visit, shown: queries.VisitShown) -> list[str]:
    """Return what the stock knows against the lots that were typed in a visit."""
    typed = [one.lot for one in shown.anaesthesias] + [one.lot for one in shown.supplies]
    return lots.barred_of(visit.practice_id, typed, timezone.localdate(visit.opened_at))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_left_open(visit: Visit | None) -> bool:
    if visit is None or visit.closed_at is not None:
        return False
    return rules.is_left_open(
        visit.opened_at,
        timezone.now(),
        opened_on=timezone.localdate(visit.opened_at),
        today=timezone.localdate(),
    )


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
