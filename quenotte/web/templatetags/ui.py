"""The components of the kit as template tags; `/kit` shows each of them in every state."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_vite.core.asset_loader import DjangoViteAssetLoader

from quenotte.kernel.dates import clock
from quenotte.kernel.money import format_euros
from quenotte.web.html import format_html, joined
from quenotte.web.links import link_to
from quenotte.web.odontograms import Tooth, draw
from quenotte.web.thumbnails import Thumbnail
from quenotte.web.thumbnails import draw as draw_thumbnail
from quenotte.web.timeline import Entry

register = template.Library()

NOTHING = SafeString("")
#: The word said with each colour, because a colour alone says nothing to some eyes.
_TONE_ICONS = {
    "info": "info",
    "ok": "circle-check",
    "attention": "triangle-alert",
    "danger": "octagon-alert",
    "neutral": "",
}


def _attributes(given: dict[str, Any]) -> SafeString:
    """Write ``hx_get="…"`` as ``hx-get="…"``; true is a bare attribute, false and None nothing."""
    # Django's flatatt costs four times more, and a page has a hundred attributes.
    return SafeString("".join(_attribute(name, value) for name, value in given.items()))


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    written = name.strip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{conditional_escape(value)}"'


@register.simple_tag
def sent_key(field_id: str = "") -> SafeString:
    """Draw the unseen key of a form: sent twice, it makes one thing (``base.sent``)."""
    named = f' id="{field_id}"' if field_id else ""
    return SafeString(f'<input type="hidden" name="key" value="{uuid4()}"{named}>')


@register.simple_tag
def link(name: str, *keys: Any) -> str:
    """Return an address as ``{% url %}`` does, for a view with UUIDs alone, or without any.

    Cheaper: pages that are opened all day have dozens of them.
    """
    return link_to(name, *keys)


@register.simple_tag
@cache
def built(path: str) -> str:
    """Return the address of a file that Vite built: ``{% built "favicon.svg" %}``.

    It holds a digest of the content, so it cannot change while the server runs.
    """
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(path))


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon; without ``label`` it is decoration. ``size``: "small", "large" or ""."""
    if not label:
        return _decoration(name, size)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
        _icon_classes(size), label, built("icons.svg"), name,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _decoration(name: str, size: str) -> SafeString:
    # A page shows some forty of them, always the same: each is written once.
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        _icon_classes(size), built("icons.svg"), name,
    )  # fmt: skip


def _icon_classes(size: str) -> str:
    return f"icon icon-{size}" if size else "icon"


def _icon_or_nothing(name: str) -> SafeString:
    return icon(name) if name else NOTHING


@register.simple_tag
def button(
    text: str, kind: str = "secondary", icon: str = "", href: str = "", **attributes: Any
) -> SafeString:
    """Draw a button, or a link that looks like one when ``href`` is given.

    ``kind``: primary, secondary, quiet, danger. Other names become attributes (``hx_get``).
    """
    drawn = _icon_or_nothing(icon)
    if href:
        return format_html(
            '<a class="button button-{}" href="{}"{}>{}<span>{}</span></a>',
            kind, href, _attributes(attributes), drawn, text,
        )  # fmt: skip
    attributes.setdefault("type", "button")
    return format_html(
        '<button class="button button-{}"{}>{}<span>{}</span></button>',
        kind, _attributes(attributes), drawn, text,
    )  # fmt: skip


@register.simple_tag
def icon_button(name: str, label: str, href: str = "", **attributes: Any) -> SafeString:
    """Draw a button that shows an icon; ``label`` is read aloud and shown as a tooltip.

    ``class`` adds to the button's own class.
    """
    inner = format_html('{}<span class="visually-hidden">{}</span>', icon(name), label)
    classes = " ".join(filter(None, ("icon-button", attributes.pop("class", ""))))
    attributes.setdefault("title", label)
    if href:
        return format_html(
            '<a class="{}" href="{}"{}>{}</a>', classes, href, _attributes(attributes), inner
        )
    attributes.setdefault("type", "button")
    return format_html('<button class="{}"{}>{}</button>', classes, _attributes(attributes), inner)


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """Draw a small status. ``tone``: neutral, info, ok, attention, danger."""
    return format_html(
        '<span class="badge tone-{}">{}{}</span>', tone, _icon_or_nothing(icon), text
    )


@register.simple_tag
def chip(text: str, tone: str = "attention", icon: str = "", title: str = "") -> SafeString:
    """Draw an alert chip: words and an icon, never a colour alone."""
    return format_html(
        '<span class="chip tone-{}"{}>{}{}</span>',
        tone, _attributes({"title": title or None}),
        _icon_or_nothing(icon or _TONE_ICONS[tone]), text,
    )  # fmt: skip


