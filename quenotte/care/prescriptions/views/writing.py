"""Pages of letters, certificates and advice."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.prescriptions import operations, panels, queries
from quenotte.care.prescriptions.access import letter_for
from quenotte.care.prescriptions.forms.letters import CancelForm, LetterForm, PlacesForm
from quenotte.care.prescriptions.models import State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.rules.beside import letter_in_words
from quenotte.care.prescriptions.views.answers import done, leading, toasted, whole
from quenotte.care.prescriptions.views.closed import closed_meanwhile, gone
from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.prescriptions.models import Letter


@requires("letters.write")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask what the template of ``?modele=`` needs, then open the draft."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="letters.write")
    asked = request.POST if request.method == "POST" else request.GET
    text = queries.text_of(actor.own_practice_id, asked.get("modele", "libre"))
    if text is None:
        raise Http404
    is_sent = request.method == "POST" and "pret" in request.POST
    form = PlacesForm(text, actor.own_practice_id, request.POST if is_sent else None)
    made: list[Letter] = []

    def work() -> None:
        made.append(
            operations.begin_letter(
                actor=actor,
                patient_id=patient.id,
                template=text.code,
                given=form.given(),
                correspondent_id=form.correspondent(),
            )
        )

    if is_sent and form.is_valid() and done(request, work, ""):
        return redirect("prescriptions:letter", made[0].id)
    context = patients.frame_of(patient) | {"text": text, "form": form}
    status = 422 if form.errors else 200
    return render(request, "care/prescriptions/letter_new.html", context, status=status)


@requires("prescriptions.read")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Show a letter: a draft to write (a POST keeps it, and no more), or the paper."""
    action = "letters.write" if request.method == "POST" else "prescriptions.read"
    found = letter_for(actor_of(request), letter_id, action=action, with_dropped=True)
    if request.method == "POST":
        return _write(request, found)
    if found.state == State.DROPPED:
        return gone(request, found, "letter")
    if found.state != State.DRAFT:
        context = panels.issued_context(request, found)
        return render(request, "care/prescriptions/letter_issued.html", context)
    return _draft(request, found, _form(found))


