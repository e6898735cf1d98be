"""Tags of the frame around every page: rail, lights, panels, theme."""

from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quenotte.web import catalogues, kept, navigation, panels, record_tabs
from quenotte.web import lights as light_sources
from quenotte.web.html import format_html

register = template.Library()

_THEMES = ("light", "dark")


def _request(context: Context) -> HttpRequest | None:
    request = context.get("request")
    return request if isinstance(request, HttpRequest) else None


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Write ``data-theme`` when the person chose one, so that no page flashes."""
    request = _request(context)
    chosen = request.COOKIES.get("theme") if request else None
    return format_html(' data-theme="{}"', chosen) if chosen in _THEMES else SafeString("")


@register.simple_tag
def page_language() -> str:
    """Return the language of the page, as ``lang`` says it."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def is_a_practice() -> bool:
    """Tell whether this site is a dental practice's: a provider has no chair."""
    return bool(settings.IS_A_PRACTICE)


@register.simple_tag
def island_words() -> SafeString:
    """Carry what the islands say in the language of the page; in French nothing, it is theirs."""
    texts = catalogues.of_islands(page_language())
    return json_script(texts, "textes") if texts else SafeString("")


@register.simple_tag(takes_context=True)
def rail(context: Context, current: str = "") -> SafeString:
    """Draw the left rail; ``current`` is the key of the place the page belongs to."""
    request = _request(context)
    items = tuple(navigation.items_for(request)) if request else ()
    places = kept.drawn("web/shell/rail.html", items=items, current=current)
    return format_html(
        '<nav class="rail" aria-label="{}">{}{}</nav>',
        _("Rubriques"), places, panels_tag(context, "shell", "rail"),
    )  # fmt: skip


@register.simple_tag(takes_context=True, name="record_tabs")
def record_tabs_tag(context: Context, patient_id: UUID, current: str) -> SafeString:
    """Draw the parts of a record; ``current`` is the key of the one that the page shows."""
    request = _request(context)
    return record_tabs.draw(request, patient_id, current) if request else SafeString("")


@register.simple_tag(takes_context=True)
def lights(context: Context) -> SafeString:
    """Draw the three lights."""
    request = _request(context)
    shown = tuple(light_sources.lights_for(request)) if request else ()
    return kept.drawn("web/shell/lights.html", lights=shown)


@register.simple_tag
def layers() -> SafeString:
    """Draw the places of drawers, toasts and questions, empty on every page."""
    return kept.drawn("web/shell/layers.html")


@register.simple_tag(takes_context=True, name="panels")
def panels_tag(context: Context, page: str, slot: str, subject: Any = None) -> SafeString:
    """Draw the panels that other rooms registered for this slot of this page."""
    request = _request(context)
    if request is None:
        return SafeString("")
    drawn = (panel.render(request, subject) for panel in panels.panels_for(page, slot))
    return SafeString("\n".join(drawn))


@register.simple_tag(takes_context=True)
def may(context: Context, action: str) -> bool:
    """Tell whether the person may do ``action``: ``{% may "patients.write" as can_write %}``."""
    request = _request(context)
    return bool(request and navigation.allowed(request, action))
