"""The pages of the tablet: one screen for each section, then the signature."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quenotte.base.tablets import access
from quenotte.base.tablets import operations as tablets
from quenotte.care.questionnaires import forms, operations, queries
from quenotte.care.questionnaires.views import shown
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.tablets.models import TabletLink


@access.held_page(queries.PURPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, link: "TabletLink") -> HttpResponse:
    """Show a section, keep it, go on; after the last one comes the signature."""
    filling = shown.Filling.from_row(queries.by_id(link.subject_id), link.practice_id)
    step, count = _step(request, len(filling.sections)), len(filling.sections)
    if step == count:
        return _signing(request, link, filling)
    section = filling.sections[step]
    is_wrong = False
    if request.method == "POST":
        filling.note(section, request.POST)
        if "garder" in request.GET:
            return HttpResponse(status=204)
        tablets.note_progress(link_id=link.id, done=step + 1, steps=count + 1)
        is_wrong = any(one.is_wrong for one in filling.part(section, wrong=True)["questions"])
        if not is_wrong:
            return redirect(f"{request.path}?partie={step + 2}")
    context = {**_frame(step, count), "part": filling.part(section, wrong=is_wrong)}
    status = 422 if is_wrong else 200
    return render(request, "care/questionnaires/tablet/section.html", context, status=status)


def _signing(request: HttpRequest, link: "TabletLink", filling: shown.Filling) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            signing = forms.signing_of(request.POST, filling.person.facts)
            sent = operations.send_from_tablet(
                link_id=link.id, questionnaire_id=filling.found.id, signing=signing
            )
            return _sent(link, sent.id)
        except tablets.LinkIsOver:
            raise
        except Refusal as refusal:
            error = str(refusal)
    missing = filling.first_missing()
    context = {
        **_frame(len(filling.sections), len(filling.sections)),
        "sections": filling.summary(),
        "missing": missing + 1 if missing is not None else 0,
        "facts": filling.person.facts,
        "error": error,
        "typed": request.POST,
    }
    status = 422 if error else 200
    return render(request, "care/questionnaires/tablet/signing.html", context, status=status)


def _sent(link: "TabletLink", questionnaire_id: Any) -> HttpResponse:
    actor = tablets.tablet_of(link.practice_id)
    operations.try_paper(actor=actor, questionnaire_id=questionnaire_id)
    response = redirect("tablets:thanks")
    response.delete_cookie(access.COOKIE, path="/tablette/")
    return response


def _step(request: HttpRequest, count: int) -> int:
    """Return the section of the address, counted from 0; the count itself is the signature."""
    wanted = request.GET.get("partie", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 3 else 1
    return min(max(number, 1), count + 1) - 1


def _frame(step: int, count: int) -> dict[str, Any]:
    return {"step": step + 1, "steps": count + 1, "previous": step}