@requires("letters.write")
@require_POST
def issue(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Keep what is on the screen and issue it: no form that saves itself sends to this address."""
    found = letter_for(actor_of(request), letter_id, action="letters.write", with_dropped=True)
    return _write(request, found, is_issuing=True)


def _write(request: HttpRequest, found: "Letter", *, is_issuing: bool = False) -> HttpResponse:
    form = LetterForm(request.POST)
    if found.state != State.DRAFT:
        return _closed(request, found, form, is_issuing=is_issuing)
    if not form.is_valid():
        return _draft(request, found, form, status=422)
    try:
        written = _saved(request, found, form)
        if is_issuing:
            refused = _issued(request, written, form)
            if refused is not None:
                return refused
    except (refusals.PaperChanged, refusals.AlreadyIssued):
        return _both(request, found, form, is_issuing=is_issuing)
    if wants_fragment(request) and not is_issuing:
        context = {"letter": written, "version": written.version, "is_refused": False}
        return render(request, "care/prescriptions/_letter_saved.html", context)
    messages.success(
        request,
        _("Émis et rangé dans les documents.") if is_issuing else _("Brouillon enregistré."),
    )
    return leading(request, link_to("prescriptions:letter", found.id))


def _saved(request: HttpRequest, found: "Letter", form: LetterForm) -> "Letter":
    return operations.save_letter(
        actor=actor_of(request),
        letter_id=found.id,
        expected_version=form.cleaned_data["version"],
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
    )


def _issued(request: HttpRequest, saved: "Letter", form: LetterForm) -> HttpResponse | None:
    """Issue a letter as it was saved; answer why it was not, when it was not."""
    try:
        operations.issue_letter(
            actor=actor_of(request),
            letter_id=saved.id,
            expected_version=saved.version,
            title=saved.title,
            body=saved.body,
        )
    except (refusals.PaperChanged, refusals.AlreadyIssued):
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _draft(request, saved, form, status=422)
    return None


def _typed(request: HttpRequest, form: LetterForm) -> tuple[str, str]:
    """Return the title and the body that a page sent; what is refused, as it stands."""
    kept = form.cleaned_data if form.is_valid() else request.POST
    return kept.get("title", ""), kept.get("body", "")


def _closed(
    request: HttpRequest, found: "Letter", form: LetterForm, *, is_issuing: bool
) -> HttpResponse:
    """Lead to the letter that a second click asks for again; else show what is not in it."""
    words = letter_in_words(_typed(request, form), (found.title, found.body))
    is_again = is_issuing and form.is_valid() and not words
    if is_again and found.state == State.ISSUED:
        return leading(request, link_to("prescriptions:letter", found.id))
    return closed_meanwhile(request, found, "letter", words)


def _both(
    request: HttpRequest, found: "Letter", typed: LetterForm, *, is_issuing: bool
) -> HttpResponse:
    """Show the letter as somebody else wrote it and, beside it, what was typed here."""
    found = letter_for(actor_of(request), found.id, with_dropped=True)
    if found.state != State.DRAFT:
        return _closed(request, found, typed, is_issuing=is_issuing)
    beside = letter_in_words(_typed(request, typed), (found.title, found.body))
    refusal = str(refusals.DraftMoved())
    if not wants_fragment(request):
        messages.error(request, refusal)
    response = _draft(request, found, _form(found), beside, status=409)
    is_told = wants_fragment(request) and beside
    return toasted(response, refusal, "attention") if is_told else response


@requires("letters.write")
@require_POST
def beside(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Answer in words what waited in a tab and is not in a letter issued or dropped meanwhile."""
    found = letter_for(actor_of(request), letter_id, action="letters.write", with_dropped=True)
    typed = (request.POST.get("title", ""), request.POST.get("body", ""))
    words = letter_in_words(typed, (found.title, found.body))
    context = {"key": f"letter:{found.id}", "words": words}
    return render(request, "care/prescriptions/_beside.html", context)


def _form(found: "Letter") -> LetterForm:
    """Return the form of a letter as it is written."""
    return LetterForm(initial={name: getattr(found, name) for name in ("version", "title", "body")})


def _draft(
    request: HttpRequest, found: "Letter", form: LetterForm, beside: str = "", *, status: int = 200
) -> HttpResponse:
    context = panels.letter_context(request, found, form, beside)
    if wants_fragment(request):
        drawn = render_to_string("care/prescriptions/_letter.html", context, request)
        return whole(drawn, "#courrier", status=status)
    context |= patients.frame_of(found.patient)
    return render(request, "care/prescriptions/letter_draft.html", context, status=status)


@requires("letters.write")
@require_POST
def drop(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Give up a draft; given up already, its page says by whom."""
    actor = actor_of(request)
    found = letter_for(actor, letter_id, action="letters.write", with_dropped=True)
    if found.state == State.DROPPED:
        return redirect("prescriptions:letter", found.id)
    version = request.POST.get("version", "")

    def work() -> None:
        operations.drop_letter(
            actor=actor,
            letter_id=found.id,
            expected_version=int(version) if version.isdecimal() else 0,
        )

    if done(request, work, _("Brouillon abandonné.")):
        return redirect("prescriptions:index", found.patient_id)
    return redirect("prescriptions:letter", found.id)


@requires("letters.write")
@require_POST
def cancel(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Say that an issued letter holds no more."""
    actor = actor_of(request)
    found = letter_for(actor, letter_id, action="letters.write")
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    done(
        request,
        lambda: operations.cancel_letter(actor=actor, letter_id=found.id, reason=reason),
        _("Document annulé. Il reste lisible, avec la mention."),
    )
    return redirect("prescriptions:letter", found.id)
