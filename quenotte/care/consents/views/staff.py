"""Pages of the practice: consents of a patient, signing them, the texts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.base.tablets import operations as tablets
from quenotte.base.tablets import queries as links
from quenotte.care.consents import forms, operations, papers, queries, rules
from quenotte.care.consents.models import Consent
from quenotte.care.patients.access import opened_patient, patient_for
from quenotte.care.patients.queries import frame_of
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of, number_of
from quenotte.web.fragments import wants_fragment
from quenotte.web.qrcodes import draw


@requires("consents.read")
@require_GET
def index(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the consents of a patient, and where one is prepared."""
    patient = opened_patient(actor_of(request), patient_id, action="consents.read")
    return _index_page(request, patient, forms.PrepareForm(queries.texts(patient.practice_id)))


@requires("consents.write")
@require_POST
def prepare(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Prepare the consent of an act."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="consents.write")
    form = forms.PrepareForm(queries.texts(patient.practice_id), request.POST)
    if not form.is_valid():
        return _index_page(request, patient, form, status=422)
    consent = operations.prepare(
        actor=actor, patient_id=patient.id, key=key_of(request), **form.cleaned_data
    )
    return redirect("consents:one", patient.id, consent.id)


@requires("consents.read")
@require_GET
def one(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Show a consent: its text, what was decided, what is still to sign."""
    patient, consent = _opened(request, patient_id, consent_id, "consents.read")
    name = "_tablet" if wants_fragment(request) else "one"
    return _one_page(request, patient, consent, name=name)


@requires("consents.write")
@require_POST
def answer(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Take the patient's decision on this screen."""
    patient, consent = _opened(request, patient_id, consent_id, "consents.write")
    given = forms.answer_of(request.POST, is_minor=queries.is_minor(consent))
    try:
        operations.answer(actor=actor_of(request), consent_id=consent.id, given=given)
    except Refusal as refusal:
        return _one_page(request, patient, consent, error=str(refusal), refusal=refusal)
    return redirect("consents:one", patient.id, consent.id)


@requires("consents.sign")
@require_POST
def countersign(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Sign as the practitioner: the consent is sealed."""
    patient, consent = _opened(request, patient_id, consent_id, "consents.sign")
    try:
        drawing = request.POST.get("signature", "")
        operations.countersign(actor=actor_of(request), consent_id=consent.id, drawing=drawing)
        messages.success(request, _("Consentement scellé. Son PDF est dans les documents."))
    except Refusal as refusal:
        return _one_page(request, patient, consent, error=str(refusal))
    return redirect("consents:one", patient.id, consent.id)


@requires("consents.write")
@require_POST
def withdraw(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Note that the patient takes her consent back, or give up one that nobody answered."""
    patient, consent = _opened(request, patient_id, consent_id, "consents.write")
    actor = actor_of(request)
    try:
        if consent.state == rules.State.PREPARED:
            operations.cancel(actor=actor, consent_id=consent.id)
            return redirect("consents:index", patient.id)
        reason = request.POST.get("raison", "")
        operations.withdraw(actor=actor, consent_id=consent.id, reason=reason)
    except Refusal as refusal:
        return _one_page(request, patient, consent, error=str(refusal))
    return redirect("consents:one", patient.id, consent.id)


@requires("consents.write")
@require_POST
def hand_over(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Prepare the link of a tablet."""
    patient, consent = _opened(request, patient_id, consent_id, "consents.write")
    if consent.state == rules.State.PREPARED:
        first_name, birth_year = queries.greeting(patient.id, patient.practice_id)
        tablets.hand_over(
            actor=actor_of(request),
            purpose=queries.PURPOSE,
            subject_id=consent.id,
            first_name=first_name,
            birth_year=birth_year,
        )
    return redirect("consents:one", patient.id, consent.id)


@requires("consents.read")
@require_GET
def paper(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Give the PDF as it was sealed; one that was taken back says so on each page."""
    patient = patient_for(actor_of(request), patient_id, purpose="print", action="consents.read")
    consent = queries.one_of(patient.id, consent_id)
    try:
        content = operations.shown_paper(consent) if consent else None
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("consents:one", patient.id, consent_id)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="application/pdf")


@requires("consents.manage")
@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """Show the texts of the practice."""
    found = queries.texts(actor_of(request).own_practice_id)
    return render(request, "care/consents/texts.html", {"texts": found})


@requires("consents.manage")
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, act: str) -> HttpResponse:
    """Edit the text of an act: a new version, for the consents to come."""
    actor = actor_of(request)
    try:
        now = queries.text(actor.own_practice_id, act)
    except KeyError:
        raise Http404 from None
    form = forms.TextForm(request.POST or {"title": now.title, **now.parts})
    if request.method == "POST" and form.is_valid() and _saved(request, act, form):
        messages.success(request, _("Texte enregistré : les prochains consentements l’auront."))
        return redirect("consents:texts")
    status = 422 if request.method == "POST" else 200
    seen = request.POST.get("version", now.version)
    context = {"form": form, "now": now, "seen": seen}
    return render(request, "care/consents/text.html", context, status=status)


def _saved(request: HttpRequest, act: str, form: forms.TextForm) -> bool:
    try:
        operations.save_text(
            actor=actor_of(request),
            act=act,
            title=form.cleaned_data["title"],
            parts=form.parts,
            seen=number_of(request.POST.get("version", "")),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _opened(
    request: HttpRequest, patient_id: UUID, consent_id: UUID, action: str
) -> tuple[Any, Consent]:
    patient = opened_patient(actor_of(request), patient_id, action=action)
    consent = queries.one_of(patient.id, consent_id)
    if consent is None:
        raise Http404
    return patient, consent


def _index_page(
    request: HttpRequest, patient: Any, form: forms.PrepareForm, *, status: int = 200
) -> HttpResponse:
    context = {**frame_of(patient), "form": form, "consents": queries.of_patient(patient.id)}
    return render(request, "care/consents/index.html", context, status=status)


def _one_page(
    request: HttpRequest,
    patient: Any,
    consent: Consent,
    *,
    name: str = "one",
    error: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    consent.refresh_from_db()
    handed = links.handed(request, queries.PURPOSE, consent.id)
    context = {
        **frame_of(patient),
        "consent": consent,
        "parts": queries.told_parts(consent),
        "facts": {"is_minor": queries.is_minor(consent)},
        "handed": handed,
        "drawing": draw(handed.address) if handed and handed.address else "",
        "door": links.door_of(request),
        "check": queries.check(consent),
        "seal": rules.grouped(consent.digest),
        "may_be_withdrawn": rules.may_be_withdrawn(
            state=consent.state,
            decision=consent.decision,
            is_withdrawn=consent.withdrawn_at is not None,
        ),
        "signed": papers.signed_words(consent) if consent.answered_at else "",
        "practitioner": papers.practitioner_words(consent),
        # Written by kernel.signatures from numbers alone.
        "patient_drawing": SafeString(consent.signature),
        "practitioner_drawing": SafeString(consent.practitioner_signature),
        "error": error,
        "typed": request.POST,
        "words": forms.words_of(request.POST, consent),
        "first_name": queries.first_name_of(consent),
        **forms.asked_of(request.POST, refusal),
    }
    status = 422 if error else 200
    return render(request, f"care/consents/{name}.html", context, status=status)
