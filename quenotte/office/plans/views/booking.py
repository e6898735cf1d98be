"""The sessions of a plan as appointments: slots with the right gaps, booked in one go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.queries import frame_of
from quenotte.office.plans import access, operations, panels


@requires("plans.book")
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Propose slots for the sessions; book those that were chosen."""
    actor = actor_of(request)
    patient, plan = access.plan_for(actor, patient_id, plan_id, action="plans.book")
    asked = request.POST if request.method == "POST" else request.GET
    form = panels.booking_form(patient, plan.id, asked)
    if request.method == "POST" and form.wishes:
        outcomes = operations.book_sessions(
            actor=actor, patient_id=patient.id, plan_id=plan.id, wishes=form.wishes
        )
        _tell(request, outcomes)
        if all(one.appointment_id for one in outcomes):
            return redirect("plans:plans", patient.id)
        return redirect("plans:book", patient.id, plan.id)
    context = {**frame_of(patient), **panels.booking_page(patient, plan.id, form)}
    return render(request, "office/plans/booking.html", context)


def _tell(request: HttpRequest, outcomes: list[operations.Outcome]) -> None:
    """Say what was booked, and each refusal with its moment and its reason."""
    count = sum(1 for one in outcomes if one.appointment_id)
    if count:
        words = ngettext("%(count)s rendez-vous réservé.", "%(count)s rendez-vous réservés.", count)
        messages.success(request, words % {"count": count})
    for one in outcomes:
        if one.refusal:
            day = date_format(localtime(one.starts_at), "j F à G \\h i")
            words = _("Le %(day)s n’a pas été réservé. %(why)s")
            messages.warning(request, words % {"day": day, "why": one.refusal})
