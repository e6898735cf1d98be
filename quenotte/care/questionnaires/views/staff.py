"""Pages of the practice: what was answered, filling it together, handing the tablet over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.base.tablets import operations as tablets
from quenotte.base.tablets import queries as links
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.queries import frame_of
from quenotte.care.questionnaires import aside, forms, operations, panels, queries, rules
from quenotte.care.questionnaires.models import Questionnaire
from quenotte.care.questionnaires.views import shown
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done, shown_paper
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to
from quenotte.web.qrcodes import draw


@requires("history.read")
@require_GET
def history(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the medical history of a patient: her newest questionnaire and the older ones."""
    return _page(request, patient_id, None)


@requires("history.read")
@require_GET
def one(request: HttpRequest, patient_id: UUID, questionnaire_id: UUID) -> HttpResponse:
    """Show one questionnaire, and what changed since the one before."""
    return _page(request, patient_id, questionnaire_id)


@requires("history.fill")
@require_GET
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw the card of the record."""
    patient = opened_patient(actor_of(request), patient_id, action="history.fill")
    standing = queries.standing(patient.id)
    context = {
        "patient_id": patient.id,
        "badge": panels.badge_of(standing),
        "standing": standing,
        "is_begun": queries.begun(patient.id) is not None,
    }
    return render(request, "care/questionnaires/_card.html", context)


@requires("history.review")
@require_POST
def review(request: HttpRequest, patient_id: UUID, questionnaire_id: UUID) -> HttpResponse:
    """Accept what was sent."""
    patient = opened_patient(actor_of(request), patient_id, action="history.review")
    if queries.one_of(patient.id, questionnaire_id) is None:
        raise Http404
    try:
        operations.review(
            actor=actor_of(request), patient_id=patient.id, questionnaire_id=questionnaire_id
        )
        messages.success(request, _("Questionnaire relu : il fait foi dans le dossier."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("questionnaires:history", patient.id)


@requires("history.fill")
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Fill the questionnaire with the patient, all on one page; what is typed is kept at once."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="history.fill")
    if request.method == "GET":
        return _fill_page(request, patient, shown.Filling.looked_at(actor, patient.id))
    back = link_to("questionnaires:fill", patient.id)
    if "garder" in request.GET:
        return done(request, lambda: _note(request, patient.id), back=back)
    if "reprendre" in request.GET:
        return done(request, lambda: _take_up(request, patient.id), back=back)
    try:
        noted = _note(request, patient.id)
        facts = queries.person(patient.id, actor.own_practice_id).facts
        signing = forms.signing_of(request.POST, facts)
        sent = operations.send(actor=actor, questionnaire_id=noted.id, signing=signing)
    except Refusal as refusal:
        filling = shown.Filling.looked_at(actor, patient.id)
        is_short = isinstance(refusal, operations.AnswersMissing)
        return _fill_page(request, patient, filling, error=str(refusal), is_short=is_short)
    aside.forget(actor=actor, patient_id=patient.id)
    messages.success(request, _("Questionnaire enregistré. Ses alertes sont sur le bandeau."))
    if not operations.try_paper(actor=actor, questionnaire_id=sent.id):
        messages.warning(request, _("Son PDF n’a pas pu être fait : il sera refait dans l’heure."))
    return redirect("patients:record", patient.id)


@requires("history.fill")
@require_http_methods(["GET", "POST"])
def tablet(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Hand the questionnaire over on a tablet: a drawing, a code, and how far she is."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="history.fill")
    if request.method == "POST":
        found = operations.begin(actor=actor, patient_id=patient.id, on_tablet=True)
        person = queries.person(patient.id, actor.own_practice_id)
        tablets.hand_over(
            actor=actor,
            purpose=queries.PURPOSE,
            subject_id=found.id,
            first_name=person.first_name,
            birth_year=person.birth_year,
        )
        return redirect("questionnaires:tablet", patient.id)
    context = {**frame_of(patient), **_link(request, patient.id)}
    name = "_tablet" if wants_fragment(request) else "tablet"
    return render(request, f"care/questionnaires/{name}.html", context)


@requires("history.fill")
@require_GET
def blank(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Give the sheet to fill by hand."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id, purpose="print", action="history.fill")
    return shown_paper(
        request,
        lambda: operations.blank_paper(practice_id=actor.own_practice_id, patient_id=patient.id),
        back=link_to("questionnaires:tablet", patient.id),
    )


@requires("history.read")
@require_GET
def paper(request: HttpRequest, patient_id: UUID, questionnaire_id: UUID) -> HttpResponse:
    """Give the PDF of a questionnaire."""
    patient = patient_for(actor_of(request), patient_id, purpose="print", action="history.read")
    if queries.one_of(patient.id, questionnaire_id) is None:
        raise Http404
    operations.try_paper(actor=actor_of(request), questionnaire_id=questionnaire_id)
    return shown_paper(
        request,
        lambda: operations.paper_of(questionnaire_id=questionnaire_id),
        back=link_to("questionnaires:history", patient.id),
    )


def _page(request: HttpRequest, patient_id: UUID, questionnaire_id: UUID | None) -> HttpResponse:
    patient = opened_patient(actor_of(request), patient_id, action="history.read")
    everything = queries.of_patient(patient.id)
    wanted = [one for one in everything if questionnaire_id in {None, one.id}]
    if questionnaire_id is not None and not wanted:
        raise Http404
    standing = queries.standing(patient.id)
    context: dict[str, Any] = {
        **frame_of(patient),
        "standing": standing,
        "badge": panels.badge_of(standing),
        "everything": everything,
        "is_begun": queries.begun(patient.id) is not None,
    }
    if wanted:
        context["read"] = shown.Read.of(wanted[0])
    return render(request, "care/questionnaires/history.html", context)


def _note(request: HttpRequest, patient_id: UUID) -> Questionnaire:
    return aside.note_page(
        actor=actor_of(request),
        patient_id=patient_id,
        seen=forms.seen_of(request.POST),
        read=lambda section, facts: forms.read(section, facts, request.POST),
    )


def _take_up(request: HttpRequest, patient_id: UUID) -> Questionnaire:
    return aside.take_up(
        actor=actor_of(request),
        patient_id=patient_id,
        seen=forms.seen_of(request.POST),
        keys=request.POST.getlist("reprise"),
    )


def _fill_page(
    request: HttpRequest,
    patient: Any,
    filling: shown.Filling,
    *,
    error: str = "",
    is_short: bool = False,
) -> HttpResponse:
    tablet = queries.newest_tablet(patient.id)
    context = {
        **frame_of(patient),
        "title": _(filling.asked.title),
        "parts": filling.parts(wrong=is_short),
        "is_on_tablet": tablet is not None and tablet.is_alive,
        "seen": filling.seen(tablet),
        "aside": filling.aside(actor_of(request)),
        "facts": filling.person.facts,
        "error": error,
        "typed": request.POST,
    }
    status = 422 if error else 200
    return render(request, "care/questionnaires/fill.html", context, status=status)


def _link(request: HttpRequest, patient_id: UUID) -> dict[str, Any]:
    found = queries.begun(patient_id) or queries.newest_on_tablet(patient_id)
    handed = links.handed(request, queries.PURPOSE, found.id) if found else None
    last = queries.newest_on_tablet(patient_id)
    if handed is None and last and found and last.started_at > found.started_at:
        # The draft beneath the one that was given back.
        handed = links.handed(request, queries.PURPOSE, last.id)
    return {
        "handed": handed,
        "drawing": draw(handed.address) if handed and handed.address else "",
        "door": links.door_of(request),
        "standing": queries.standing(patient_id),
        "word_to_review": rules.TO_REVIEW,
    }
