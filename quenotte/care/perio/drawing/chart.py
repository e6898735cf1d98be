"""The whole drawing: four faces, their numbers, the line of the gum and of the pockets."""

from collections.abc import Iterator
from html import escape
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.care.perio.drawing import shapes
from quenotte.care.perio.drawing.places import (
    ARCH,
    BANDS,
    FACE,
    GAP,
    HEIGHT,
    LEFT,
    ROOT_MM,
    SITE,
    WIDTH,
    Band,
    middle_of,
    sites_of,
)  # fmt: skip
from quenotte.care.perio.rules.mouths import (
    ENTRANCES,
    LOWER,
    UPPER,
    Face,
    Presence,
    is_upper,
    on_screen,
)  # fmt: skip
from quenotte.care.perio.rules.readings import Charting, SiteReading, ToothReading

ROMAN: Final = ("0", "I", "II", "III")
_RIGHT: Final = WIDTH - 4


def draw(
    charting: Charting, label: str, *, before: Charting | None = None, is_live: bool = False
) -> SafeString:
    """Return the SVG of an examination; ``before`` lays an earlier one under it, dashed.

    ``is_live`` adds what the keyboard's island holds on to: places to point at, and numbers
    that can be written before the server draws again.
    """
    pieces = [piece for band in BANDS for piece in _band(band, charting, before)]
    pieces += [_names(charting, row, number) for number, row in enumerate((UPPER, LOWER))]
    if is_live:
        pieces += [_targets(band) for band in BANDS]
    # Our own numbers and words: only the label comes from elsewhere.
    return SafeString(
        f'<svg class="perio-chart" viewBox="0 0 {WIDTH} {HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(label)}">{"".join(pieces)}</svg>'
    )


def _band(band: Band, charting: Charting, before: Charting | None) -> Iterator[str]:
    yield _grid(band)
    yield _words(band)
    places = sites_of(band)
    for place, tooth in enumerate(band.row):
        yield _silhouette(charting, tooth, middle_of(place), band)
    if before is not None:
        yield from _lines(band, places, before, " pc-before")
    yield from _lines(band, places, charting, "")
    for tooth, site, x in places:
        if charting.tooth(tooth).presence != Presence.MISSING:
            yield from _site(charting.site(tooth, site), f"{tooth}{site}", x, band)
    for place, tooth in enumerate(band.row):
        yield from _furcations(charting, tooth, middle_of(place), band)


def _grid(band: Band) -> str:
    fine = "".join(f"M{LEFT} {band.at(mm)}H{_RIGHT}" for mm in range(ROOT_MM + 1) if mm % 5)
    strong = "".join(f"M{LEFT} {band.at(mm)}H{_RIGHT}" for mm in (5, 10, 15))
    return (
        f'<path class="pc-grid" d="{fine}"/><path class="pc-grid pc-grid-strong" d="{strong}"/>'
        f'<path class="pc-zero" d="M{LEFT} {band.at(0)}H{_RIGHT}"/>'
    )


def _words(band: Band) -> str:
    named = {
        "attachment": _("Attache"),
        "recession": _("Récession"),
        "depth": _("Profondeur"),
        "signs": _("Signes"),
    }
    rows = "".join(
        f'<text class="pc-row" x="{LEFT - 6}" y="{band.row_at(name) + 3.5:.1f}">{word}</text>'
        for name, word in named.items()
    )
    if band.face is Face.VESTIBULAR:
        face = _("Vestibulaire")
    else:
        face = _("Palatin") if is_upper(band.row[0]) else _("Lingual")
    y = band.at(6)
    scale = "".join(
        f'<text class="pc-scale" x="{LEFT - 6}" y="{band.at(mm) + 3:.1f}">{mm}</text>'
        for mm in (5, 10)
    )
    return f'{rows}{scale}<text class="pc-face" x="2" y="{y + 3:.1f}">{face}</text>'


def _silhouette(charting: Charting, tooth: int, x: float, band: Band) -> str:
    presence = charting.tooth(tooth).presence
    if presence == Presence.MISSING:
        return shapes.absent(x, band)
    return shapes.implant(x, band) if presence == Presence.IMPLANT else shapes.tooth(tooth, x, band)


def _lines(
    band: Band, places: list[tuple[int, str, float]], charting: Charting, more: str
) -> Iterator[str]:
    for run in _runs(places, charting):
        margin = " ".join(f"{x},{band.at(one.recession or 0)}" for x, one in run)
        bottoms = [(x, band.at((one.recession or 0) + (one.depth or 0))) for x, one in run]
        bottom = " ".join(f"{x},{y}" for x, y in bottoms)
        if not more:
            back = " ".join(f"{x},{y}" for x, y in reversed(bottoms))
            yield f'<polygon class="pc-pocket" points="{margin} {back}"/>'
            yield from _deep(band, run)
        is_guessed = any(one.recession is None for _, one in run)
        guessed = " pc-guessed" if is_guessed else ""
        yield f'<polyline class="pc-bottom{more}" points="{bottom}"/>'
        yield f'<polyline class="pc-margin{guessed}{more}" points="{margin}"/>'


