"""What the stock shows on other pages, and what its own pages are made of."""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.stock import operations, queries, rules
from quenotte.kernel import udis
from quenotte.kernel.errors import Refusal
from quenotte.web import kept
from quenotte.web.links import link_to
from quenotte.web.scans import Read

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Lots that Aujourd’hui shows.
_SHOWN: Final = 5


class CannotRead(Refusal):
    """The code is not whole, or says something that cannot be."""

    message = ""


def ending(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui what has expired or soon will, and how much is to order."""
    actor = actor_of(request)
    if not may(actor.roles, "stock.write"):
        return ""
    lots = queries.ending(actor.own_practice_id)
    if not lots:
        return ""
    today = timezone.localdate()
    shown = [(lot, rules.freshness(lot.expires_on, today)) for lot in lots[:_SHOWN]]
    context = {"shown": shown, "count": len(lots), "more": len(lots) - len(shown)}
    return render_to_string("care/stock/_ending.html", context, request)


def recalls(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui the recalled lots of which somebody still has to be told."""
    actor = actor_of(request)
    if not may(actor.roles, "stock.read"):
        return ""
    found = queries.recalls(actor.own_practice_id)
    return render_to_string("care/stock/_recalls.html", {"recalls": found}, request)


def scan_card(request: HttpRequest, patient: "Patient") -> str:
    """Draw, beside a patient, the field into which a code is scanned."""
    if not may(actor_of(request).roles, "trace.write"):
        return ""
    places = {
        "scan_url": link_to("stock:scan_for", patient.id),
        "part_url": link_to("stock:traceability", patient.id),
    }
    return kept.drawn_form("care/stock/_scan_card.html", request, fill=places)


def used(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the products that were used."""
    actor = actor_of(request)
    rows = queries.used_for(actor.own_practice_id, patient.id)
    return render_to_string("care/stock/_used.html", {"rows": rows, "patient": patient}, request)


def read_lot(request: HttpRequest, patient: "Patient | None", code: str) -> Read | None:
    """Read the code of a product: one is used for a patient, or its page opens."""
    if not udis.looks_like_udi(code):
        return None
    udi = udi_of(code)
    actor = actor_of(request)
    if patient is not None and udis.is_half(udi):
        return Read(
            _("Produit lu. Lisez maintenant le second code de l’étiquette : il dit le lot.")
        )
    lot = queries.lot_of_udi(actor.own_practice_id, udi.gtin, udi.lot, udi.serial)
    if patient is None or lot is None:
        return Read(go_url=_page_of(actor.own_practice_id, lot, udi))
    try:
        row = operations.use(actor=actor, lot_id=lot.id, quantity=1, patient_id=patient.id)
    except operations.NotEnough:
        # The box is in her hand, whatever the ledger says: the page asks, and traces it.
        return Read(go_url=f"{link_to('stock:traceability', patient.id)}?manque={lot.id}")
    words = _("%(name)s, lot %(lot)s : 1 retiré du stock pour ce patient.")
    return Read(
        words % {"name": lot.article.name, "lot": lot},
        undo_url=link_to("stock:take_back_for", patient.id, row.id),
    )


def _page_of(practice_id: UUID, lot: Any, udi: udis.Udi) -> str:
    """Return where a code leads: its lot, its article with an arrival begun, a new article."""
    if lot is not None:
        return link_to("stock:lot", lot.id)
    article = queries.article_of_gtin(practice_id, udi.gtin)
    page = link_to("stock:article", article.id) if article else link_to("stock:new_article")
    return f"{page}?code={quote(udi.handed, safe='()')}"


def udi_of(code: str) -> udis.Udi:
    """Return what a scanned code says. Raises: CannotRead."""
    try:
        return udis.parse(code, today=timezone.localdate())
    except udis.InvalidUdi as error:
        raise CannotRead(_unread(error.reason)) from error


def _unread(reason: str) -> str:
    sentences = {
        "check_digit": _("Ce code a été mal lu (chiffre de contrôle)."),
        "date": _("Ce code porte une date qui n’existe pas."),
        "other": _("Ce code ne dit que le lot : lisez d’abord celui du produit, à côté."),
        "link": _("Ces deux codes ne sont pas ceux de la même étiquette."),
        "cut": _("Ce code est incomplet, ou la douchette n’envoie pas le séparateur (FNC1)."),
    }
    begun = sentences.get(reason, _("Ce code n’est pas celui d’un produit (GS1, HIBC)."))
    rest = _("Rien n’a été enregistré : scannez de nouveau, ou tapez le lot.")
    return f"{begun} {rest}"
