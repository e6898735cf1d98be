"""The mouth drawn as SVG from plain tooth states; no question about patients here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.web.tooth_marks import Drawn, Mark, drawn
from quenotte.web.tooth_shapes import IMPLANT, SURFACES, above_of, middle_of, side_of, surface_paths

__all__ = ["Mark", "Span", "Tooth", "draw"]

#: Width of the place of a tooth, by place from the midline: those above stand over those below.
_WIDTHS: Final = (42, 38, 42, 42, 44, 60, 58, 52)
_GAP = 6  # half of what parts the two sides
_MIDDLE: Final = sum(_WIDTHS) + _GAP
#: From the midline to the middle of each place.
_OFFSETS: Final = tuple(
    _GAP + end - width // 2 for end, width in zip(accumulate(_WIDTHS), _WIDTHS, strict=True)
)


@dataclass(frozen=True)
class _Row:
    """A row of teeth: its quadrants, and heights below its top, in SVG units."""

    right: int
    left: int
    height: int
    neck: int
    above: int
    number: int
    scale: float = 1
    scale_above: float = 1

    @property
    def is_upper(self) -> bool:
        return self.right in {1, 5}


_ROWS: Final = (
    _Row(1, 2, 150, 54, 107, 143),
    _Row(5, 6, 116, 36, 76, 110, 0.7, 0.86),
    _Row(8, 7, 116, 80, 40, 15, 0.7, 0.86),
    _Row(4, 3, 150, 96, 43, 15),
)
_ROW_OF: Final = {quadrant: row for row in _ROWS for quadrant in (row.right, row.left)}


@dataclass(frozen=True, slots=True)
class Tooth:
    """A tooth as drawn. ``fdi`` is its FDI number, for example 16.

    ``state``: present, missing, agenesis, impacted, root, implant, or unseen (only its place).
    ``words`` says all of it in French, because a drawing is not read by everybody.
    """

    fdi: int
    state: str
    words: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """What holds several teeth together: ``kind`` bridge or prosthesis, FDI numbers, status."""

    kind: str
    teeth: tuple[int, ...]
    status: str


def draw(teeth: Iterable[Tooth], label: str, spans: Iterable[Span] = ()) -> SafeString:
    """Return the SVG of these teeth; rows without any tooth take no room.

    Source: ISO 3950 (two-digit FDI numbers), the patient seen from the front.
    """
    return _draw(tuple(teeth), tuple(spans), label, _("Dent %(fdi)s : %(words)s"))


# A mouth is drawn on every patient page, and many are alike: nothing but what the age says.
@lru_cache(maxsize=256)
def _draw(
    teeth: tuple[Tooth, ...], spans: tuple[Span, ...], label: str, sentence: str
) -> SafeString:
    by_quadrant: dict[int, list[Tooth]] = {}
    for tooth in teeth:
        by_quadrant.setdefault(tooth.fdi // 10, []).append(tooth)
    rows: list[_Row] = []
    pieces: list[str] = []
    top = 0
    for row in _ROWS:
        own = [tooth for side in (row.right, row.left) for tooth in by_quadrant.get(side, ())]
        if not own:
            continue
        rows.append(row)
        if all(tooth.state == "unseen" and not tooth.marks for tooth in own):
            pieces += _numbers(own, top, sentence)
            top += _LOW
            continue
        own.sort(key=lambda one: _x(one.fdi))
        pieces += [f'<g transform="translate(0 {top})">', *(_tooth(t, sentence) for t in own)]
        pieces += [_span(span) for span in spans if _ROW_OF.get(span.teeth[0] // 10) is row]
        pieces.append("</g>")
        top += row.height
    line = f'<path class="midline" d="M{_MIDDLE} 4V{max(top, 8) - 4}"/>'
    return SafeString(
        f'<svg class="odontogram rows-{len(rows)}" viewBox="0 0 {2 * _MIDDLE} {top or 150}"'
        f' role="group" aria-label="{escape(label)}">'
        f"{_definitions(tuple(rows))}{line}{''.join(pieces)}</svg>"
    )


#: Height of a row of which nothing came up yet: its numbers.
_LOW: Final = 26


def _numbers(teeth: list[Tooth], top: int, sentence: str) -> list[str]:
    """Draw the places of a row without any tooth."""
    return [
        f'<g transform="translate(0 {top})">',
        *(
            f"{_opening(tooth, sentence)}{_place(tooth.fdi, _LOW)}"
            f'<text y="17">{tooth.fdi}</text></g>'
            for tooth in sorted(teeth, key=lambda one: _x(one.fdi))
        ),
        "</g>",
    ]


def _opening(tooth: Tooth, sentence: str) -> str:
    name = escape(sentence % {"fdi": tooth.fdi, "words": tooth.words})
    return (
        f'<g class="tooth is-{tooth.state}" data-tooth="{tooth.fdi}" role="button" tabindex="-1"'
        f' transform="translate({_x(tooth.fdi)} 0)"><title>{name}</title>'
    )


def _place(fdi: int, height: int) -> str:
    width = _WIDTHS[fdi % 10 - 1]
    return (
        f'<rect class="place" x="{1 - width // 2}" width="{width - 2}" y="1"'
        f' height="{height - 2}" rx="6"/>'
    )


@cache
def _x(fdi: int) -> int:
    """Return the middle of a tooth's place: the patient's right is on the left."""
    quadrant, place = divmod(fdi, 10)
    side = -1 if quadrant in {1, 4, 5, 8} else 1
    return _MIDDLE + side * _OFFSETS[place - 1]


def _turn(fdi: int, scale: float) -> str:
    """Return the turn that puts the shapes in the quadrant of a tooth."""
    row = _ROW_OF[fdi // 10]
    across = scale * (1 if fdi // 10 == row.right else -1)
    down = scale * (1 if row.is_upper else -1)
    return f"scale({across:g} {down:g})"


# Most teeth of most mouths are alike too.
@lru_cache(maxsize=4096)
def _tooth(tooth: Tooth, sentence: str) -> str:
    row = _ROW_OF[tooth.fdi // 10]
    side, above = (_turn(tooth.fdi, scale) for scale in (row.scale, row.scale_above))
    over = [drawn(mark, tooth.fdi) for mark in tooth.marks]
    width = _WIDTHS[tooth.fdi % 10 - 1]
    return (
        f"{_opening(tooth, sentence)}{_place(tooth.fdi, row.height)}"
        f'<g transform="translate(0 {row.neck}){side}">{_side(tooth, over)}</g>'
        f'<g transform="translate(0 {row.above}){above}">{_above(tooth, over)}</g>'
        f'<text y="{row.number}">{tooth.fdi}</text>{_figures(tooth, row)}'
        f"{_signs(tooth, row, width)}</g>"
    )


def _side(tooth: Tooth, over: list[Drawn]) -> str:
    """Draw the tooth from its side, then what is charted on it."""
    name, shape = side_of(tooth.fdi)
    if tooth.state == "unseen":
        return "".join(one.side for one in over)
    crown = f'<use class="crown" href="#{name}c"/>'
    roots = f'<use class="root" href="#{name}r"/>'
    if shape.behind:
        roots = f'<use class="root behind" href="#{name}b"/>{roots}'
    if tooth.state == "implant":
        roots = "" if any(mark.kind == "implant" for mark in tooth.marks) else _SCREW
    marks = "".join(one.side for one in over)
    if tooth.state == "impacted":
        ring = f'<ellipse class="socket" cy="-4" rx="{shape.half + 2}" ry="36"/>'
        return f'<g transform="translate(0 -4)scale(.8)">{roots}{crown}{marks}</g>{ring}'
    return f"{roots}{crown}{marks}"


_SCREW: Final = (
    f'<path class="mk screw existing" d="{IMPLANT[0]}"/>'
    f'<path class="mk thread existing" d="{IMPLANT[1]}"/>'
)


@cache
def _surfaces(fdi: int) -> str:
    kind, _shape = above_of(fdi)
    return "".join(
        f'<use class="sf" data-s="{letter}" href="#{kind}{letter}"/>' for letter in SURFACES
    )


def _above(tooth: Tooth, over: list[Drawn]) -> str:
    """Draw the five surfaces, then what is charted on them."""
    _, shape = above_of(tooth.fdi)
    marks = "".join(one.above for one in over)
    if tooth.state == "unseen":
        return marks
    fissure = "" if marks else f'<path class="fissure" d="{shape.fissure}"/>'
    sign = _ABSENT.get(tooth.state, "")
    return f"{_surfaces(tooth.fdi)}{sign or fissure}{marks}"


#: What stands in the place of the surfaces of a tooth that is not there: a bar; a bar and a ring.
_ABSENT: Final = {
    "missing": '<path class="gone" d="M-9 0H9"/>',
    "agenesis": '<path class="gone" d="M-7 0A7 7 0 1 1 7 0A7 7 0 1 1-7 0M-6 6L6-6"/>',
}

#: A small sign beside the number for each status that asks for something, in this order.
_SIGNS: Final = {
    "planned": "M0-7L4 0H-4Z",
    "done": "M-4-4L-1-1L4-7",
    "watch": "M-4-3.5A4 4 0 1 1 4-3.5A4 4 0 1 1-4-3.5M-.6-3.5H.6",
    "referred": "M-3 0L3-6M-1-6H3V-2",
}


def _signs(tooth: Tooth, row: _Row, width: int) -> str:
    asked = {mark.status for mark in tooth.marks}
    found = [(name, d) for name, d in _SIGNS.items() if name in asked]
    # From the number outwards, on both sides when there are more than a place holds.
    spots = [14, -14, width // 2 + 2, -width // 2 - 2]
    return "".join(
        f'<path class="sign {name}" transform="translate({x} {row.number})" d="{d}"/>'
        for (name, d), x in zip(found, spots, strict=False)
    )


def _figures(tooth: Tooth, row: _Row) -> str:
    """Write the score of a caries on it: outside of the frame of the shapes, which is turned."""
    _, shape = above_of(tooth.fdi)
    across = row.scale_above * (1 if tooth.fdi // 10 == row.right else -1)
    down = row.scale_above * (1 if row.is_upper else -1)
    found = []
    for mark in tooth.marks:
        if mark.figure:
            x, y = middle_of(shape, mark.surfaces[:1])
            place = f'x="{x * across:g}" y="{row.above + y * down + 3.5:g}"'
            found.append(f'<text class="figure" {place}>{escape(mark.figure)}</text>')
    return "".join(found)


@cache
def _ends(teeth: tuple[int, ...]) -> tuple[int, int]:
    places = [_x(fdi) for fdi in teeth]
    return min(places), max(places)


def _span(span: Span) -> str:
    """Draw the bar that joins the teeth of a bridge, or the base of a prosthesis."""
    row = _ROW_OF[span.teeth[0] // 10]
    start, end = _ends(span.teeth)
    way = 1 if row.is_upper else -1
    y = row.neck + way * (13 if span.kind == "bridge" else -3) * row.scale
    return f'<path class="mk span-{span.kind} {span.status}" d="M{start} {y:g}H{end}"/>'


def sample_above(kind: str, status: str) -> SafeString:
    """Draw a molar from above with one thing on it; the shapes are those of the page's mouth."""
    above = drawn(Mark(kind, status, "MODVL"), _SAMPLE).above
    sign = _SIGNS.get(status, "")
    mark = f'<path class="sign {status}" transform="translate(36 4)" d="{sign}"/>' if sign else ""
    return _sample("-28 -24 74 48", f"{_surfaces(_SAMPLE)}{above}{mark}")


