"""The pages of a tablet before and after what it is handed over for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base import strangers
from quenotte.base.tablets import access, operations, purposes, queries, rules
from quenotte.base.tablets.models import TabletLink


@access.tablet_page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the six digits that the reception's screen shows."""
    if request.method != "POST":
        return render(request, "base/tablets/code.html")
    access.check_codes(request)
    link = queries.of_code(request.POST.get("code", ""))
    if link is None:
        strangers.note_unknown("tablet", "tablet")
        return render(request, "base/tablets/code.html", {"is_wrong": True}, status=422)
    return redirect("tablets:confirm", rules.token_of(settings.SEALING_KEY, link.id))


@access.tablet_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the tablet is in the right hands; a first name and a year say enough."""
    link = access.link_of(token)
    if link.holder_digest and not access.is_holder(request, link):
        raise operations.TakenElsewhere
    if request.method == "POST":
        return _answered(request, link, token)
    if link.holder_digest:
        return redirect(purposes.page_of(link.purpose), token)
    first_name, _, birth_year = link.greeting.partition("\n")
    context = {"first_name": first_name, "birth_year": birth_year}
    return render(request, "base/tablets/confirm.html", context)


@access.tablet_page
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that it is over, and nothing of what was sent."""
    return render(request, "base/tablets/thanks.html", {"is_sent": "rendu" not in request.GET})


def _answered(request: HttpRequest, link: TabletLink, token: str) -> HttpResponse:
    if request.POST.get("reponse") != "moi":
        operations.give_back(link=link)
        return redirect(reverse("tablets:thanks") + "?rendu")
    response = redirect(purposes.page_of(link.purpose), token)
    if access.is_holder(request, link):
        return response
    secret = operations.take(link_id=link.id)
    response.set_cookie(
        access.COOKIE,
        secret,
        max_age=int(rules.HELD.total_seconds()),
        path="/tablette/",
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    _leave(request, response)
    return response


def _leave(request: HttpRequest, response: HttpResponse) -> None:
    """End the login of whoever worked on this browser: it is in a patient's hands now."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        request.session.flush()
        response.delete_cookie(settings.SESSION_COOKIE_NAME)
