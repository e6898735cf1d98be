"""The acts of a visit: planned ones with one key, others in one line, each taken back."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import queries as plans
from quenotte.office.plans.operations import UnknownAct
from quenotte.office.visits import access, operations, panels, queries
from quenotte.office.visits.forms import ActForm
from quenotte.office.visits.models import VisitAct
from quenotte.office.visits.operations import NoSuchVisit
from quenotte.office.visits.views.answering import visit_done
from quenotte.web.addresses import key_of
from quenotte.web.fragments import wants_fragment


@requires("visits.write")
@require_POST
def do_planned(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Note that a planned act is done; the toast takes it back."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    line_id = uuid_of(request.POST.get("ligne", ""))
    made: list[VisitAct] = []

    def work() -> None:
        if line_id is None:
            raise NoSuchVisit
        made.append(
            operations.do_planned(
                actor=actor, patient_id=patient.id, visit_id=visit.id, line_id=line_id
            )
        )

    def told() -> str:
        return panels.undrawn(patient, made) or _("Acte fait.")

    return visit_done(request, patient, visit.id, work, text=told, tell="actDone")


@requires("visits.write")
@require_safe
def search(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Propose the acts that the typed line may mean."""
    patient, visit = access.visit_for(
        actor_of(request), patient_id, visit_id, action="visits.write"
    )
    context = panels.suggestions(patient, visit, request.GET.get("q", ""))
    if wants_fragment(request) or visit.closed_at is not None:
        return render(request, "office/visits/_found.html", context)
    page = panels.visit_page(request, patient, visit)
    return render(request, "office/visits/visit.html", {**frame_of(patient), **page, **context})


@requires("visits.write")
@require_POST
def add(request: HttpRequest, patient_id: UUID, visit_id: UUID) -> HttpResponse:
    """Note acts that no plan foresaw: those chosen, or the first that the line means."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")

    made: list[VisitAct] = []

    def work() -> None:
        found = plans.chosen_lines(
            patient.practice_id,
            request.POST.get("actes", ""),
            request.POST.get("q", ""),
            timezone.localdate(queries.moment_of_care(visit)),
        )
        if not found:
            raise UnknownAct
        made.extend(
            operations.do_others(
                actor=actor,
                patient_id=patient.id,
                visit_id=visit.id,
                acts=found,
                key=key_of(request),
            )
        )

    return visit_done(
        request,
        patient,
        visit.id,
        work,
        text=lambda: panels.undrawn(patient, made),
        tell="lineAdded",
        form_id="acte",
    )


@requires("visits.write")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID) -> HttpResponse:
    """Show what may be changed of an act; save it."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    context = panels.act_form(patient, visit, act_id)
    if context is None:
        raise Http404
    status = 200
    if request.method == "POST":
        form = ActForm(request.POST, practice_id=patient.practice_id)
        if form.is_valid():
            return visit_done(
                request,
                patient,
                visit.id,
                lambda: operations.change_act(
                    actor=actor,
                    patient_id=patient.id,
                    visit_id=visit.id,
                    act_id=act_id,
                    values=form.values,
                ),
                text=_("L’acte est enregistré."),
            )
        context, status = {**context, "form": form}, 422
    template = "_act_form.html" if wants_fragment(request) else "act.html"
    context = {**frame_of(patient), **context}
    answer = render(request, f"office/visits/{template}", context, status=status)
    if status == 422:
        answer["HX-Retarget"] = f"#acte-{act_id} .line-form"
        answer["HX-Reswap"] = "outerHTML"
    return answer


@requires("visits.write")
@require_POST
def undo(request: HttpRequest, patient_id: UUID, visit_id: UUID, act_id: UUID) -> HttpResponse:
    """Take an act back."""
    actor = actor_of(request)
    patient, visit = access.visit_for(actor, patient_id, visit_id, action="visits.write")
    return visit_done(
        request,
        patient,
        visit.id,
        lambda: operations.undo_act(
            actor=actor, patient_id=patient.id, visit_id=visit.id, act_id=act_id
        ),
        text=_("L’acte est repris : il n’est plus noté comme fait."),
    )
