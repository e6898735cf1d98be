"""What the takeover shows elsewhere: its tab of the practice, and a patient's opening balance."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.takeover import queries

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def part(request: HttpRequest, current: Any) -> str:
    """Draw the tab of the practice's pages, for those who may take files over."""
    if not may(actor_of(request).roles, "takeover.manage"):
        return ""
    return render_to_string("care/takeover/_part.html", {"part": current}, request)


def balance(request: HttpRequest, patient: "Patient") -> str:
    """Draw what the patient owed when her records were taken over, when anything."""
    cents = queries.balance_cents(patient.id)
    if not cents:
        return ""
    euros, rest = divmod(abs(cents), 100)
    # Thousands are parted by a narrow no-break space.
    amount = f"{euros:,}".replace(",", "\u202f") + f",{rest:02}\u00a0€"
    words = (
        _("Solde repris : %(amount)s dus") if cents > 0 else _("Solde repris : avoir de %(amount)s")
    ) % {"amount": amount}
    context = {"words": words, "tone": "attention" if cents > 0 else "info"}
    return render_to_string("care/takeover/_balance.html", context, request)
