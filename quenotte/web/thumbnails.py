"""One picture of a strip, a tray or a list, from plain facts; no question about patients here."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.web.html import format_html

_NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """What is drawn of a picture.

    ``url`` is its viewer; ``src`` its small image, empty while it is being made (``is_coming``)
    or when it cannot be drawn. ``alt`` says in words what it is; ``teeth`` are FDI numbers.
    """

    id: str
    url: str
    src: str
    alt: str
    taken_at: datetime
    teeth: str = ""
    is_coming: bool = False

    @property
    def day(self) -> str:
        """The day it was taken, in the time of the practice: « 03/04/26 »."""
        local = timezone.localtime(self.taken_at)
        return f"{local.day:02}/{local.month:02}/{local.year % 100:02}"


def draw(picture: Thumbnail, icon: SafeString, *, may_open: bool) -> SafeString:
    """Return the thumbnail, a link to the viewer when ``may_open``; ``icon`` is for no image."""
    inside = format_html("{}{}", _image(picture, icon), _words(picture))
    if not may_open:
        return format_html('<div class="thumbnail" data-picture="{}">{}</div>', picture.id, inside)
    return format_html(
        '<a class="thumbnail{}" href="{}" data-viewer data-picture="{}" data-title="{}">{}</a>',
        " thumbnail-coming" if picture.is_coming else "",
        picture.url,
        picture.id,
        picture.alt,
        inside,
    )


def _image(picture: Thumbnail, icon: SafeString) -> SafeString:
    if picture.src:
        return format_html(
            '<img src="{}" alt="{}" loading="lazy" decoding="async">', picture.src, picture.alt
        )
    if picture.is_coming:
        coming = _("%(what)s, vignette en cours") % {"what": picture.alt}
        icon = format_html('<span class="visually-hidden">{}</span>', coming)
    return format_html('<span class="thumbnail-none">{}</span>', icon)


def _words(picture: Thumbnail) -> SafeString:
    teeth = _NOTHING
    if picture.teeth:
        teeth = format_html(
            '<strong class="thumbnail-teeth">{}</strong><span class="visually-hidden"> · </span>',
            picture.teeth,
        )
    return format_html(
        '<span class="thumbnail-text">{}<span class="thumbnail-day">{}</span></span>',
        teeth,
        picture.day,
    )
