"""Emergency accesses, looked at by the gestionnaire."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.keyboard import operations
from quenotte.kernel.errors import Refusal


@requires("people.manage")
@require_POST
def review(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Note that an emergency access was looked at."""
    try:
        operations.review_grant(actor=actor_of(request), grant_id=grant_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’accès exceptionnel est relu."))
    return redirect("home")