@register.simple_block_tag
def banner(content: str, tone: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Draw a message across the page; ``live`` reads it aloud when it appears."""
    heading = format_html("<strong>{}</strong>", title) if title else NOTHING
    return format_html(
        '<div class="banner tone-{}"{}>{}<div class="banner-text">{}{}</div></div>',
        tone, _attributes({"role": "status" if live else None}),
        _icon_or_nothing(_TONE_ICONS[tone]), heading, content,
    )  # fmt: skip


@register.simple_block_tag
def card(
    content: str, title: str = "", icon: str = "", count: Any = "", **attributes: Any
) -> SafeString:
    """Draw a surface with a title; start the content with ``<div class="card-actions">``
    to put buttons in its corner."""
    heading = NOTHING
    if title:
        number = format_html('<span class="count">{}</span>', count) if count != "" else NOTHING
        heading = format_html(
            '<h2 class="card-title">{}<span>{}</span>{}</h2>', _icon_or_nothing(icon), title, number
        )
    return format_html(
        '<section class="card"{}>{}{}</section>', _attributes(attributes), heading, content
    )


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "inbox") -> SafeString:
    """Draw what a list shows when it has nothing: why, and what to do next."""
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}</div>',
        _icon_or_nothing(icon), title, content,
    )  # fmt: skip


@register.simple_tag
def avatar(name: str, photo: str = "", size: str = "") -> SafeString:
    """Draw a person's photo, or her initials. ``size``: "small", "large" or ""."""
    classes = f"avatar avatar-{size}" if size else "avatar"
    if photo:
        return format_html('<img class="{}" src="{}" alt="">', classes, photo)
    words = [word for word in name.replace("-", " ").split() if word.lower() not in {"dr", "pr"}]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if words[1:] else words))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials.upper())


@register.simple_tag
def progress(label: str, value: int | None = None, maximum: int = 100) -> SafeString:
    """Draw a progress bar; without ``value`` the end is not known."""
    numbers = {"value": value, "max": maximum if value is not None else None}
    return format_html(
        '<label class="progress"><span>{}</span><progress{}></progress></label>',
        label, _attributes(numbers),
    )  # fmt: skip


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Draw grey lines where text is about to come."""
    rows = SafeString('<span class="skeleton-line"></span>' * lines)
    return format_html('<div class="skeleton" aria-hidden="true">{}</div>', rows)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Draw a keyboard hint: ``{% kbd "Ctrl K" %}``."""
    drawn = joined(format_html("<kbd>{}</kbd>", key) for key in keys.split())
    return format_html('<span class="keys">{}</span>', drawn)


@register.filter
def euros(cents: int | None) -> str:
    """Show cents as « 1 234,50 € »; nothing for no amount."""
    return "" if cents is None else format_euros(cents)


@register.simple_tag
def moment(at: datetime, weekday: bool = False) -> SafeString:
    """Draw an instant for people and for machines: « 3 avril 2026, 10 h 30 ».

    Lists show dozens of them; two ``date`` filters would cost ten times more.
    """
    local = timezone.localtime(at)
    months, weekdays = _names_of_days(get_language())
    day = f"{local.day} {months[local.month]} {local.year}, {clock(local)}"
    if weekday:
        day = f"{weekdays[local.weekday()]} {day}"
    # Digits and names of months: nothing to escape.
    return SafeString(f'<time datetime="{local.isoformat()}">{day}</time>')


@cache
def _names_of_days(_language: str | None) -> tuple[dict[int, str], dict[int, str]]:
    return (
        {number: str(name) for number, name in MONTHS.items()},
        {number: str(name) for number, name in WEEKDAYS_ABBR.items()},
    )


@register.simple_tag
def email(address: str) -> SafeString:
    """Draw an address that breaks before its « @ » rather than inside a word."""
    name, at, domain = address.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, domain)


@register.inclusion_tag("web/components/breadcrumbs.html")
def breadcrumbs(crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    """Draw the way here: (label, address) pairs, the last one without address."""
    return {"crumbs": crumbs}


@register.inclusion_tag("web/components/tabs.html")
def tabs(items: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """Draw tabs that are links: dicts with ``label``, ``url``, ``current`` and ``count``."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Draw the pages of a list; filters of the address are kept."""
    return {"page": page, "query": _other_parameters(context, "page")}


@register.simple_tag(takes_context=True)
def sort_header(context: Context, text: str, key: str, numeric: bool = False) -> SafeString:
    """Draw a table header that sorts by ``?tri=key``, or ``?tri=-key`` the other way."""
    request: HttpRequest | None = context.get("request")
    current = request.GET.get("tri", "") if request else ""
    wanted, state, arrow = key, "none", "chevrons-up-down"
    if current == key:
        wanted, state, arrow = f"-{key}", "ascending", "chevron-up"
    elif current == f"-{key}":
        state, arrow = "descending", "chevron-down"
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a href="?{}tri={}">{}{}</a></th>',
        state, _attributes({"class": "number" if numeric else None}),
        _other_parameters(context, "tri", "page"), wanted, text, icon(arrow, size="small"),
    )  # fmt: skip


def _other_parameters(context: Context, *replaced: str) -> str:
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    kept = request.GET.copy()
    for name in replaced:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: list[Entry], more: str = "") -> dict[str, Any]:
    """Draw entries newest first; ``more`` is the address of older ones."""
    return {"entries": entries, "more": more}


