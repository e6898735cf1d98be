"""Pages of prescriptions: translation between HTTP and the operations."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.care.prescriptions import operations, panels, queries
from quenotte.care.prescriptions.access import prescription_for
from quenotte.care.prescriptions.forms.letters import CancelForm
from quenotte.care.prescriptions.forms.prescribing import Typed
from quenotte.care.prescriptions.models import State
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.rules import lines
from quenotte.care.prescriptions.views.answers import done, leading, toasted, whole
from quenotte.care.prescriptions.views.closed import closed_meanwhile, gone
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of
from quenotte.web.fragments import wants_fragment
from quenotte.web.inert import inert
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.prescriptions.models import Prescription

#: What an answer to htmx draws again when it draws more than a line.
_PLACE = "#ordonnance"


@requires("prescriptions.read")
@require_safe
def index(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the prescriptions and the letters of a record."""
    patient = opened_patient(actor_of(request), patient_id, action="prescriptions.read")
    context = panels.index_context(request, patient)
    name = "_index.html" if wants_fragment(request) else "index.html"
    return render(request, f"care/prescriptions/{name}", context)


@requires("prescriptions.read")
@require_safe
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the newest prescriptions: the piece of the record that comes after it."""
    patient = opened_patient(actor_of(request), patient_id, action="prescriptions.read")
    if not wants_fragment(request):
        return redirect("prescriptions:index", patient.id)
    context = panels.card_context(request, patient)
    return render(request, "care/prescriptions/_card.html", context)


@requires("prescriptions.write")
@require_POST
def begin(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Open a draft, empty or from a template."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="prescriptions.write")
    made: list[Prescription] = []
    template = request.POST.get("modele", "")

    def work() -> None:
        key = key_of(request)
        made.append(
            operations.begin(actor=actor, patient_id=patient.id, template=template, key=key)
        )

    if done(request, work, ""):
        return redirect("prescriptions:show", made[0].id)
    return redirect("prescriptions:index", patient.id)


@requires("prescriptions.read")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Show a prescription: a draft to fill (a POST keeps it), or the paper that was issued."""
    if request.method == "POST":
        return _save(request, prescription_id)
    found = prescription_for(actor_of(request), prescription_id, with_dropped=True)
    if found.state == State.DROPPED:
        return gone(request, found, "prescription")
    if found.state != State.DRAFT:
        context = panels.issued_context(request, found)
        return render(request, "care/prescriptions/issued.html", context)
    context = patients.frame_of(found.patient) | {"draft": found}
    context["editor"] = panels.editor(request, found)
    return render(request, "care/prescriptions/draft.html", context)