def sample_side(kind: str) -> SafeString:
    """Draw a molar with one thing that is in place on it."""
    over = drawn(Mark(kind, "existing", "MO" if kind in _SURFACED else ""), _SAMPLE)
    side = _side(Tooth(_SAMPLE, "present", ""), [over])
    above = f'<g transform="translate(52 -8)">{_surfaces(_SAMPLE)}{over.above}</g>'
    return _sample("-24 -52 104 84", f"{side}{above}")


def sample_state(state: str) -> SafeString:
    """Draw a molar that is there, or is not."""
    tooth = Tooth(_SAMPLE, state, "")
    above = f'<g transform="translate(52 -8)">{_above(tooth, [])}</g>'
    inner = f'<g class="is-{state}">{_side(tooth, [])}{above}</g>'
    return _sample("-24 -52 104 84", inner)


_SAMPLE: Final = 16
_SURFACED: Final = frozenset({"caries", "filling", "inlay"})


def _sample(box: str, inner: str) -> SafeString:
    return SafeString(
        f'<svg class="odontogram sample" viewBox="{box}" aria-hidden="true">{inner}</svg>'
    )


_PATTERNS: Final = (
    '<pattern id="p-planned" width="5" height="5" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path class="pt planned" d="M0 0V5"/></pattern>'
    '<pattern id="p-watch" width="4.4" height="4.4" patternUnits="userSpaceOnUse">'
    '<circle class="pt watch" cx="2.2" cy="2.2" r="1.1"/></pattern>'
    '<pattern id="p-referred" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<path class="pt referred" d="M2 0V4"/></pattern>'
    '<pattern id="t-amalgam" width="3.6" height="3.6" patternUnits="userSpaceOnUse">'
    '<path class="tx" d="M0 0L3.6 3.6M3.6 0L0 3.6"/></pattern>'
    '<pattern id="t-metal" width="4" height="3" patternUnits="userSpaceOnUse">'
    '<path class="tx" d="M0 1.5H4"/></pattern>'
    '<pattern id="t-ionomer" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<circle class="tx dot" cx="1" cy="1" r=".8"/><circle class="tx dot" cx="3" cy="3" r=".8"/>'
    "</pattern>"
    '<pattern id="t-temporary" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="tx" d="M1 3H3"/></pattern>'
    '<pattern id="t-ceramic" width="7" height="7" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(-45)"><path class="tx wide" d="M0 0V7"/></pattern>'
)


@cache
def _definitions(rows: tuple[_Row, ...]) -> str:
    """Write each shape of these rows once; the teeth use them."""
    numbers = [
        10 * row.right + place for row in rows for place in range(1, 9 if row.right < 5 else 6)
    ]
    sides = dict(map(side_of, numbers))
    above = dict(map(above_of, numbers))
    parts = [_PATTERNS]
    for name, shape in sides.items():
        parts += [f'<path id="{name}c" d="{shape.crown}"/><path id="{name}r" d="{shape.root}"/>']
        parts += [f'<path id="{name}k" d="{shape.canals}"/>']
        parts += [f'<clipPath id="c-{name}"><use href="#{name}c"/></clipPath>']
        parts += [f'<path id="{name}b" d="{shape.behind}"/>'] if shape.behind else []
    for name, view in above.items():
        parts += [
            f'<path id="{name}{letter or "w"}" d="{d}"/>'
            for letter, d in surface_paths(view).items()
        ]
    return f"<defs>{''.join(parts)}</defs>"
