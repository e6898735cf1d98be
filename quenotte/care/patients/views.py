"""Pages of the patients: translation between HTTP and the operations."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
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
from quenotte.care.patients import operations, queries, rules
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.conflicts import AlertNotedOtherwise, ChangedMeanwhile
from quenotte.care.patients.forms import AlertForm, IdentityForm, RelativeForm
from quenotte.care.patients.models import Patient
from quenotte.care.patients.seen import (
    DeathForm,
    PapersForm,
    PhotoForm,
    SeenForm,
    SeenPhotoForm,
    open_on,
)
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
    namesakes = _namesakes(request, form)
    if form.is_valid() and not namesakes:
        try:
            patient = operations.create_patient(actor=actor, values=form.typed())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            discard_draft(person_id=person_of(request).id, key=_NEW_PATIENT)
            messages.success(request, _("Le dossier est créé."))
            return redirect("patients:record", patient_id=patient.id)
    context = {"form": form, "namesakes": namesakes, "draft_key": _NEW_PATIENT}
    return render(request, "care/patients/create.html", context, status=422)


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
            expected_version=form.cleaned_data["version"] or 0,
            values=form.touched(),
            seen=form.seen(),
        )
    except ChangedMeanwhile as refusal:
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
    if not form.is_valid():
        return redirect("patients:identity", patient_id=patient.id)

    def save() -> None:
        operations.check_identity(
            actor=actor_of(request),
            patient_id=patient.id,
            expected_version=form.expected_version,
            paper=form.cleaned_data["paper"],
        )

    done = _("La pièce est notée ; aucune copie n’est gardée.")
    return _saved_beside(request, patient, save, done, papers_form=form)


@requires("patients.write")
@require_POST
def death(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Note a death, or take it back when the date is emptied."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = DeathForm(request.POST)
    if not form.is_valid():
        return _identity_page(
            request, patient, IdentityForm.of(patient), status=422, beside={"death_form": form}
        )

    def save() -> None:
        operations.record_death(
            actor=actor_of(request),
            patient_id=patient.id,
            expected_version=form.expected_version,
            died_on=form.cleaned_data["died_on"],
        )

    done = _("La fiche est enregistrée.")
    return _saved_beside(request, patient, save, done, death_form=form)


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
            seen=form.cleaned_data["seen"],
            content=form.cleaned_data["photo"].read(),
        )
    else:
        messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.write")
@require_POST
def remove_photo(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show no face any more."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.write")
    form = SeenPhotoForm(request.POST)
    if form.is_valid():
        _try(
            request,
            _("La photo est retirée."),
            operations.remove_photo,
            patient_id=patient.id,
            seen=form.cleaned_data["seen"],
        )
    return redirect("patients:identity", patient_id=patient.id)


@requires("patients.medical")
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the alerts and the place where one is added."""
    patient = opened_patient(actor_of(request), patient_id, action="patients.medical")
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_alert(
                actor=actor_of(request), patient_id=patient.id, **form.cleaned_data
            )
        except AlertNotedOtherwise as refusal:
            return _alerts_page(request, patient, form.replacing(refusal), status=409)
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


def _alerts_page(
    request: HttpRequest, patient: Patient, form: AlertForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "patient": patient,
        "form": form,
        "alerts": queries.alerts_of(patient.id),
        "known": rules.ALERTS,
    }
    name = "_alerts" if wants_fragment(request) else "alerts"
    if status == 200 and form.errors:
        status = 422
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
    draft: str = "",
    beside: Mapping[str, Form] | None = None,
) -> HttpResponse:
    for other in (beside or {}).values():
        open_on(other, not_on=form)
    seen = {"version": patient.version}
    context = {
        "draft": draft,
        "draft_key": _draft_key(patient),
        "patient": patient,
        "form": form,
        "summary": queries.summary_of(patient),
        "relatives": queries.relatives_of(patient.id),
        "relative_form": RelativeForm(),
        "papers_form": PapersForm(initial=seen),
        "photo_form": PhotoForm(initial={"seen": patient.photo_id or ""}),
        "death_form": DeathForm(initial=seen | {"died_on": patient.died_on}),
        **(beside or {}),
    }
    return render(request, "care/patients/identity.html", context, status=status)


def _saved_beside(
    request: HttpRequest,
    patient: Patient,
    save: Callable[[], None],
    done: str,
    **typed: SeenForm,
) -> HttpResponse:
    """Save what stands beside the form, named as the page names it.

    After a conflict the page shows the record as it is now, and what was typed everywhere.
    """
    try:
        save()
    except ChangedMeanwhile as refusal:
        patient.refresh_from_db()
        again = {name: form.again(refusal) for name, form in typed.items()}
        form, draft = IdentityForm.of(patient), _draft(request, _draft_key(patient))
        return _identity_page(request, patient, form, status=409, draft=draft, beside=again)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("patients:identity", patient_id=patient.id)


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


def _merged(patient: Patient, form: IdentityForm, refusal: ChangedMeanwhile) -> IdentityForm:
    patient.refresh_from_db()
    return form.merged(patient, refusal)


def _namesakes(request: HttpRequest, form: IdentityForm) -> list[queries.Found]:
    if not form.is_valid() or request.POST.get("confirme"):
        return []
    typed = form.typed()
    practice_id = actor_of(request).practice_id
    assert practice_id is not None
    return queries.namesakes(
        practice_id,
        surnames=(typed["birth_name"], typed["used_name"]),
        first_names=(rules.first_of(typed["birth_first_names"]), typed["used_first_name"]),
        born_on=typed["born_on"],
    )


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
