"""Pages of a record: translation between HTTP and the operations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.files.operations import open_blob
from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.base.people.operations import discard_draft
from quenotte.care.patients import duplicates, operations, queries, rules
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.forms import (
    AlertForm,
    DeathForm,
    IdentityForm,
    PapersForm,
    PhotoForm,
    RelativeForm,
)
from quenotte.care.patients.models import Patient
from quenotte.kernel.errors import Refusal
from quenotte.web import timeline
from quenotte.web.addresses import instant_of
from quenotte.web.fragments import wants_fragment
from quenotte.web.freshness import unless_known

#: Results of a search; more means that another word must be typed.
_RESULTS = 20
_RECENT = 12
_TIMELINE = 12
_NEW_PATIENT = "patient:nouveau"
#: Translated once for a whole list: the loop is the hottest of the product.
_WORDS = {
    "dead": gettext_lazy("décès"),
    "homonym": gettext_lazy("homonyme"),
    "alert": gettext_lazy("alerte"),
    "close": gettext_lazy("orthographe proche"),
}


@requires("patients.search")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the records that this person opened last."""
    context = {"recent": queries.recent(actor_of(request), _RECENT)}
    return render(request, "care/patients/home.html", context)


@requires("patients.search")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer what is being typed: suggestions, or a page without script."""
    text = request.GET.get("q", "")[:100]
    found = operations.search(actor=actor_of(request), text=text, limit=_RESULTS)
    context: dict[str, Any] = {"found": found, "text": text.strip()}
    if wants_fragment(request):
        context["words"] = _WORDS
        return render(request, "care/patients/_results.html", context)
    return render(request, "care/patients/search.html", context)


@requires("patients.read")
@require_GET
def record(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the whole record: one request, one line of the journal."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id, purpose="record")
    if patient.id != patient_id:
        return redirect("patients:record", patient_id=patient.id)
    context = {
        "patient": patient,
        "summary": queries.summary_of(patient),
        "entries": timeline.entries_for(request, patient, _TIMELINE + 1),
    }
    _cut(context, patient)
    return render(request, "care/patients/record.html", context)


@requires("patients.read")
@require_GET
def banner(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Draw the banner again, when something of this patient changed."""
    patient = opened_patient(actor_of(request), patient_id)
    context = {"patient": patient, "summary": queries.summary_of(patient)}
    if wants_fragment(request):
        return render(request, "care/patients/_banner.html", context)
    return redirect("patients:record", patient_id=patient.id)


@requires("patients.read")
@require_GET
def history(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the entries of the timeline that are older than ``?avant=``."""
    patient = opened_patient(actor_of(request), patient_id)
    before = instant_of(request, "avant")
    context: dict[str, Any] = {
        "patient": patient,
        "entries": timeline.entries_for(request, patient, _TIMELINE + 1, before),
    }
    _cut(context, patient)
    name = "_history" if wants_fragment(request) else "history"
    return render(request, f"care/patients/{name}.html", context)


@requires("patients.read")
@require_GET
def print_summary(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the sheet that is printed."""
    patient = patient_for(actor_of(request), patient_id, purpose="print")
    context = {
        "patient": patient,
        "summary": queries.summary_of(patient),
        "relatives": queries.relatives_of(patient.id),
    }
    return render(request, "care/patients/print.html", context)


@requires("patients.write")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Open a new record; look-alikes are shown before a second record is made."""
    if request.method == "GET":
        guessed = queries.guess_from(request.GET.get("q", ""))
        context = {"form": IdentityForm(initial=guessed), "draft_key": _NEW_PATIENT}
        if not guessed:
            context["draft"] = _draft(request, _NEW_PATIENT)
        return render(request, "care/patients/create.html", context)
    if "abandon" in request.POST:
        return _abandon(request, _NEW_PATIENT)
    form = IdentityForm(request.POST)
    actor = actor_of(request)
    alike = duplicates.look(actor=actor, wanted=form.traits()) if form.is_valid() else []
    doubtful = [one for one in alike if one.must_be_decided]
    if form.is_valid() and (not doubtful or request.POST.get("confirme")):
        try:
            patient = operations.create_patient(
                actor=actor, values=form.typed(), look_alikes=len(doubtful)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            discard_draft(person_id=person_of(request).id, key=_NEW_PATIENT)
            messages.success(request, _("Le dossier est créé."))
            return redirect("patients:record", patient_id=patient.id)
    context = {
        "form": form,
        "alike": alike,
        "must_decide": bool(doubtful),
        "draft_key": _NEW_PATIENT,
    }
    return render(request, "care/patients/create.html", context, status=422)


@requires("patients.write")
@require_POST
def look_alikes(request: HttpRequest) -> HttpResponse:
    """Show, while a new patient is typed, the records that may be hers already."""
    wanted = IdentityForm(request.POST).traits_so_far()
    alike = duplicates.look(actor=actor_of(request), wanted=wanted)
    return render(request, "care/patients/_look_alikes.html", {"alike": alike})


@requires("patients.write")
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Change who the patient is and how she is reached."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    if request.method == "GET":
        draft = _draft(request, _draft_key(patient))
        return _identity_page(request, patient, IdentityForm.of(patient), draft=draft)
    if "abandon" in request.POST:
        return _abandon(request, _draft_key(patient))
    form = IdentityForm(request.POST, initial=IdentityForm.values_of(patient))
    if not form.is_valid():
        return _identity_page(request, patient, form, status=422)
    try:
        operations.change_patient(
            actor=actor_of(request),
            patient_id=patient.id,
            # The form of a record that was united with another meanwhile fits no version.
            expected_version=form.cleaned_data["version"] if patient.id == patient_id else 0,
            values=form.touched(),
            seen=form.seen(),
        )
    except operations.ChangedMeanwhile as refusal:
        return _identity_page(request, patient, _merged(patient, form, refusal), status=409)
    except Refusal as refusal:
        form.refuse(refusal)
        return _identity_page(request, patient, form, status=422)
    discard_draft(person_id=person_of(request).id, key=_draft_key(patient))
    messages.success(request, _("La fiche est enregistrée."))
    return redirect("patients:record", patient_id=patient.id)


@requires("patients.write")
@require_POST
def check_identity(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Say which paper was seen."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = PapersForm(request.POST)
    if form.is_valid():
        _try(
            request,
            _("La pièce est notée ; aucune copie n’est gardée."),
            operations.check_identity,
            patient_id=patient.id,
            paper=form.cleaned_data["paper"],
        )
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.write")
@require_POST
def death(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Note a death, or take it back when the date is emptied."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = DeathForm(request.POST)
    if not form.is_valid():
        return _identity_page(
            request, patient, IdentityForm.of(patient), status=422, death_form=form
        )
    _try(
        request,
        _("La fiche est enregistrée."),
        operations.record_death,
        patient_id=patient.id,
        died_on=form.cleaned_data["died_on"],
    )
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.read")
@require_GET
def photo(request: HttpRequest, patient_id: UUID) -> HttpResponseBase:
    """Send the face of a patient."""
    patient = opened_patient(actor_of(request), patient_id)
    face = patient.photo
    if face is None:
        raise Http404

    def drawn() -> HttpResponse:
        with open_blob(face) as stream:
            return HttpResponse(stream.read(), content_type="image/jpeg")

    return unless_known(request, face.sha256, drawn)


@requires("patients.write")
@require_POST
def change_photo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Keep a new face."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        _try(
            request,
            _("La photo est enregistrée."),
            operations.set_photo,
            patient_id=patient.id,
            content=form.cleaned_data["photo"].read(),
        )
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["photo"]))
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.write")
@require_POST
def remove_photo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show no face any more."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    _try(request, _("La photo est retirée."), operations.remove_photo, patient_id=patient.id)
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.medical")
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the alerts and the place where one is added."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.medical")
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.add_alert(actor=actor_of(request), patient_id=patient.id, **form.cleaned_data)
        if not wants_fragment(request):
            return redirect("patients:record", patient_id=patient.id)
        form = AlertForm()
    return _alerts_page(request, patient, form)


@requires("patients.medical")
@require_POST
def end_alert(request: HttpRequest, patient_id: UUID, alert_id: UUID) -> HttpResponse:
    """Take an alert off the banner; the record keeps its trace."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.medical")
    if queries.has_alert(patient.id, alert_id):
        operations.end_alert(actor=actor_of(request), patient_id=patient.id, alert_id=alert_id)
    if not wants_fragment(request):
        return redirect("patients:record", patient_id=patient.id)
    return _alerts_page(request, patient, AlertForm())


