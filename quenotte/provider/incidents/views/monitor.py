"""The address for a monitor: whether the provider itself works, told to whoever asks."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quenotte.base import strangers
from quenotte.base.people.access import public
from quenotte.provider.incidents import access, queries

_PLAIN = "text/plain; charset=utf-8"


@public
@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the rules look, messages leave and the door is not deaf; else 503, why."""
    if not strangers.is_within(request, "incidents", access.PER_MINUTE):
        return HttpResponse(_("Trop de demandes à la fois."), status=429, content_type=_PLAIN)
    stopped = queries.stopped(timezone.now())
    words = stopped or [_("Les règles regardent, les alertes partent.")]
    return HttpResponse(
        "\n".join(words) + "\n", status=503 if stopped else 200, content_type=_PLAIN
    )
