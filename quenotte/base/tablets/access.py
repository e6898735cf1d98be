"""The door of a tablet: from the practice's network alone, by one browser, for one page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from quenotte.base import strangers
from quenotte.base.tablets import rules
from quenotte.base.tablets.models import TabletLink
from quenotte.base.tablets.refusals import (
    LinkIsOver,
    NoSuchLink,
    OutsideTheNetwork,
    TakenElsewhere,
    TooManyTries,
)
from quenotte.kernel.errors import Refusal
from quenotte.kernel.networks import is_near

#: The cookie that binds a link to the browser that took it.
COOKIE: Final = "quenotte_tablette"
#: Requests and typed codes of one address in a minute before it has to wait.
PER_MINUTE: Final = 240
CODES_PER_MINUTE: Final = 10

Page = Callable[..., HttpResponse]


_STATUS: Final[dict[type[Refusal], int]] = {
    OutsideTheNetwork: 403,
    TooManyTries: 429,
    NoSuchLink: 404,
    LinkIsOver: 410,
    TakenElsewhere: 409,
}


def tablet_page(view: Page) -> Page:
    """Open a page of the tablets to whoever stands on the practice's network.

    No login is behind it and the cookie of the holder leaves no other site (SameSite), so a form
    needs no proof of origin.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _check_place(request)
            return quiet(view(request, *args, **kwargs))
        except Refusal as refusal:
            return shut(request, refusal)

    guarded.required_action = None  # type: ignore[attr-defined]
    return csrf_exempt(guarded)


def held_page(purpose: str) -> Callable[[Page], Page]:
    """Give a page the link of its address, when this browser holds it: ``view(request, link)``."""

    def decorate(view: Page) -> Page:
        def held(request: HttpRequest, token: str) -> HttpResponse:
            return view(request, held_link(request, token, purpose))

        return tablet_page(wraps(view)(held))

    return decorate


def link_of(token: str) -> TabletLink:
    """Return the link of an address that may still do something.

    Raises: NoSuchLink; LinkIsOver.
    """
    link = _of_token(token)
    if link is None:
        strangers.note_unknown("tablet", "tablet")
        raise NoSuchLink
    if rules.standing(link.state, link.expires_at, timezone.now()) not in rules.ALIVE:
        raise LinkIsOver
    return link


def held_link(request: HttpRequest, token: str, purpose: str) -> TabletLink:
    """Return the link of an address in the browser that took it.

    Raises: NoSuchLink; LinkIsOver; TakenElsewhere.
    """
    link = link_of(token)
    if link.purpose != purpose or not link.holder_digest:
        raise NoSuchLink
    if not is_holder(request, link):
        raise TakenElsewhere
    return link


def is_holder(request: HttpRequest, link: TabletLink) -> bool:
    """Tell whether this browser is the one that took the link."""
    secret = request.COOKIES.get(COOKIE, "")
    return bool(secret) and constant_time_compare(rules.digest_of(secret), link.holder_digest)


def check_codes(request: HttpRequest) -> None:
    """Count a typed code. Raises: TooManyTries."""
    if not strangers.is_within(request, "tablets.codes", CODES_PER_MINUTE):
        raise TooManyTries


def shut(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say on the tablet what is the matter, with nothing of anybody."""
    context = {"words": str(refusal), "is_typed": isinstance(refusal, NoSuchLink)}
    status = _STATUS.get(type(refusal), 409)
    return quiet(render(request, "base/tablets/shut.html", context, status=status))


def quiet(response: HttpResponse) -> HttpResponse:
    """Keep the address out of other sites' logs and the page out of the tablet's memory."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _of_token(token: str) -> TabletLink | None:
    if not rules.looks_like_token(token):
        return None
    return TabletLink.objects.filter(token_digest=rules.digest_of(token)).first()


def _check_place(request: HttpRequest) -> None:
    if not is_near(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES):
        raise OutsideTheNetwork
    if not strangers.is_within(request, "tablets", PER_MINUTE):
        raise TooManyTries