@requires("patients.write")
@require_http_methods(["GET", "POST"])
def relatives(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show those who count for the patient, and add one."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = RelativeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.add_related_person(
            actor=actor_of(request), patient_id=patient.id, values=form.cleaned_data
        )
        if not wants_fragment(request):
            return redirect("patients:identity", patient_id=patient.id)
        form = RelativeForm()
    return _relatives_page(request, patient, form)


@requires("patients.write")
@require_POST
def end_relative(request: HttpRequest, patient_id: UUID, related_id: UUID) -> HttpResponse:
    """Say that a relative no longer counts."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    if queries.has_relative(patient.id, related_id):
        operations.end_related_person(
            actor=actor_of(request), patient_id=patient.id, related_id=related_id
        )
    if not wants_fragment(request):
        return redirect("patients:identity", patient_id=patient.id)
    return _relatives_page(request, patient, RelativeForm())


def _alerts_page(request: HttpRequest, patient: Patient, form: AlertForm) -> HttpResponse:
    context = {
        "patient": patient,
        "form": form,
        "alerts": queries.alerts_of(patient.id),
        "known": rules.ALERTS,
    }
    name = "_alerts" if wants_fragment(request) else "alerts"
    status = 422 if form.errors else 200
    return render(request, f"care/patients/{name}.html", context, status=status)


def _relatives_page(request: HttpRequest, patient: Patient, form: RelativeForm) -> HttpResponse:
    context = {
        "patient": patient,
        "relative_form": form,
        "relatives": queries.relatives_of(patient.id),
    }
    name = "_relatives" if wants_fragment(request) else "relatives"
    status = 422 if form.errors else 200
    return render(request, f"care/patients/{name}.html", context, status=status)


def _identity_page(
    request: HttpRequest,
    patient: Patient,
    form: IdentityForm,
    *,
    status: int = 200,
    death_form: DeathForm | None = None,
    draft: str = "",
) -> HttpResponse:
    context = {
        "draft": draft,
        "draft_key": _draft_key(patient),
        "patient": patient,
        "form": form,
        "summary": queries.summary_of(patient),
        "relatives": queries.relatives_of(patient.id),
        "relative_form": RelativeForm(),
        "unions": queries.unions_of(patient.id),
        "papers_form": PapersForm(),
        "photo_form": PhotoForm(),
        "death_form": death_form or DeathForm(initial={"died_on": patient.died_on}),
    }
    return render(request, "care/patients/identity.html", context, status=status)


def _draft_key(patient: Patient) -> str:
    return f"identity:{patient.id}"


def _draft(request: HttpRequest, key: str) -> str:
    """Return the form that this person left without saving, as her browser kept it."""
    kept = people.draft(person_of(request).id, key)
    return kept.text if kept else ""


def _abandon(request: HttpRequest, key: str) -> HttpResponse:
    """Forget what was typed, and show the form as the record says."""
    discard_draft(person_id=person_of(request).id, key=key)
    return redirect(request.path)


def _merged(
    patient: Patient, form: IdentityForm, refusal: operations.ChangedMeanwhile
) -> IdentityForm:
    patient.refresh_from_db()
    return form.merged(patient, refusal)


def _cut(context: dict[str, Any], patient: Patient) -> None:
    """Keep one page of the timeline, and the address of the next one when there is one."""
    entries = context["entries"]
    context["entries"] = entries[:_TIMELINE]
    context["more"] = ""
    if len(entries) > _TIMELINE:
        last = entries[_TIMELINE - 1].at.isoformat().replace("+", "%2B")
        context["more"] = f"{reverse('patients:history', args=[patient.id])}?avant={last}"


def _try(request: HttpRequest, done: str, operation: Any, **arguments: Any) -> None:
    """Run an operation and say in one sentence how it went."""
    try:
        operation(actor=actor_of(request), **arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
