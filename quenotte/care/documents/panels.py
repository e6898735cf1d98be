"""What documents show on the record: a card, lines of the timeline; and what their pages show."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.documents import copies, operations, queries, rules, wording
from quenotte.care.documents.forms import DescriptionForm, ReasonForm, WantedForm
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.documents.operations import looking, previews
from quenotte.care.patients import operations as patient_search
from quenotte.care.patients import queries as patients
from quenotte.web import kept
from quenotte.web.addresses import page_of
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: What the browser proposes to choose; the content is checked anyway.
ACCEPTED = "application/pdf,image/jpeg,image/png,text/plain,.pdf,.jpg,.jpeg,.png,.txt"
#: Patients proposed while a name is typed.
_FOUND = 8


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of the newest documents, which comes once the record is on screen."""
    if not may(actor_of(request).roles, "documents.read"):
        return ""
    places = {
        "address": link_to("documents:card", patient.id),
        "upload_url": link_to("documents:upload", patient.id),
        "patient_id": patient.id,
    }
    return kept.drawn_form(
        "care/documents/_card_place.html", request, fill=places, **_dropping(request)
    )


def card_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the card shows: the newest documents."""
    found = queries.card_of(patient.id, hidden_from(request))
    return {
        "patient": patient,
        "documents": found[: queries.CARD_LENGTH],
        "has_more": len(found) > queries.CARD_LENGTH,
    }


def list_context(request: HttpRequest, patient: "Patient") -> dict[str, Any]:
    """Return what the page of the documents shows, as ``?q=``, ``?type=`` and ``?vue=`` ask."""
    form = WantedForm(request.GET, hidden=hidden_from(request))
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "type": ""}
    is_withdrawn = request.GET.get("vue") == "retires"
    page = page_of(request)
    hidden = hidden_from(request)
    found = queries.listed(
        patient.id,
        hidden,
        asked=wanted["q"],
        kind=wanted["type"],
        withdrawn=is_withdrawn,
        offset=(page - 1) * queries.PAGE_LENGTH,
    )
    return {
        "form": form,
        "is_asked": bool(wanted["q"] or wanted["type"]),
        "is_withdrawn": is_withdrawn,
        "documents": found[: queries.PAGE_LENGTH],
        "next_page": page + 1 if len(found) > queries.PAGE_LENGTH else 0,
        "withdrawn_count": queries.count_withdrawn(patient.id, hidden),
        "taken_from": queries.taken_from(patient.id, hidden),
        **_dropping(request),
    }


def page_context(
    request: HttpRequest,
    document: Document,
    *,
    form: DescriptionForm | None = None,
    reason: ReasonForm | None = None,
) -> dict[str, Any]:
    """Return what the page of one document shows, in the version of ``?v=``."""
    versions = queries.versions_of(document.id)
    shown = shown_version(request, document, versions)
    may_change = may(actor_of(request).roles, "documents.write")
    is_open = may_change and not document.is_sealed and document.withdrawn_at is None
    standing = [one for one in versions if one.taken_back_at is None]
    return {
        **patients.frame_of(document.patient),
        "document": document,
        "shown": shown,
        "is_current": shown.id == document.current_id,
        "versions": versions,
        "events": queries.events_of(document.id),
        "standing": operations.mention_of(document, shown),
        "pages": range(1, min(shown.pages, previews.MOST_SHOWN) + 1),
        "more_pages": max(0, shown.pages - previews.MOST_SHOWN),
        "text": previews.text_of(shown) if shown.media_type == rules.TEXT else "",
        "size": _size(shown.blob.size_bytes),
        "print_url": f"{link_to('documents:print', document.id)}?v={shown.number}",
        "is_once": copies.is_handed_out_once(document),
        "last_out": queries.last_out(document.id),
        "file_url": f"{link_to('documents:download', document.id)}?v={shown.number}",
        "may_change": may_change,
        "is_open": is_open,
        "ended_words": wording.ended_words(document.kind),
        "sealed_words": wording.sealed_words(document.kind),
        "can_take_back": is_open and len(standing) > 1,
        "form": form or DescriptionForm.of(document),
        "reason": reason or ReasonForm(initial={"version": document.version}),
        "accept": ACCEPTED,
    }


def duplicate_mention(request: HttpRequest, document: Document) -> str:
    """Return what a prescription says when it is printed again; "" the first time."""
    if document.kind != rules.Kind.PRESCRIPTION or not document.is_sealed:
        return ""
    if not queries.was_printed(document.id):
        return ""
    return queries.duplicate_words(actor_of(request).person_label)


def shown_version(
    request: HttpRequest, document: Document, versions: list[DocumentVersion]
) -> DocumentVersion:
    """Return the version that ``?v=`` asks for, else the current one."""
    wanted = request.GET.get("v", "")
    by_number = {str(one.number): one for one in versions}
    by_id = {one.id: one for one in versions}
    assert document.current_id is not None
    return by_number.get(wanted) or by_id[document.current_id]


def found_patients(actor: Actor, words: str) -> list[Any]:
    """Return the patients that the typed words may mean; nothing before a word is typed."""
    return patient_search.search(actor=actor, text=words[:100], limit=_FOUND) if words else []


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline which documents entered the record."""
    if not may(actor_of(request).roles, "documents.read"):
        return []
    return (
        Entry(
            at=one.created_at,
            kind="document",
            icon=one.icon,
            title=one.title,
            text=one.ended_words if one.cancelled_at else _kind_unless_said(one),
            url=link_to("documents:show", one.id),
            author=one.signed_as,
            object_id=str(one.id),
        )
        for one in queries.told(patient.id, hidden_from(request), limit, before)
    )


def hidden_from(request: HttpRequest) -> tuple[str, ...]:
    """Return the kinds of documents that do not exist for who asks."""
    return rules.hidden_from(actor_of(request).roles)


def subject(document_id: UUID) -> UUID | None:
    """Return whose document an address is about."""
    return queries.patient_of(document_id)


def _kind_unless_said(one: queries.Listed) -> str:
    return "" if one.title.startswith(one.kind_words) else one.kind_words


def _dropping(request: HttpRequest) -> dict[str, Any]:
    return {
        "may_add": may(actor_of(request).roles, "documents.write"),
        "accept": ACCEPTED,
        "max_bytes": looking.LARGEST_BYTES,
    }


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000_000:
        return _("%(n)s ko") % {"n": max(1, round(size_bytes / 1000))}
    return _("%(n)s Mo") % {"n": round(size_bytes / 1_000_000)}
