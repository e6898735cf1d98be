"""What the patients' room shows on every page: the search box; and its part of the timeline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quenotte.base.audit.queries import identity_changes
from quenotte.base.keyboard.queries import open_grant
from quenotte.base.keyboard.rules import GLASS
from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.patients.models import Patient
from quenotte.web import kept
from quenotte.web.timeline import Entry


def search_box(request: HttpRequest, subject: Any) -> str:
    """Draw the search of the top bar, for those who may find a patient."""
    if not may(actor_of(request).roles, "patients.search"):
        return ""
    return kept.drawn("care/patients/_search_box.html")


def glass_state(request: HttpRequest, patient: Patient) -> str:
    """Say that the record is open in an emergency, or offer it to whose role does not read it."""
    actor = actor_of(request)
    grant = open_grant(actor.person_id, patient.id) if GLASS in actor.roles else None
    is_offered = may(actor.roles, "patients.break_glass") and not may(actor.roles, "chart.read")
    if grant is None and not is_offered:
        return ""
    context = {"grant": grant, "patient": patient}
    return render_to_string("care/patients/_glass.html", context)


def told(
    request: HttpRequest, patient: Patient, limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline when the record was opened and when the identity changed."""
    return (
        Entry(
            at=line.at,
            kind="identity",
            icon="user-round",
            title=_title(line.action, line.object_kind),
            author=line.person_label,
        )
        for line in identity_changes(patient.id, limit, before)
    )


def _title(action: str, kind: str) -> str:
    if action == "create":
        return _("Dossier créé")
    return _("Identité contrôlée") if kind == "identity" else _("Fiche modifiée")