def _deep(band: Band, run: list[tuple[float, SiteReading]]) -> Iterator[str]:
    for x, one in run:
        if kind := _kind(one.depth):
            top, low = band.at(one.recession or 0), band.at((one.recession or 0) + (one.depth or 0))
            yield f'<path class="pc-deep {kind}" d="M{x} {top}V{low}"/>'


def _runs(
    places: list[tuple[int, str, float]], charting: Charting
) -> Iterator[list[tuple[float, SiteReading]]]:
    """Yield the sites that follow one another with a depth: lines break where nothing is known."""
    run: list[tuple[float, SiteReading]] = []
    for tooth, site, x in places:
        found = charting.site(tooth, site)
        if found.depth is not None and charting.tooth(tooth).presence != Presence.MISSING:
            run.append((x, found))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _kind(depth: int | None) -> str:
    if depth is None or depth < 4:
        return ""
    return "pc-6" if depth >= 6 else "pc-4"


def _site(one: SiteReading, key: str, x: float, band: Band) -> Iterator[str]:
    level = one.attachment
    yield _number("a", key, x, band.row_at("attachment"), level, "pc-level")
    yield _number("r", key, x, band.row_at("recession"), one.recession, "pc-recession")
    yield _number("d", key, x, band.row_at("depth"), one.depth, f"pc-depth {_kind(one.depth)}")
    y = band.row_at("signs")
    if one.plaque:
        yield shapes.plaque(x - 6, y)
    if one.bleeding:
        yield shapes.bleeding(x + 1, y)
    if one.suppuration:
        yield shapes.suppuration(x + 7.5, y)


def _number(row: str, key: str, x: float, y: float, value: int | None, kind: str) -> str:
    shown = "" if value is None else str(value).replace("-", "−")
    return f'<text class="{kind.strip()}" data-{row}="{key}" x="{x}" y="{y + 4:.1f}">{shown}</text>'


def _furcations(charting: Charting, tooth: int, x: float, band: Band) -> Iterator[str]:
    found = charting.tooth(tooth)
    if found.presence != Presence.PRESENT:
        return
    for entrance, grade in found.furcation.items():
        if grade and _face_of(tooth, entrance) is band.face:
            at = x + _offset(tooth, entrance, band.face)
            yield shapes.furcation(at, band.at(4.2), band.towards, grade)


def _face_of(tooth: int, entrance: str) -> Face:
    """Return where an entrance is drawn: the mesial and distal ones are reached from the palate."""
    return Face.VESTIBULAR if entrance == "V" else Face.LINGUAL


def _offset(tooth: int, entrance: str, face: Face) -> float:
    if entrance not in {"M", "D"}:
        return 0
    order = [site[0] for site in on_screen(tooth, face)]
    return (order.index(entrance) - 1) * (SITE - 2)


def _names(charting: Charting, row: tuple[int, ...], number: int) -> str:
    """Return the numbers of the teeth between their two faces, mobility and furcations below."""
    top = number * (ARCH + GAP) + FACE
    below = {top + 25: (_("Mobilité"), _mobility), top + 36: (_("Furcation"), _grades)}
    pieces = [
        f'<text class="pc-row" x="{LEFT - 6}" y="{y:.1f}">{word}</text>'
        for y, (word, _said) in below.items()
    ]
    for place, tooth in enumerate(row):
        x, found = middle_of(place), charting.tooth(tooth)
        pieces.append(
            f'<text class="pc-tooth pc-{found.presence}" x="{x}" y="{top + 13:.1f}">{tooth}</text>'
        )
        pieces += [
            f'<text class="pc-below" x="{x}" y="{y:.1f}">{said(tooth, found)}</text>'
            for y, (_word, said) in below.items()
        ]
    return "".join(pieces)


def _mobility(_tooth: int, found: ToothReading) -> str:
    if found.presence == Presence.MISSING:
        return _("absente")
    said = [_("implant")] if found.presence == Presence.IMPLANT else []
    return " ".join([*said, ROMAN[found.mobility]] if found.mobility is not None else said)


def _grades(tooth: int, found: ToothReading) -> str:
    if found.presence != Presence.PRESENT:
        return ""
    return " ".join(
        f"{entrance}\N{NO-BREAK SPACE}{ROMAN[grade]}"
        for entrance in ENTRANCES.get(tooth, ())
        if (grade := found.furcation.get(entrance))
    )


def _targets(band: Band) -> str:
    return "".join(
        f'<rect class="pc-target" data-site="{tooth}-{site}" x="{x - SITE / 2}" y="{band.top:.1f}" '
        f'width="{SITE}" height="{FACE:.1f}"/>'
        for tooth, site, x in sites_of(band)
    )
