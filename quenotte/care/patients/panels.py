"""What the patients' room shows on every page: the search box; and its part of the timeline."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.base.audit.queries import identity_changes
from quenotte.base.keyboard.queries import open_grant
from quenotte.base.keyboard.rules import GLASS
from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.patients.models import Patient
from quenotte.care.patients.queries import Found, alerts_of
from quenotte.web import kept
from quenotte.web.html import format_html, joined
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry


def search_box(request: HttpRequest, subject: Any) -> str:
    """Draw the search of the top bar, for those who may find a patient."""
    if not may(actor_of(request).roles, "patients.search"):
        return ""
    return kept.drawn("care/patients/_search_box.html")


def alert_chips(request: HttpRequest, patient: Patient) -> str:
    """Draw the alerts of a patient on a page that is about her and has no banner of hers."""
    return render_to_string(
        "care/patients/_alert_chips.html", {"found": alerts_of(patient.id)}, request
    )


def result_lines(found: Iterable[Found]) -> SafeString:
    """Draw what a search found; in Python, because this is the hottest list of the product."""
    return joined(_result_line(number, one) for number, one in enumerate(found, start=1))


def _result_line(number: int, one: Found) -> SafeString:
    return format_html(
        '<a class="search-result" role="option" id="resultat-{}" aria-selected="false"'
        ' tabindex="-1" href="{}"><span class="search-result-title">{}{}{}</span>'
        '<span class="search-result-text">{} · {} · n° {}{}</span></a>',
        number,
        link_to("patients:record", one.id),
        one.name,
        _birth_name(one) if one.birth_name else "",
        joined(_tags(one)),
        one.birth,
        one.sex,
        one.file_number,
        f" · {one.phone}" if one.phone else "",
    )


def _tags(one: Found) -> Iterator[SafeString]:
    if one.is_dead:
        yield format_html(' <strong class="tag">{}</strong>', _("décès"))
    if one.is_homonym:
        yield format_html(' <strong class="tag tone-attention">{}</strong>', _("homonyme"))
    if one.has_alert:
        yield format_html(' <strong class="tag tone-danger">{}</strong>', _("alerte"))
    if one.is_close:
        yield format_html(' <em class="tag">{}</em>', _("orthographe proche"))


def _birth_name(one: Found) -> SafeString:
    return format_html(' <span class="birth-name">{} {}</span>', one.born, one.birth_name)


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
