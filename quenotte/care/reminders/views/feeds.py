"""Calendars that telephones read: opened, closed, and read with nothing but their address."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base import strangers
from quenotte.base.people.access import actor_of, may_request, public, requires
from quenotte.care.reminders import access, operations, queries
from quenotte.care.reminders.forms import FeedForm
from quenotte.care.reminders.rules.states import Shown
from quenotte.care.reminders.views.settings import tabs
from quenotte.kernel.errors import Refusal
from quenotte.web.freshness import unless_known


@requires("feeds.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """List the calendars; open one, whose address is shown this once."""
    actor = actor_of(request)
    context: dict[str, Any] = {"address": "", "feed": None}
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            opened = operations.open_feed(
                actor=actor,
                person_id=UUID(form.cleaned_data["person"]),
                name=form.cleaned_data["name"],
                shown=Shown(form.cleaned_data["shown"]),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"address": _address(request, opened.token), "feed": opened.feed}
            form = _form(request, is_new=True)
    return _page(request, form, **context)


@requires("feeds.manage")
@require_POST
def close(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """Close a calendar."""
    try:
        operations.close_feed(actor=actor_of(request), feed_id=feed_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’adresse est fermée : elle ne répond plus."))
    return redirect("reminders:feeds")


@public
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer a telephone that knows the address of a calendar."""
    if not strangers.is_within(request, "reminders", access.PER_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    feed = queries.feed_of_token(token)
    if feed is None:
        strangers.note_unknown("calendar_feed")
        return HttpResponse(status=404)
    drawn = operations.read_feed(feed, now=timezone.now())
    return unless_known(
        request,
        drawn.tag,
        lambda: HttpResponse(drawn.content, content_type="text/calendar; charset=utf-8"),
    )


def _form(request: HttpRequest, *, is_new: bool = False) -> FeedForm:
    data = None if is_new else request.POST or None
    return FeedForm(data, practice_id=actor_of(request).own_practice_id, person_id=_only(request))


def _only(request: HttpRequest) -> UUID | None:
    """Return whose calendars she sees: her own, unless she manages those of all."""
    return None if may_request(request, "reminders.manage") else actor_of(request).own_person_id


def _page(request: HttpRequest, form: FeedForm, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "feeds": queries.feeds(actor_of(request).own_practice_id, _only(request)),
        "tabs": tabs("feeds"),
        "public_url": settings.PUBLIC_URL,
    } | more
    status = 422 if form.errors else 200
    return render(request, "care/reminders/feeds.html", context, status=status)


def _address(request: HttpRequest, token: str) -> str:
    path = reverse("reminders:calendar", args=[token])
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )
