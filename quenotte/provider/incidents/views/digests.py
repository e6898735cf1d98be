"""The digest: its preview for technicians, and the page behind its links, which needs no login.

Looking never changes anything: the scanners of mailboxes open every link. Whoever holds the
address may answer, and there is no login to abuse: that page needs no proof of origin.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base import strangers
from quenotte.base.people.access import public, requires
from quenotte.provider.customers.access import customer_for
from quenotte.provider.incidents import access, links, operations, queries, wording


@requires("fleet.read")
@require_safe
def preview(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show what a practice would be written now."""
    customer = customer_for(request, customer_id, what="digest")
    title, text = operations.preview(customer, now=timezone.now())
    context = {
        "customer": customer,
        "letter_title": title,
        "text": text,
        "digests": queries.digests_of(customer.id),
        "sending": queries.sending(),
    }
    return render(request, "provider/incidents/digest.html", context)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a practice is about to answer, and take the answer once."""
    if not strangers.is_within(request, "incidents", access.PER_MINUTE):
        return _quiet(render(request, "provider/incidents/slow_down.html", status=429))
    try:
        subject_id, answer = links.read(token)
        subject = queries.subject(subject_id)
    except (links.BadLink, LookupError):
        strangers.note_unknown("reply")
        return _quiet(render(request, "provider/incidents/no_such_link.html", status=404))
    is_new, kept = False, queries.reply_of(subject.id, answer)
    if request.method == "POST":
        kept, is_new = operations.answer(subject_id=subject.id, wanted=answer, now=timezone.now())
    said, advice = wording.plain(subject.cause, subject.incident.rule if subject.incident else "")
    context = {
        "subject": subject,
        "said": said,
        "advice": advice,
        "button": wording.ANSWER_BUTTONS[answer],
        "answer": answer.value,
        "reply": kept,
        "is_new": is_new,
    }
    return _quiet(render(request, "provider/incidents/reply.html", context))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the address out of search engines and of other sites' logs."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
