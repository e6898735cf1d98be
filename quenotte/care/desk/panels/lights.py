"""The lights that the desk feeds: what the journal and the server are worried about."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of, may_request
from quenotte.care.desk import queries
from quenotte.web.lights import Level, Light
from quenotte.web.remembered import ForAWhile

#: A page may show a light this old; the page of the gestionnaire asks anew.
KEPT_S = 60.0
_LEVELS = {"danger": Level.DANGER, "attention": Level.ATTENTION}

_standing = ForAWhile(queries.alerts, seconds=KEPT_S)


def security(request: HttpRequest) -> Light:
    """Say whether somebody must look at the journal; the page behind it says at what."""
    return _light(request, [one for one in _alerts(request) if one.is_of_security])


def server(request: HttpRequest) -> Light:
    """Say whether the server does its work and has room for more."""
    return _light(request, [one for one in _alerts(request) if not one.is_of_security])


def asked_anew(practice_id: UUID) -> list[queries.Alert]:
    """Return what is worth a look now; the lights of the next pages say the same."""
    return _standing.anew(practice_id)


def _alerts(request: HttpRequest) -> list[queries.Alert]:
    alerts = _standing(actor_of(request).own_practice_id)
    return [one for one in alerts if one.lights_up]


def _light(request: HttpRequest, alerts: list[queries.Alert]) -> Light:
    if not alerts:
        return Light(Level.OK, _("rien à signaler"))
    levels = {_LEVELS[one.tone] for one in alerts}
    worst = Level.DANGER if Level.DANGER in levels else Level.ATTENTION
    url = f"{reverse('home')}#surveillance" if may_request(request, "audit.read") else ""
    return Light(worst, " · ".join(one.words for one in alerts), url)
