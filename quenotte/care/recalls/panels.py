"""Recalls on other pages, and what their own pages show."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.agenda import queries as agenda
from quenotte.care.recalls import queries, rules
from quenotte.care.recalls.forms import AgreeForm, AskForm, AttemptForm, LaterForm
from quenotte.care.recalls.wording import filled
from quenotte.web import kept
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient
    from quenotte.care.recalls.models import Recall

#: How far the list looks: name in the address -> days ahead.
_HORIZONS: Final = {"semaine": 7, "mois": 30, "trimestre": 91}


def of_patient(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of a patient's recalls, filled after the first paint."""
    if not may(actor_of(request).roles, "recalls.use"):
        return ""
    return kept.drawn(
        "care/recalls/_place.html", fill={"address": link_to("recalls:of_patient", patient.id)}
    )


def due(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui how many patients are to be asked back this week."""
    actor = actor_of(request)
    if not may(actor.roles, "recalls.use"):
        return ""
    count = queries.count_due(actor.own_practice_id, timezone.localdate())
    return render_to_string("care/recalls/_due.html", {"count": count}, request) if count else ""


def part(request: HttpRequest, current: Any) -> str:
    """Draw the tab of the practice's pages."""
    if not may(actor_of(request).roles, "recalls.manage"):
        return ""
    return render_to_string("care/recalls/_part.html", {"part": current}, request)


def list_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the list shows: whom to call, who comes anyway, or what ended."""
    practice_id, view = actor_of(request).own_practice_id, request.GET.get("vue", "")
    horizon, rule = _asked(request)
    if view == "prevus":
        page = queries.coming_anyway(practice_id)
    elif view == "termines":
        page = queries.closed(practice_id)
    else:
        view, until = "", timezone.localdate() + timedelta(days=_HORIZONS[horizon])
        page = queries.to_call(practice_id, until=until, rule_id=rule)
    address = reverse("recalls:list")
    return {
        "page": page,
        "view": view,
        "horizon": horizon,
        "rule": rule,
        "rules": queries.rules_of(practice_id),
        "horizons": [
            ("semaine", _("7 jours")),
            ("mois", _("30 jours")),
            ("trimestre", _("3 mois")),
        ],
        "address": request.get_full_path(),
        "tabs": [
            {"label": label, "url": f"{address}{asked}", "current": view == key}
            for key, asked, label in (
                ("", "", _("À contacter")),
                ("prevus", "?vue=prevus", _("Ont rendez-vous")),
                ("termines", "?vue=termines", _("Terminées")),
            )
        ],
    }


def recall_page(request: HttpRequest, recall_id: UUID) -> dict[str, Any]:
    """Return what the page of one recall shows."""
    practice_id = actor_of(request).own_practice_id
    line = queries.line_of(practice_id, recall_id)
    texts = []
    if line is not None and not line.is_let_alone:
        names = {rules.Channel.MAIL: _("Courriel"), rules.Channel.SMS: _("SMS")}
        texts = [
            (channel.value, name, *filled(practice_id, line.patient_id, channel))
            for channel, name in names.items()
        ]
    return {
        "one": line,
        "texts": texts,
        "has_address": bool(line and line.address),
        "attempt": AttemptForm(),
        "later": LaterForm(),
    }


def patient_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return the recalls of a patient, what was agreed with her, and the form of a new one."""
    agreed = queries.choices_of(patient.id)
    found = queries.rules_of(patient.practice_id).filter(is_active=True)
    return {
        "patient": patient,
        "open": queries.of_patient(patient.id),
        "past": [one for one in queries.history_of(patient.id) if one.closed_at],
        "agreed": [
            (rule, agreed.get(rule.id), AgreeForm(initial={"months": agreed.get(rule.id)}))
            for rule in found
        ],
        "form": AskForm(initial={"due_on": rules.add_months(timezone.localdate(), 6)}),
    }


def slot_wanted(recall: "Recall", today: date) -> dict[str, str]:
    """Return what is asked of the agenda: for whom, how long, which type, from which day.

    The reason stays out of it: an address is written in logs.
    """
    kinds = list(agenda.offered_types(recall.practice_id))
    reason = recall.rule.name if recall.rule else recall.reason
    place = rules.nearest(reason, [one.name for one in kinds])
    kind = None if place is None else kinds[place]
    wanted = {"patient": str(recall.patient_id), "minutes": str(kind.minutes if kind else 30)}
    if kind:
        wanted["kind"] = str(kind.id)
    return wanted | {"since": f"{max(recall.due_on, today):%d/%m/%Y}"}


def _asked(request: HttpRequest) -> tuple[str, UUID | None]:
    horizon = request.GET.get("jusqu", "")
    try:
        rule = UUID(request.GET.get("regle", ""))
    except ValueError:
        rule = None
    return (horizon if horizon in _HORIZONS else "mois"), rule
