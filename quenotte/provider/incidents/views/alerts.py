"""Pages of alerts: how one is told and when, one's browsers, how the provider sends."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.incidents import operations, queries, wording
from quenotte.provider.incidents.forms import DutyForm, SendingForm
from quenotte.provider.incidents.views.morning import troubles

_READ, _MANAGE = "fleet.read", "fleet.manage"
_DUTY = ("by_push", "by_mail", "email", "by_sms", "phone", "from_hour", "to_hour")
_SENDING = (
    "smtp_host", "smtp_port", "smtp_security", "smtp_user", "sender_address", "sms_sender",
    "digests_are_on",
)  # fmt: skip


@requires(_READ, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """Show and save how the person of this page is told, and when."""
    person = person_of(request)
    form = DutyForm(request.POST or None, initial=_duty_of(person.id, person.email))
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_duty(values=form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Vos alertes sont enregistrées."))
            return redirect("incidents:alerts")
    reach = queries.reach()
    context = {
        "form": form,
        "key": operations.push_key(practice_id=person.practice_id),
        "browsers": queries.browsers_of(person.id),
        "sent": [
            (
                one,
                wording.WAYS[one.channel],
                wording.SENT[one.state],
                wording.TROUBLES.get(one.reason, one.reason),
            )
            for one in queries.outgoing_of(person.id)
        ],
        "troubles": troubles(),
        "nobody_told": reach.nobody_told,
        "unreachable": reach.unreachable,
        "is_sms_carried": reach.is_sms_carried,
    }
    return render(request, "provider/incidents/alerts.html", context)


def _duty_of(person_id: UUID, email: str) -> dict[str, Any]:
    duty = queries.duty_of(person_id)
    if duty is None:
        return {"by_push": True, "email": email, "weekdays": list("01234"), "from_hour": 8,
                "to_hour": 19}  # fmt: skip
    return {name: getattr(duty, name) for name in _DUTY} | {"weekdays": list(duty.weekdays)}


@requires(_READ)
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Keep the browser that asks; its page reads the answer."""
    told = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "label")}
    try:
        operations.subscribe(actor=actor_of(request), **told)
    except Refusal as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=400)
    return JsonResponse({})


@requires(_READ)
@require_POST
def unsubscribe(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """Forget a browser."""
    operations.unsubscribe(subscription_id=subscription_id, actor=actor_of(request))
    messages.success(request, _("Ce navigateur ne recevra plus rien."))
    return redirect("incidents:alerts")


@requires(_READ)
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """Send a trial by each way of the person of this page."""
    made = operations.try_out(actor=actor_of(request))
    if queries.is_unheard(person_of(request).id):
        messages.warning(
            request,
            _("Notification : aucun de vos navigateurs n’est enregistré, elle n’arrive nulle part. "
              "Appuyez sur « Prévenir ce navigateur »."),
        )  # fmt: skip
    elif not made:
        messages.warning(request, _("Aucun moyen n’est choisi : enregistrez d’abord vos alertes."))
    if made:
        messages.success(request, _("Les essais partent : ce qu’ils deviennent s’affiche ici."))
    return redirect("incidents:alerts")


@requires(_MANAGE, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def sending(request: HttpRequest) -> HttpResponse:
    """Show and save how the provider sends."""
    kept = queries.sending()
    initial = {name: getattr(kept, name) for name in _SENDING} if kept else {"smtp_port": 587}
    form = SendingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in _SENDING}
        password = form.cleaned_data["password"]
        try:
            operations.save_sending(values=values, password=password, actor=actor_of(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les envois sont réglés."))
            return redirect("incidents:sending")
    context = {
        "form": form,
        "public_url": settings.PUBLIC_URL,
        "troubles": troubles(),
        "is_sms_carried": queries.is_sms_carried(),
    }
    return render(request, "provider/incidents/sending.html", context)
