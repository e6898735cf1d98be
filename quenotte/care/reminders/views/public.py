"""The pages behind the link of a message: a time and a practice, nothing of a person.

Looking never changes anything: the scanners of mailboxes open every link. Whoever holds the
address may answer, and there is no login to abuse: these pages need no proof of origin.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from quenotte.base import strangers
from quenotte.base.people.access import public
from quenotte.care.reminders import access, operations, queries
from quenotte.care.reminders.models import Message, MessageTemplate
from quenotte.care.reminders.rules.states import Answer
from quenotte.kernel.errors import Refusal


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the appointment, and take the answer once."""
    message = _found(request, token)
    if isinstance(message, HttpResponse):
        return message
    refusal = ""
    if request.method == "POST":
        try:
            operations.answer(message_id=message.id, wanted=_wanted(request))
            return redirect("reminders:invitation", token)
        except Refusal as error:
            refusal = str(error)
            message.refresh_from_db()
    context = {"found": operations.invitation(message), "token": token, "refusal": refusal}
    status = 409 if refusal else 200
    return _quiet(render(request, "care/reminders/invitation.html", context, status=status))


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def way_out(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to stop the messages, and stop them (also in one click, RFC 8058)."""
    message = _found(request, token)
    if isinstance(message, HttpResponse):
        return message
    is_done = request.method == "POST"
    if is_done:
        operations.refuse_more(message_id=message.id)
    label = str(MessageTemplate.Channel(message.channel).label)
    context = {
        "found": operations.invitation(message),
        "token": token,
        "channel": label if label.isupper() else label.lower(),
        "is_done": is_done,
    }
    return _quiet(render(request, "care/reminders/way_out.html", context))


def _found(request: HttpRequest, token: str) -> Message | HttpResponse:
    if not strangers.is_within(request, "reminders", access.PER_MINUTE):
        return _quiet(render(request, "care/reminders/slow_down.html", status=429))
    message = queries.message_of_token(token)
    if message is None:
        strangers.note_unknown("message")
        return _quiet(render(request, "care/reminders/no_such_link.html", status=404))
    return message


def _wanted(request: HttpRequest) -> Answer:
    is_call = request.POST.get("reponse") == Answer.CALL_ME
    return Answer.CALL_ME if is_call else Answer.CONFIRMED


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the address out of search engines and of other sites' logs."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
