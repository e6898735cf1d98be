"""The page of the tablet: the text, the decision, the signature."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quenotte.base.tablets import access
from quenotte.base.tablets.operations import LinkIsOver
from quenotte.care.consents import forms, operations, queries
from quenotte.care.consents.models import Consent
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.tablets.models import TabletLink


@access.held_page(queries.PURPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, link: "TabletLink") -> HttpResponse:
    """Show what is proposed, and take what was decided."""
    consent, error = queries.by_id(link.subject_id), ""
    asked: dict[str, Any] = forms.asked_of(request.POST, None)
    is_minor = queries.is_minor(consent)
    if request.method == "POST" and "garder" in request.GET:
        return _kept(request, consent)
    if request.method == "POST":
        given = forms.answer_of(request.POST, is_minor=is_minor)
        try:
            operations.answer_from_tablet(link_id=link.id, consent_id=consent.id, given=given)
            response = redirect("tablets:thanks")
            response.delete_cookie(access.COOKIE, path="/tablette/")
            return response
        except LinkIsOver:
            raise
        except Refusal as refusal:
            error, asked = str(refusal), forms.asked_of(request.POST, refusal)
    context = {
        "consent": consent,
        "parts": queries.told_parts(consent),
        "facts": {"is_minor": is_minor},
        "error": error,
        "typed": request.POST,
        "words": forms.words_of(request.POST, consent),
        "first_name": queries.first_name_of(consent),
        **asked,
    }
    status = 422 if error else 200
    return render(request, "care/consents/on_tablet.html", context, status=status)


def _kept(request: HttpRequest, consent: Consent) -> HttpResponse:
    field = request.GET["garder"]
    if field not in {"questions", "reason"}:
        return HttpResponse(status=400)
    try:
        text = request.POST.get("text", "")
        operations.note_words(consent_id=consent.id, field=field, text=text)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return HttpResponse(status=204)
