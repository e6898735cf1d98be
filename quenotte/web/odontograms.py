"""The mouth drawn as SVG from plain tooth states; no question about patients here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.web.html import format_html, joined

_STEP = 40  # width of one tooth's place, in SVG units
_TOOTH_HEIGHT = 64
#: Quadrant on the patient's right (left of the screen), then the one on her left.
_ROWS = ((1, 2), (5, 6), (8, 7), (4, 3))
_UPPER = frozenset({1, 2, 5, 6})
# Half-widths of crowns by position from the middle, in SVG units: molars are wide.
_HALF_WIDTHS = {1: 11, 2: 9, 3: 10, 4: 11, 5: 11, 6: 16, 7: 15, 8: 14}
_MILK_HALF_WIDTHS = {1: 9, 2: 8, 3: 9, 4: 12, 5: 14}


@dataclass(frozen=True)
class Tooth:
    """A tooth as drawn. ``fdi`` is its FDI number, for example 16.

    ``state``: present, missing, unerupted, planned, treated, implant, unknown. ``words`` says
    it in French, because a drawing is not read by everybody. ``url`` makes it a link.
    """

    fdi: int
    state: str
    words: str
    url: str = ""


def draw(teeth: Iterable[Tooth], label: str) -> SafeString:
    """Return the SVG of these teeth; rows without any tooth take no room.

    Source: ISO 3950 (two-digit FDI numbers), the patient seen from the front.
    """
    return _draw(tuple(teeth), label, _("Dent %(fdi)s : %(words)s"))


# A mouth is drawn on every patient page, and many are alike: nothing but what the age says.
@lru_cache(maxsize=256)
def _draw(teeth: tuple[Tooth, ...], label: str, sentence: str) -> SafeString:
    by_quadrant: dict[int, list[Tooth]] = {}
    for tooth in teeth:
        by_quadrant.setdefault(tooth.fdi // 10, []).append(tooth)
    rows = [row for row in _ROWS if any(quadrant in by_quadrant for quadrant in row)]
    drawn = [
        _tooth(tooth, _name(tooth, sentence), _x(tooth.fdi), top * (_TOOTH_HEIGHT + 24))
        for top, row in enumerate(rows)
        for quadrant in row
        for tooth in sorted(by_quadrant.get(quadrant, ()), key=lambda one: _x(one.fdi))
    ]
    height = max(1, len(rows)) * (_TOOTH_HEIGHT + 24)
    return format_html(
        '<svg class="odontogram" viewBox="0 0 {} {}" role="group" aria-label="{}">'
        '<line class="midline" x1="{}" y1="0" x2="{}" y2="{}"></line>{}</svg>',
        16 * _STEP, height, label, 8 * _STEP, 8 * _STEP, height,
        joined(drawn),
    )  # fmt: skip


def _x(fdi: int) -> int:
    """Return the middle of a tooth's place: the patient's right is on the left."""
    quadrant, position = divmod(fdi, 10)
    side = -1 if quadrant in {1, 4, 5, 8} else 1
    return 8 * _STEP + side * (position * _STEP - _STEP // 2)


def _name(tooth: Tooth, sentence: str) -> str:
    return sentence % {"fdi": tooth.fdi, "words": tooth.words}


# Most teeth of most mouths are alike too.
@lru_cache(maxsize=2048)
def _tooth(tooth: Tooth, name: str, x: int, top: int) -> SafeString:
    upper = tooth.fdi // 10 in _UPPER
    number_y = top + _TOOTH_HEIGHT + 16 if upper else top + 12
    shape_top = top if upper else top + 20
    inner = format_html(
        '<title>{}</title><rect class="place" x="{}" y="{}" width="{}" height="{}" rx="6"></rect>'
        '<path class="root" d="{}"></path><path class="crown" d="{}"></path>{}'
        '<text x="{}" y="{}">{}</text>',
        name, x - _STEP // 2 + 1, top, _STEP - 2, _TOOTH_HEIGHT + 22,
        _root(tooth.fdi, x, shape_top), _crown(tooth.fdi, x, shape_top),
        _mark(tooth.state, x, shape_top), x, number_y, tooth.fdi,
    )  # fmt: skip
    classes = f"tooth tooth-{tooth.state}"
    if tooth.url:
        return format_html(
            '<a class="{}" href="{}" data-tooth="{}" aria-label="{}">{}</a>',
            classes, tooth.url, tooth.fdi, name, inner,
        )  # fmt: skip
    return format_html(
        '<g class="{}" role="img" tabindex="0" data-tooth="{}" aria-label="{}">{}</g>',
        classes, tooth.fdi, name, inner,
    )  # fmt: skip


def _half_width(fdi: int) -> int:
    return (_MILK_HALF_WIDTHS if fdi >= 50 else _HALF_WIDTHS)[fdi % 10]


def _crown(fdi: int, x: int, top: int) -> str:
    """A rounded crown: at the bottom for the upper jaw, at the top for the lower one."""
    half = _half_width(fdi)
    near, far = (top + 36, top + 64) if fdi // 10 in _UPPER else (top + 28, top)
    bend = 8 if far > near else -8
    return (
        f"M{x - half} {near}"
        f" C{x - half - 3} {far - bend} {x - half + 2} {far} {x - half // 2} {far}"
        f" Q{x} {far - bend // 2} {x + half // 2} {far}"
        f" C{x + half - 2} {far} {x + half + 3} {far - bend} {x + half} {near}"
        f" Q{x} {near - bend} {x - half} {near}Z"
    )


def _root(fdi: int, x: int, top: int) -> str:
    """One root for front teeth, two for molars."""
    half = _half_width(fdi) - 2
    upper = fdi // 10 in _UPPER
    neck, tip = (top + 36, top + 4) if upper else (top + 28, top + 60)
    if half < 10 or (fdi < 50 and fdi % 10 < 6):
        return f"M{x - half} {neck} Q{x - 3} {tip} {x} {tip} Q{x + 3} {tip} {x + half} {neck}Z"
    fork = (neck + tip) // 2 + (4 if upper else -4)
    return (
        f"M{x - half} {neck} Q{x - half + 1} {tip} {x - half + 4} {tip} Q{x - 3} {tip} {x} {fork}"
        f" Q{x + 3} {tip} {x + half - 4} {tip} Q{x + half - 1} {tip} {x + half} {neck}Z"
    )


def _mark(state: str, x: int, top: int) -> SafeString:
    """Missing teeth carry a cross: a shape, not only a paler line."""
    if state != "missing":
        return SafeString("")
    return format_html(
        '<path class="cross" d="M{} {}L{} {}M{} {}L{} {}"></path>',
        x - 10, top + 20, x + 10, top + 44, x + 10, top + 20, x - 10, top + 44,
    )  # fmt: skip
