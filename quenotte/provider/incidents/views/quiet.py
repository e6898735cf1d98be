"""Pages of planned quiet: a maintenance window of a practice, an exemption from a rule."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.customers.access import customer_for
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import operations
from quenotte.provider.incidents.forms import ExemptionForm, WindowForm
from quenotte.provider.incidents.models import Exemption, Window
from quenotte.provider.traces.operations import note_opening

_WORK = "fleet.work"


@requires(_WORK, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Plan a maintenance window."""
    customer = customer_for(request, customer_id, what="maintenance")
    form = _window_form(request, customer_id)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.period
        machine = form.cleaned_data["machine"]
        try:
            operations.plan(
                customer_id=customer.id,
                machine_id=UUID(machine) if machine else None,
                starts_at=starts_at,
                ends_at=ends_at,
                why=form.cleaned_data["why"],
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La maintenance est prévue. Elle finira toute seule."))
            return redirect("fleet:practice", customer.id)
    return render(request, "provider/incidents/window.html", {"customer": customer, "form": form})


def _window_form(request: HttpRequest, customer_id: UUID) -> WindowForm:
    begins = timezone.localtime().replace(second=0, microsecond=0)
    ends = begins + timedelta(hours=2)
    initial = {
        "starts_on": begins.date(), "starts_at": begins.time(),
        "ends_on": ends.date(), "ends_at": ends.time(),
        "machine": request.GET.get("machine", ""),
    }  # fmt: skip
    return WindowForm(
        request.POST or None, initial=initial, machines=enrolment.accepted(customer_id)
    )


@requires(_WORK, fresh_to_write=True)
@require_POST
def end(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """End a window before its time."""
    must_have_signed(request)
    try:
        window = operations.end_now(window_id=window_id, actor=actor_of(request))
    except Window.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("fleet:morning")
    note_opening(actor=actor_of(request), customer_id=window.customer_id, what="maintenance")
    messages.success(request, _("La maintenance est finie : tout est regardé de nouveau."))
    return redirect("fleet:practice", window.customer_id)


@requires(_WORK, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Bear what a rule found, for a while."""
    shown = fleet.shown_finding(finding_id)
    if shown is None:
        raise Http404
    customer = customer_for(request, shown.finding.customer_id, what="exemption")
    form = ExemptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.grant(
                finding_id=finding_id,
                why=form.cleaned_data["why"],
                ends_at=form.ends_at,
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’exception est accordée, jusqu’à sa date."))
            return redirect("fleet:practice", customer.id)
    context = {"customer": customer, "shown": shown, "form": form}
    return render(request, "provider/incidents/exemption.html", context)


@requires(_WORK, fresh_to_write=True)
@require_POST
def withdraw(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """End an exemption before its time."""
    must_have_signed(request)
    try:
        found = operations.withdraw(exemption_id=exemption_id, actor=actor_of(request))
    except Exemption.DoesNotExist as missing:
        raise Http404 from missing
    note_opening(actor=actor_of(request), customer_id=found.customer_id, what="exemption")
    messages.success(request, _("L’exception est retirée : la règle compte de nouveau."))
    return redirect("fleet:practice", found.customer_id)
