"""What consents show on other pages: the timeline, and the way to the texts."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.consents import queries, rules
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry

#: Lines of the card of Aujourd’hui.
MOST_TO_SIGN: Final = 8

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def part(request: HttpRequest, part: str) -> str:
    """Draw the tab of the texts among the parts of the practice."""
    if not may(actor_of(request).roles, "consents.manage"):
        return ""
    return render_to_string("care/consents/_part.html", {"part": part})


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline what was decided."""
    if not may(actor_of(request).roles, "consents.read"):
        return []
    return [
        Entry(
            at=at,
            kind="consent",
            icon="shield-check",
            title=(
                _("Refus signé : %(act)s") if decision == "refused" else _("Consentement : %(act)s")
            )
            % {"act": title},
            text=_standing(state, withdrawn_at),
            author=who,
            url=link_to("consents:one", patient.id, ident),
        )
        for at, decision, title, who, ident, state, withdrawn_at in queries.told_before(
            patient.id, before
        )
    ][:limit]


def to_sign(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui the consents that patients signed and no practitioner did."""
    actor = actor_of(request)
    if not may(actor.roles, "consents.sign"):
        return ""
    found = queries.to_sign(actor.own_practice_id, MOST_TO_SIGN + 1)
    if not found:
        return ""
    context = {"found": found[:MOST_TO_SIGN], "has_more": len(found) > MOST_TO_SIGN}
    return render_to_string("care/consents/_to_sign.html", context, request)


def _standing(state: str, withdrawn_at: datetime | None) -> str:
    if withdrawn_at is not None:
        day = date_format(timezone.localdate(withdrawn_at), "d/m/Y")
        return _("Retiré le %(day)s") % {"day": day}
    return _("À signer par le praticien") if state == rules.State.ANSWERED else ""