def _save(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    draft = prescription_for(
        actor, prescription_id, action="prescriptions.write", with_dropped=True
    )
    typed = Typed(request.POST)
    if draft.state != State.DRAFT:
        return _closed(request, draft, typed)
    if not typed.is_valid():
        return whole(panels.editor(request, draft, typed), _PLACE, status=422)
    try:
        written, focus = _changed(request, typed.written())
        draft = operations.save(
            actor=actor,
            prescription_id=draft.id,
            expected_version=typed.version,
            written=written,
        )
    except refusals.PaperChanged:
        sent = typed.written()
        return _both(request, draft.id, replace(sent, lines=[*sent.lines, *_added(request)]))
    except Refusal as refusal:
        return _refused(request, draft.id, refusal, typed)
    draft = prescription_for(actor, draft.id)
    if not wants_fragment(request):
        return redirect("prescriptions:show", draft.id)
    kept = queries.issued_lines(draft)
    pairs = enumerate(zip(written.lines, kept, strict=False))
    renamed = {place for place, (sent, own) in pairs if sent.cis != own.cis}
    # The rows of the page and the lines go apart once a name was emptied.
    if focus is None and (not renamed or len(kept) == len(typed.lines)):
        context = panels.editor_context(request, draft) | {"renamed": renamed}
        response = render(request, "care/prescriptions/_saved.html", context)
    else:
        drawn = panels.editor(request, draft, focus=-1 if focus is None else focus)
        response = whole(drawn, _PLACE)
    return _renamed(response, [kept[place].name for place in sorted(renamed)])


def _renamed(response: HttpResponse, names: list[str]) -> HttpResponse:
    """Say which lines are no longer the medicine that was chosen."""
    if names:
        words = _(
            "« %(names)s » n’est plus le médicament choisi dans la base publique : la substance et "
            "la forme de l’ancien ne suivent pas. Vérifiez la forme et le dosage."
        )
        toasted(response, words % {"names": ", ".join(names)}, "attention")
    return response


def _changed(
    request: HttpRequest, written: operations.Written
) -> tuple[operations.Written, int | None]:
    """Return the lines once a button did its work, and the line to go on with; None: no button."""
    actor, asked = actor_of(request), request.POST
    found = list(written.lines)
    if key := asked.get("ajouter", ""):
        found.append(_line(actor.own_practice_id, key))
        return replace(written, lines=found), len(found) - 1
    if (number := asked.get("retirer", "")).isdecimal():
        return replace(written, lines=[*found[: int(number)], *found[int(number) + 1 :]]), -1
    if code := asked.get("modele", ""):
        model = operations.template_of(actor, code)
        known = {line.title for line in found}
        more = [line for line in model.lines if line.title not in known]
        remarks = written.remarks or model.remarks
        return replace(written, lines=[*found, *more], remarks=remarks), -1
    if (number := asked.get("favori", "")).isdecimal() and int(number) < len(found):
        operations.keep_favourite(actor=actor, line=found[int(number)])
        return written, -1
    return written, None


def _added(request: HttpRequest) -> list[lines.Line]:
    """Return the line that a button adds, none without one, or where its name is not known."""
    key = request.POST.get("ajouter", "")
    try:
        return [_line(actor_of(request).own_practice_id, key)] if key else []
    except refusals.NoSuchLine:
        return []


def _line(practice_id: UUID, key: str) -> lines.Line:
    if key.startswith("libre:"):
        return lines.Line(name=" ".join(key[6:].split())[: lines.LONGEST_NAME])
    line = queries.line_by_key(practice_id, key)
    if line is None:
        raise refusals.NoSuchLine
    return line


def _refused(
    request: HttpRequest, prescription_id: UUID, refusal: Refusal, typed: Typed
) -> HttpResponse:
    """Say why, without touching what is on the screen, while it is a draft."""
    draft = prescription_for(actor_of(request), prescription_id, with_dropped=True)
    if draft.state != State.DRAFT:
        return _closed(request, draft, typed)
    if not wants_fragment(request):
        messages.error(request, str(refusal))
        return redirect("prescriptions:show", prescription_id)
    return toasted(HttpResponse(status=204), str(refusal), "danger")


def _closed(request: HttpRequest, paper: "Prescription", typed: Typed) -> HttpResponse:
    """Show what was typed on a paper that is no draft any more."""
    words = panels.typed_beside(paper, typed, _added(request))
    return closed_meanwhile(request, paper, "prescription", words)


def _both(request: HttpRequest, prescription_id: UUID, typed: operations.Written) -> HttpResponse:
    """Show the draft as somebody else wrote it and, beside it, what was typed over an older one."""
    draft = prescription_for(actor_of(request), prescription_id)
    beside = panels.not_in(draft, typed)
    drawn = panels.editor(request, draft, beside=beside)
    refusal = refusals.DraftMoved()
    if not wants_fragment(request):
        context = patients.frame_of(draft.patient) | {"draft": draft, "editor": drawn}
        messages.error(request, str(refusal))
        return render(request, "care/prescriptions/draft.html", context, status=409)
    response = whole(drawn, _PLACE, status=409)
    return toasted(response, str(refusal), "attention") if beside else response


@requires("prescriptions.write")
@require_POST
def beside(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Answer in words what waited in a tab for a draft issued or dropped meanwhile."""
    found = prescription_for(
        actor_of(request), prescription_id, action="prescriptions.write", with_dropped=True
    )
    words = panels.typed_beside(found, Typed(request.POST))
    context = {"key": f"prescription:{found.id}", "words": words}
    return render(request, "care/prescriptions/_beside.html", context)


@requires("prescriptions.write")
@require_safe
def propose(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Propose medicines as one types: favourites first, then the public file."""
    actor = actor_of(request)
    draft = prescription_for(actor, prescription_id, action="prescriptions.write")
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "draft": draft,
        "text": text,
        "found": queries.proposed(actor.own_practice_id, text) if text else [],
    }
    return render(request, "care/prescriptions/_proposed.html", context)


@requires("prescriptions.issue")
@require_POST
def issue(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Keep what is on the screen, then issue it, once."""
    actor = actor_of(request)
    draft = prescription_for(
        actor, prescription_id, action="prescriptions.issue", with_dropped=True
    )
    typed = Typed(request.POST)
    if draft.state != State.DRAFT:
        return _issued_before(request, draft, typed)
    if not typed.is_valid():
        return whole(panels.editor(request, draft, typed), _PLACE, status=422)
    return _kept_and_issued(request, draft, typed)


def _kept_and_issued(request: HttpRequest, draft: "Prescription", typed: Typed) -> HttpResponse:
    actor = actor_of(request)
    try:
        draft = operations.save(
            actor=actor,
            prescription_id=draft.id,
            expected_version=typed.version,
            written=typed.written(),
        )
        operations.issue(
            actor=actor,
            prescription_id=draft.id,
            expected_version=draft.version,
            seen=panels.codes_of(request, "vus"),
            confirmed=panels.codes_of(request, "confirme"),
        )
    except refusals.PaperChanged:
        return _both(request, draft.id, typed.written())
    except refusals.NotSeen as refusal:
        return _seen_first(request, draft.id, refusal)
    except refusals.AlreadyIssued:
        found = prescription_for(actor, draft.id, with_dropped=True)
        return _issued_before(request, found, typed)
    except Refusal as refusal:
        return _refused(request, draft.id, refusal, typed)
    return leading(request, link_to("prescriptions:show", draft.id))


def _issued_before(request: HttpRequest, paper: "Prescription", typed: Typed) -> HttpResponse:
    """Lead to the paper that a second click asks for again; else show what is not on it."""
    if paper.state == State.ISSUED and panels.says_the_same(paper, typed):
        return leading(request, link_to("prescriptions:show", paper.id))
    return _closed(request, paper, typed)


def _seen_first(request: HttpRequest, prescription_id: UUID, refusal: Refusal) -> HttpResponse:
    """Show the reminders that the page did not show yet."""
    if not wants_fragment(request):
        messages.error(request, str(refusal))
        return redirect("prescriptions:show", prescription_id)
    draft = prescription_for(actor_of(request), prescription_id)
    response = whole(panels.editor(request, draft), _PLACE)
    return toasted(response, str(refusal), "attention")


@requires("prescriptions.write")
@require_POST
def drop(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Give up a draft; given up already, its page says by whom."""
    actor = actor_of(request)
    draft = prescription_for(
        actor, prescription_id, action="prescriptions.write", with_dropped=True
    )
    if draft.state == State.DROPPED:
        return redirect("prescriptions:show", draft.id)
    version = request.POST.get("version", "")

    def work() -> None:
        operations.drop(
            actor=actor,
            prescription_id=draft.id,
            expected_version=int(version) if version.isdecimal() else 0,
        )

    if done(request, work, _("Brouillon abandonné.")):
        return redirect("prescriptions:index", draft.patient_id)
    return redirect("prescriptions:show", draft.id)


@requires("prescriptions.issue")
@require_POST
def cancel(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Say that an issued prescription holds no more."""
    actor = actor_of(request)
    found = prescription_for(actor, prescription_id, action="prescriptions.issue")
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    done(
        request,
        lambda: operations.cancel(actor=actor, prescription_id=found.id, reason=reason),
        _("Ordonnance annulée. Elle reste lisible, avec la mention."),
    )
    return redirect("prescriptions:show", found.id)


@requires("prescriptions.write")
@require_POST
def renew(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Open a draft with the lines of an earlier prescription."""
    actor = actor_of(request)
    found = prescription_for(actor, prescription_id, action="prescriptions.write")
    made: list[Prescription] = []

    def work() -> None:
        made.append(
            operations.begin(
                actor=actor,
                patient_id=found.patient_id,
                renews_id=found.id,
                key=key_of(request),
            )
        )

    if done(request, work, ""):
        return redirect("prescriptions:show", made[0].id)
    return redirect("prescriptions:show", found.id)


@requires("prescriptions.read")
@require_POST
def duplicate(request: HttpRequest, prescription_id: UUID) -> HttpResponse:
    """Answer the PDF again, marked as a duplicate."""
    actor = actor_of(request)
    found = prescription_for(actor, prescription_id)
    try:
        content = operations.duplicate(actor=actor, prescription_id=found.id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("prescriptions:show", found.id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"ordonnance-{found.number}-duplicata.pdf"
    return inert(response, saved_as=name)
