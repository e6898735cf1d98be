"""What consents show on other pages: the timeline, and the way to the texts."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.consents import queries
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry

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
            at=sealed_at,
            kind="consent",
            icon="shield-check",
            title=(
                _("Refus signé : %(act)s") if decision == "refused" else _("Consentement : %(act)s")
            )
            % {"act": title},
            author=who,
            url=link_to("consents:one", patient.id, ident),
        )
        for sealed_at, decision, title, who, ident in queries.sealed_before(patient.id, before)
    ][:limit]


def _title(decision: str) -> str:
    return _("Refus signé : %(act)s") if decision == "refused" else _("Consentement : %(act)s")
