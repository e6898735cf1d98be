"""What is asked for in a visit: acts to find, forms of what is given and used."""

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from quenotte.care.stock import queries as stock
from quenotte.care.stock import rules as shelves
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import queries as plans
from quenotte.office.visits import (
    lots,
    queries,
    rules,
)
from quenotte.office.visits.forms import (
    ActForm,
    AmendedAnaesthesiaForm,
    AmendedSupplyForm,
    AnaesthesiaForm,
    SupplyForm,
)
from quenotte.office.visits.models import Anaesthesia, Visit, VisitSupply
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Lots in the list of what may be used.
_MOST_LOTS = 200


def suggestions(patient: "Patient", visit: Visit, text: str) -> dict[str, Any]:
    """Return the acts that the typed line may mean, with what is to be looked at."""
    day, refused = timezone.localdate(queries.moment_of_care(visit)), ""
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
    # Cut once those that are recalled are out: they would take the place of others.
    usable = (one for one in rows.iterator() if not stock.is_recalled(one, on))
    found = list(islice(usable, _MOST_LOTS + 1))
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
