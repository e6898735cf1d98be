"""The parts of a record: rooms say what they hold, a person sees what she may open."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.web import navigation
from quenotte.web.html import format_html, joined
from quenotte.web.links import link_to


@dataclass(frozen=True)
class RecordTab:
    """One part of a record; the view ``url_name`` takes the patient's id and nothing else.

    ``action`` is the permission a person needs to see it.
    """

    key: str
    label: str | Promise
    url_name: str
    action: str
    order: int


_tabs: dict[str, RecordTab] = {}


def register(tab: RecordTab) -> None:
    """Offer a part of the record; a later one with the same key replaces the first."""
    _tabs[tab.key] = tab


def draw(request: HttpRequest, patient_id: UUID, current: str) -> SafeString:
    """Return the row of parts below the banner; nothing when there is only one to choose."""
    found = list(_tabs_for(request))
    if len(found) < 2:
        return SafeString("")
    links = [_link(tab, patient_id, is_current=tab.key == current) for tab in found]
    return format_html(
        '<nav class="record-tabs" aria-label="{}">{}</nav>', _("Parties du dossier"), joined(links)
    )


def _tabs_for(request: HttpRequest) -> Iterator[RecordTab]:
    ordered = sorted(_tabs.values(), key=lambda tab: (tab.order, tab.key))
    return (tab for tab in ordered if navigation.allowed(request, tab.action))


def _link(tab: RecordTab, patient_id: UUID, *, is_current: bool) -> SafeString:
    mark = SafeString(' aria-current="page"') if is_current else SafeString("")
    return format_html(
        '<a href="{}"{}>{}</a>', link_to(tab.url_name, patient_id), mark, str(tab.label)
    )
