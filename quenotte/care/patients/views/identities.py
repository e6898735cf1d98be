"""Who a patient is: the form that opens a record, the one that changes it, papers, death."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.base.people.operations import discard_draft
from quenotte.care.patients import duplicates, operations, queries
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.conflicts import ChangedMeanwhile
from quenotte.care.patients.forms import IdentityForm, RelativeForm
from quenotte.care.patients.models import Patient
from quenotte.care.patients.seen import (
    DeathForm,
    PapersForm,
    PhotoForm,
    SeenForm,
    open_on,
)
from quenotte.kernel.errors import Refusal

_NEW_PATIENT = "patient:nouveau"


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
    is_asked = bool(any(wanted.surnames) and any(wanted.first_names))
    context = {"alike": alike, "is_asked": is_asked}
    return render(request, "care/patients/_look_alikes.html", context)


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
            expected_version=_version_seen(form.cleaned_data["version"], patient, patient_id),
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
            expected_version=_version_seen(form.expected_version, patient, patient_id),
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
            expected_version=_version_seen(form.expected_version, patient, patient_id),
            died_on=form.cleaned_data["died_on"],
        )

    done = _("La fiche est enregistrée.")
    return _saved_beside(request, patient, save, done, death_form=form)


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
        "unions": queries.unions_of(patient.id),
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


def _version_seen(version: int | None, patient: Patient, patient_id: UUID) -> int:
    """Return the version on screen; a record united with another meanwhile fits no version."""
    return version or 0 if patient.id == patient_id else 0


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
