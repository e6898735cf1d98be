"""What is being typed, kept on the server as it is typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quenotte.base.people import operations
from quenotte.base.people.access import person_of, requires
from quenotte.kernel.errors import Refusal


@requires("account.own")
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep one draft of the person who types; no text forgets it."""
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    if not key or len(key) > 120:
        return JsonResponse({"error": _("Ce brouillon n’a pas de nom.")}, status=400)
    try:
        operations.save_draft(person_id=person_of(request).id, key=key, text=text)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=413)
    return HttpResponse(status=204)
