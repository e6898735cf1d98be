"""How each thing charted is drawn on a tooth, over its outlines.

A status has a pattern and an outline of its own besides its colour (``odontogram.css``); a
material has a texture; a kind has a form. Everything is drawn in the frame of the shapes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.web.tooth_shapes import IMPLANT, SURFACES, above_of, middle_of, side_of

#: How far a caries of each depth spreads, in SVG units.
_SPREAD: Final = {"enamel": 2.6, "dentine": 3.8, "deep": 5, "pulp": 6.2}
#: Materials with a texture of their own; the others are plain.
_TEXTURES: Final = {
    "amalgam": "amalgam", "gold": "metal", "metal": "metal", "metal_ceramic": "metal",
    "steel": "metal", "cast": "metal", "titanium": "metal", "glass_ionomer": "ionomer",
    "temporary": "temporary", "ceramic": "ceramic", "zirconia": "ceramic",
}  # fmt: skip
#: Statuses drawn by a pattern in place of a plain colour.
_HATCHED: Final = frozenset({"planned", "watch", "referred"})


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn on one tooth.

    ``kind``, ``status``, ``material`` and ``depth`` are the codes of the chart; ``surfaces``
    letters among M D O V L, R (root) and A (apex); ``figure`` a digit written on a caries.
    ``toward`` is where a moved tooth went: a letter of the surfaces.
    """

    kind: str
    status: str
    surfaces: str = ""
    material: str = ""
    depth: str = ""
    figure: str = ""
    toward: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a mark adds: to the side view, to the view from above."""

    side: str = ""
    above: str = ""


def drawn(mark: Mark, fdi: int) -> Drawn:
    """Return the drawing of a mark; one that is not known is a square on the crown."""
    return _BY_KIND.get(mark.kind, _unknown)(mark, fdi)


def _path(name: str, mark: Mark, d: str) -> str:
    return f'<path class="mk {name} {mark.status}" d="{d}"/>'


def _use(name: str, mark: Mark, href: str) -> str:
    return f'<use class="mk {name} {mark.status}" href="#{href}"/>'


def _filled(name: str, mark: Mark, href: str) -> str:
    """Fill a shape by its status, then lay the texture of the material over it."""
    if mark.status in _HATCHED:
        hatch = f'<use class="mk" href="#{href}" fill="url(#p-{mark.status})"/>'
        return hatch + _use(f"{name} edge", mark, href)
    texture = _TEXTURES.get(mark.material, "")
    over = f'<use class="mk" href="#{href}" fill="url(#t-{texture})"/>' if texture else ""
    return _use(name, mark, href) + over


def _chewing(mark: Mark) -> str:
    return "".join(letter for letter in SURFACES if letter in mark.surfaces) or "O"


def _on_surfaces(mark: Mark, fdi: int, name: str) -> str:
    kind, _ = above_of(fdi)
    return "".join(_filled(name, mark, f"{kind}{letter}") for letter in _chewing(mark))


def _on_side(mark: Mark, fdi: int) -> Iterator[tuple[float, float]]:
    """Yield where the surfaces that the side view shows lie on the crown."""
    _, shape = side_of(fdi)
    places = {
        "M": (shape.half - 4, shape.low * 0.55),
        "D": (4 - shape.half, shape.low * 0.55),
        "O": (0, shape.low - 4),
        "V": (0, shape.low * 0.36),
    }
    for letter in _chewing(mark):
        if letter in places:
            yield places[letter]


def _filling(mark: Mark, fdi: int) -> Drawn:
    name, _ = side_of(fdi)
    spots = "".join(
        f'<ellipse class="mk fill {mark.status}" cx="{x:g}" cy="{y:g}" rx="5" ry="4.4"/>'
        for x, y in _on_side(mark, fdi)
    )
    side = f'<g clip-path="url(#c-{name})">{spots}</g>' if spots else ""
    return Drawn(side, _on_surfaces(mark, fdi, "fill"))


def _inlay(mark: Mark, fdi: int) -> Drawn:
    plain = _filling(mark, fdi)
    return Drawn(plain.side, _on_surfaces(mark, fdi, "fill inlay"))


def _veneer(mark: Mark, fdi: int) -> Drawn:
    kind, _ = above_of(fdi)
    name, _ = side_of(fdi)
    return Drawn(_use("veneer", mark, f"{name}c"), _filled("fill", mark, f"{kind}V"))


def _crown(mark: Mark, fdi: int) -> Drawn:
    kind, shape = above_of(fdi)
    name, _ = side_of(fdi)
    ring = (
        f'<ellipse class="mk ring {mark.status}" rx="{shape.half * 0.56:g}"'
        f' ry="{shape.deep * 0.56:g}"/>'
    )
    return Drawn(
        _filled("fill cap", mark, f"{name}c"), _filled("fill cap", mark, f"{kind}w") + ring
    )


def _post(mark: Mark, fdi: int) -> Drawn:
    return Drawn(_path("rod", mark, side_of(fdi)[1].post))


def _endodontics(mark: Mark, fdi: int) -> Drawn:
    return Drawn(_use("canal", mark, f"{side_of(fdi)[0]}k"))


def _implant(mark: Mark, fdi: int) -> Drawn:
    body, threads = IMPLANT
    return Drawn(_path("screw", mark, body) + _path("thread", mark, threads))


def _extraction(mark: Mark, fdi: int) -> Drawn:
    half = side_of(fdi)[1].half
    return Drawn(_path("cross", mark, f"M{-half}-36L{half} 24M{half}-36L{-half} 24"))


def _removal(mark: Mark, _fdi: int) -> Drawn:
    return Drawn(
        _path("cross", mark, "M-9 3L9 21M9 3L-9 21"), _path("cross", mark, "M-8-8L8 8M8-8L-8 8")
    )


def _pulpotomy(mark: Mark, _fdi: int) -> Drawn:
    """The chamber is filled, the canals live."""
    return Drawn(_path("rod", mark, "M-4 4H4"))


def _splint(mark: Mark, fdi: int) -> Drawn:
    """A wire from one side of the tooth to the other: that of its neighbour goes on with it."""
    half = side_of(fdi)[1].half + 3
    return Drawn(_path("cross", mark, f"M{-half} 14H{half}"))


def _sealant(mark: Mark, fdi: int) -> Drawn:
    return Drawn("", _path("wave", mark, "M-10 0q2.5-6 5 0t5 0 5 0 5 0"))


def _prosthesis(mark: Mark, fdi: int) -> Drawn:
    name, shape = side_of(fdi)
    kind, _ = above_of(fdi)
    half = shape.half + 3
    saddle = _path("saddle", mark, f"M{-half}-6Q0-10 {half}-6V1Q0 6 {-half} 1Z")
    return Drawn(_filled("fill cap", mark, f"{name}c") + saddle, _use("edge", mark, f"{kind}w"))


def _pontic(mark: Mark, fdi: int) -> Drawn:
    return _crown(mark, fdi)


def _fracture(mark: Mark, fdi: int) -> Drawn:
    half = side_of(fdi)[1].half
    height = -18 if "R" in mark.surfaces else 12
    step = half / 2.5
    zigzag = f"M{-half:g} {height + 4}" + "".join(
        f"l{step:g} {-8 if number % 2 else 8}" for number in range(1, 6)
    )
    return Drawn(_path("crack", mark, zigzag), _path("crack", mark, "M-12 7l6-9 5 7 5-9 6 6"))


def _caries(mark: Mark, fdi: int) -> Drawn:
    _, shape = above_of(fdi)
    spread = _SPREAD.get(mark.depth, 3.8)
    name, _ = side_of(fdi)
    side = "".join(_blob(mark, x, y, spread * 0.9) for x, y in _on_side(mark, fdi))
    root = _blob(mark, side_of(fdi)[1].half * 0.5, -7, spread * 0.9) if "R" in mark.surfaces else ""
    above = "".join(
        _blob(mark, *middle_of(shape, letter), spread)
        for letter in (_chewing(mark) if mark.surfaces != "R" else "")
    )
    return Drawn(f'<g clip-path="url(#c-{name})">{side}</g>{root}', above)


def _blob(mark: Mark, x: float, y: float, r: float) -> str:
    """Return an uneven spot: no restoration has this form."""
    d = (
        f"M{x - r:.1f} {y:.1f}q{r * 0.1:.1f}{-r * 1.3:.1f} {r:.1f}{-r * 0.9:.1f}"
        f"t{r:.1f} {r * 0.8:.1f}q{-r * 0.1:.1f} {r * 1.3:.1f}{-r * 1.1:.1f} {r:.1f}"
        f"T{x - r:.1f} {y:.1f}Z"
    )
    return _path("blob", mark, d)


def _apical(mark: Mark, fdi: int) -> Drawn:
    return Drawn(
        "".join(
            f'<circle class="mk lesion {mark.status}" cx="{x}" cy="{y + 1}" r="6"/>'
            for x, y in side_of(fdi)[1].apexes[:2]
        )
    )


def _moved(mark: Mark, fdi: int) -> Drawn:
    far = side_of(fdi)[1].half
    way = -1 if mark.toward == "D" else 1
    arrow = f"M{-way * far * 0.6:g} 15H{way * far * 0.7:g}l{-way * 5}-4m{way * 5} 4l{-way * 5} 4"
    return Drawn(_path("arrow", mark, arrow))


def _rotated(mark: Mark, _fdi: int) -> Drawn:
    return Drawn("", _path("arrow", mark, "M-9-8A12 12 0 1 1-11 5m-4-5l4 6 6-4"))


def _supernumerary(mark: Mark, fdi: int) -> Drawn:
    x = side_of(fdi)[1].half + 2
    cone = f"M{x - 5} 4Q{x - 6} 14 {x} 15Q{x + 6} 14 {x + 5} 4L{x} -16Z"
    return Drawn(_path("extra", mark, cone))


def _nothing(_mark: Mark, _fdi: int) -> Drawn:
    return Drawn()


def _unknown(mark: Mark, _fdi: int) -> Drawn:
    return Drawn(_path("edge", mark, "M-5 8H5V18H-5Z"))


_BY_KIND: Final[dict[str, Callable[[Mark, int], Drawn]]] = {
    "filling": _filling,
    "inlay": _inlay,
    "veneer": _veneer,
    "crown": _crown,
    "pontic": _pontic,
    "post": _post,
    "bridge": _crown,
    "implant": _implant,
    "endodontics": _endodontics,
    "extraction": _extraction,
    "removal": _removal,
    "sealant": _sealant,
    "splint": _splint,
    "pulpotomy": _pulpotomy,
    "prosthesis": _prosthesis,
    "fracture": _fracture,
    "caries": _caries,
    "apical": _apical,
    "moved": _moved,
    "rotated": _rotated,
    "supernumerary": _supernumerary,
    # What says whether the tooth is there is drawn by its outline.
    "present": _nothing,
    "missing": _nothing,
    "agenesis": _nothing,
    "impacted": _nothing,
    "root": _nothing,
}
