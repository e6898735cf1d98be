"""What implants and laboratories show on other pages, and how a UDI begins an implant."""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.prosthetics import queries, rules
from quenotte.care.stock import queries as stock
from quenotte.care.stock import rules as stock_rules
from quenotte.kernel import udis
from quenotte.web.links import link_to
from quenotte.web.scans import Read

if TYPE_CHECKING:
    from quenotte.care.agenda.models import Appointment
    from quenotte.care.patients.models import Patient

#: Works that Aujourd’hui shows.
_SHOWN: Final = 6


def late(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui the work that should be back from a laboratory."""
    actor = actor_of(request)
    if not may(actor.roles, "laboratory.read"):
        return ""
    works = queries.late_works(actor.own_practice_id)
    if not works:
        return ""
    rows = [(work, alarm_words(work)) for work in works[:_SHOWN]]
    context = {"rows": rows, "count": len(works), "more": len(works) - len(rows)}
    return render_to_string("care/prosthetics/_late.html", context, request)


def banner(request: HttpRequest, patient: "Patient") -> str:
    """Draw in the banner of a record the work that should be back for her."""
    actor = actor_of(request)
    if not may(actor.roles, "laboratory.read") or not queries.has_work_away(patient.id):
        return ""
    works = queries.works_of(actor.own_practice_id, patient.id)
    rows = [(work, alarm_words(work)) for work in works if work.alarm]
    return render_to_string("care/prosthetics/_banner.html", {"rows": rows}, request)


def of_appointment(request: HttpRequest, appointment: "Appointment") -> str:
    """Draw with an appointment the work that is fitted in it."""
    actor = actor_of(request)
    if not may(actor.roles, "laboratory.read"):
        return ""
    works = queries.works_of_visit(actor.own_practice_id, appointment.id)
    rows = [(work, alarm_words(work)) for work in works]
    if not rows:
        return ""
    return render_to_string("care/prosthetics/_of_appointment.html", {"rows": rows}, request)


def works(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the work of laboratories."""
    actor = actor_of(request)
    found = queries.works_of(actor.own_practice_id, patient.id)
    context = {
        "rows": [(work, alarm_words(work)) for work in found],
        "patient": patient,
        "may_write": may(actor.roles, "laboratory.write"),
    }
    return render_to_string("care/prosthetics/_works.html", context, request)


def placed(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the implants and other devices."""
    actor = actor_of(request)
    devices = queries.placed_in(patient.id)
    may_write = may(actor.roles, "trace.write")
    context = {
        "devices": devices,
        "patient": patient,
        "may_write": may_write,
        "has_passport": may_write and any(_is_on_passport(one) for one in devices),
    }
    return render_to_string("care/prosthetics/_placed.html", context, request)


def read_device(request: HttpRequest, patient: "Patient | None", code: str) -> Read | None:
    """Lead from the code of an implant to its form, begun; other products are not ours."""
    if patient is None or not udis.looks_like_udi(code):
        return None
    try:
        udi = _udi(code)
    except udis.InvalidUdi:
        return None
    if udis.is_half(udi):
        return None
    practice_id = actor_of(request).own_practice_id
    article = stock.article_of_gtin(practice_id, udi.gtin)
    # Of what is in stock, only what stays in a mouth is ours; what nobody bought may be one.
    if article is not None and article.category not in stock_rules.STAYS:
        return None
    page = link_to("prosthetics:new_placed", patient.id)
    return Read(go_url=f"{page}?code={quote(udi.handed, safe='()')}")


def begun(practice_id: UUID, code: str) -> dict[str, Any]:
    """Return what a scanned code says of a device; nothing when it cannot be read."""
    try:
        udi = _udi(code)
    except udis.InvalidUdi:
        return {}
    told: dict[str, Any] = {
        "gtin": udi.gtin,
        "lot_number": udi.lot,
        "serial": udi.serial,
        "expires_on": udi.expires_on,
        "udi": udi.shown,
    }
    article = stock.article_of_gtin(practice_id, udi.gtin)
    lot = stock.lot_of_udi(practice_id, udi.gtin, udi.lot, udi.serial)
    if article is not None:
        told |= {name: getattr(article, name) for name in ("name", "maker", "reference")}
    if lot is not None and lot.left > 0:
        told["lot"] = lot.id
    # A lot that is in stock was compared with its label when it arrived.
    told["doubt"] = bool(udi.doubt) and lot is None
    return told


def begun_of_lot(practice_id: UUID, text: str) -> dict[str, Any]:
    """Return what the stock says of a device whose lot was chosen; nothing for no such lot."""
    try:
        lot = stock.lot(practice_id, UUID(text))
    except ValueError:
        return {}
    if lot is None or lot.article.category not in stock_rules.STAYS:
        return {}
    told = {name: getattr(lot.article, name) for name in ("name", "maker", "reference", "gtin")}
    told |= {"lot_number": lot.number, "serial": lot.serial, "udi": lot.udi}
    told |= {"expires_on": lot.expires_on, "doubt": False}
    return told | ({"lot": lot.id} if lot.left > 0 else {})


def against(practice_id: UUID, told: dict[str, Any]) -> list[str]:
    """Return a sentence for each thing known against a device, from what began its form."""
    label = {"number": told.get("lot_number", ""), "serial": told.get("serial", "")}
    words = _("Le lot %(lot)s est rappelé au stock (%(name)s) : %(why)s.")
    found = [
        words % {"lot": lot, "name": lot.article.name, "why": lot.recall_reason}
        for lot in queries.recalled(practice_id, gtin=told.get("gtin", ""), **label)
    ]
    day = told.get("expires_on")
    if stock_rules.is_expired(day, timezone.localdate()):
        found.append(_("Ce dispositif est périmé depuis le %(day)s.") % {"day": f"{day:%d/%m/%Y}"})
    return found


def alarm_words(work: queries.Work) -> str:
    """Return what an alarm says: « pose demain, pas rentré », nothing without one."""
    if work.alarm is None:
        return ""
    days = work.alarm.days
    if work.alarm.tone == "attention":
        return _("retour prévu dépassé")
    if days < 0:
        return _("pose passée, pas rentré")
    if days == 0:
        return _("pose aujourd’hui, pas rentré")
    if days == 1:
        return _("pose demain, pas rentré")
    return _("pose dans %(n)s jours, pas rentré") % {"n": days}


def _is_on_passport(device: Any) -> bool:
    return device.kind in rules.ON_PASSPORT and device.removed_on is None


def _udi(code: str) -> udis.Udi:
    return udis.parse(code, today=timezone.localdate())