@register.simple_tag
def timeline_entry(entry: Entry) -> SafeString:
    """Draw one entry; in Python, because the record draws a dozen of them each time."""
    title = format_html('<a href="{}">{}</a>', entry.url, entry.title) if entry.url else entry.title
    has_lines = "\n" in entry.text or "\r" in entry.text
    text = linebreaksbr(entry.text, autoescape=True) if has_lines else entry.text
    return format_html(
        '<li class="timeline-entry timeline-{}"{}>{}<div class="timeline-body">'
        '<p class="timeline-title">{}</p>{}<p class="timeline-meta">{}{}</p></div></li>',
        entry.kind,
        format_html(' data-object="{}"', entry.object_id) if entry.object_id else NOTHING,
        icon(entry.icon),
        title,
        format_html('<p class="timeline-text">{}</p>', text) if text else NOTHING,
        moment(entry.at),
        f" · {entry.author}" if entry.author else NOTHING,
    )


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Draw what is wrong with a form, each line leading to its field."""
    return {"form": form, "wrong": [field for field in form if field.errors]}


@register.inclusion_tag("web/components/search.html")
def search_box(
    url: str,
    placeholder: str,
    name: str = "q",
    box_id: str = "recherche",
    value: str = "",
    shortcut: bool = False,
) -> dict[str, Any]:
    """Draw a search with suggestions; ``url`` answers ``web/components/search_results.html``.

    ``shortcut`` gives it the keys « / » and Ctrl+K: one per page.
    """
    return {
        "url": url, "placeholder": placeholder, "name": name, "box_id": box_id,
        "value": value, "shortcut": shortcut,
    }  # fmt: skip


@register.inclusion_tag("web/components/dropzone.html")
def dropzone(
    url: str,
    text: str,
    name: str = "file",
    accept: str = "",
    zone_id: str = "depot",
    max_bytes: int = 0,
) -> dict[str, Any]:
    """Draw where files are dropped; each is sent alone to ``url`` with its own progress.

    The page knows the largest body that the site accepts, or the largest file that ``url``
    takes (``max_bytes``): nobody waits for a refusal.
    """
    return {
        "url": url, "text": text, "name": name, "accept": accept, "zone_id": zone_id,
        "max_bytes": str(max_bytes or settings.MAX_REQUEST_BYTES),
    }  # fmt: skip


@register.simple_tag
def thumb(picture: Thumbnail, may_open: bool = True) -> SafeString:
    """Draw a picture small, with its teeth and its day; a link to its viewer if she may."""
    drawn = NOTHING if picture.src else icon("file-text", label=picture.alt, size="large")
    return draw_thumbnail(picture, drawn, may_open=may_open)


@register.simple_tag
def odontogram(teeth: list[Tooth], label: str = "") -> SafeString:
    """Draw the mouth as the dentist faces it, from plain tooth states."""
    return draw(teeth, label or _("Schéma dentaire"))


@register.simple_block_tag
def drawer(content: str, drawer_id: str, title: str, opened: bool = False) -> SafeString:
    """Draw a side panel; several may be open. ``data-drawer-open="id"`` on a button opens it."""
    return format_html(
        '<section class="drawer" id="{0}" data-drawer tabindex="-1" aria-labelledby="{0}-titre"{1}>'
        '<header class="drawer-head"><h2 id="{0}-titre">{2}</h2>{3}</header>'
        '<div class="drawer-body">{4}</div></section>',
        drawer_id, NOTHING if opened else SafeString(" hidden"), title,
        icon_button("x", _("Fermer le volet"), data_drawer_close=True), content,
    )  # fmt: skip


@register.simple_block_tag
def dialog(content: str, dialog_id: str, title: str) -> SafeString:
    """Draw a question that must be answered; ``data-dialog-open="id"`` on a button asks it."""
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-titre">'
        '<h2 id="{0}-titre">{1}</h2>{2}</dialog>',
        dialog_id, title, content,
    )  # fmt: skip
