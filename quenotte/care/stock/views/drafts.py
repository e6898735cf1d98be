"""What somebody was typing on a page of the stock, and has not sent yet."""

from django.http import HttpRequest

from quenotte.base.people import queries as people
from quenotte.base.people.access import person_of
from quenotte.base.people.operations import discard_draft


def draft_for(request: HttpRequest, key: str) -> dict[str, str]:
    """Return the name of a form's draft and its text: none beside a scan, or what was just sent."""
    is_fresh = request.method == "POST" or "code" in request.GET
    text = "" if is_fresh else people.typed_before(person_of(request).id, key)
    return {"draft_key": key, "draft": text}


def forget_draft(request: HttpRequest, key: str) -> None:
    """Forget the draft of a form that was saved."""
    discard_draft(person_id=person_of(request).id, key=key)
