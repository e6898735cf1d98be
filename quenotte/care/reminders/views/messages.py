"""The list of messages: what left, what failed, who asks to be called."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.reminders import access, operations, queries
from quenotte.care.reminders.forms import FilterForm
from quenotte.care.reminders.wording import row_of, trouble_words
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import page_of
from quenotte.web.fragments import wants_fragment


@requires("reminders.read")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the messages, filtered; the list alone when htmx asks for what is new."""
    actor = actor_of(request)
    context = _context(request, actor.own_practice_id)
    if wants_fragment(request):
        return render(request, "care/reminders/_messages.html", context)
    access.open_list(actor)
    return render(request, "care/reminders/messages.html", context)


@requires("reminders.write")
@require_POST
def again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send a message once more."""
    try:
        operations.send_again(actor=actor_of(request), message_id=message_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Le message partira dans la minute."))
    return _back(request)


@requires("reminders.write")
@require_POST
def seen(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Note that the patient was called."""
    try:
        operations.mark_seen(actor=actor_of(request), message_id=message_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return redirect(address if is_ours else "reminders:messages")


def _context(request: HttpRequest, practice_id: UUID) -> dict[str, Any]:
    form = FilterForm(request.GET or None)
    values = form.cleaned_data if form.is_valid() else {}
    name = request.GET.get("etat", "")
    wanted = queries.Wanted(
        filter=name if name in queries.FILTERS else "",
        channel=values.get("canal", ""),
        day=values.get("jour"),
    )
    page = queries.messages(practice_id, wanted, number=page_of(request))
    sending = queries.settings_of(practice_id)
    trouble, remedy = trouble_words(sending.trouble)
    query = request.GET.urlencode()
    return {
        "page": page,
        "rows": [row_of(message) for message in page],
        "form": form,
        "filter": wanted.filter,
        "tabs": _tabs(practice_id, wanted.filter),
        "is_on": sending.is_on,
        "sms_is_on": sending.sms_is_on,
        "trouble": trouble,
        "remedy": remedy,
        "trouble_since": sending.trouble_since,
        "address": reverse("reminders:messages") + (f"?{query}" if query else ""),
    }


def _tabs(practice_id: UUID, current: str) -> list[dict[str, Any]]:
    counts, address = queries.counts(practice_id), reverse("reminders:messages")
    labels = {
        queries.TO_CALL: _("À rappeler"),
        queries.FAILED: _("Non parvenus"),
        queries.WAITING: _("À envoyer"),
        queries.GONE: _("Partis"),
    }
    everything = {"label": _("Récents"), "url": address, "current": not current, "count": 0}
    return [everything] + [
        {
            "label": label,
            "url": f"{address}?etat={name}",
            "current": current == name,
            "count": counts[name],
        }
        for name, label in labels.items()
    ]
