"""A pouch that should not have been opened, and was."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.sterilisation import operations, queries, rules
from quenotte.care.sterilisation.forms import OpenedForm
from quenotte.care.sterilisation.models import Pouch
from quenotte.kernel.errors import Refusal


@requires("trace.write")
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask whether a pouch (``?code=``) was opened whatever is known against it, and write it."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="trace.write")
    pouch = queries.pouch_of(actor.own_practice_id, rules.read_code(request.GET.get("code", "")))
    if pouch is None:
        raise Http404
    form = OpenedForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _written(request, patient.id, pouch, form):
        return redirect("stock:traceability", patient.id)
    against = queries.against(pouch)
    if against is None and not form.errors:
        messages.info(request, _("Ce sachet peut être ouvert : lisez de nouveau son étiquette."))
        return redirect("stock:traceability", patient.id)
    context = {
        **patients.frame_of(patient),
        "pouch": pouch,
        "against": against,
        "words": operations.REFUSALS[against].message if against else "",
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "care/sterilisation/opened.html", context, status=status)


def _written(request: HttpRequest, patient_id: UUID, pouch: Pouch, form: OpenedForm) -> bool:
    try:
        use = operations.attach(
            actor=actor_of(request),
            patient_id=patient_id,
            code=pouch.code,
            despite=form.cleaned_data["reason"],
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Le sachet est noté ouvert pour ce patient."))
    if use.barred == rules.Fault.FAILED:
        messages.warning(
            request, _("Son cycle est non conforme : ce patient est sur la liste de rappel.")
        )
    return True
