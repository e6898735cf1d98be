"""Silhouettes of teeth and implants, and the small signs beside them."""

from quenotte.care.perio.drawing.places import CROWN, MM, Band
from quenotte.care.perio.rules.mouths import Face, is_upper

_HALF = {1: 20, 2: 16, 3: 18, 4: 17, 5: 17, 6: 26, 7: 25, 8: 23}
_HALF_LOWER = {1: 13, 2: 14, 3: 17, 4: 17, 5: 18, 6: 26, 7: 26, 8: 24}
_ROOT_MM = {1: 11, 2: 11, 3: 13.5, 4: 11, 5: 11.5, 6: 10.5, 7: 10, 8: 9}


def tooth(fdi: int, x: float, band: Band) -> str:
    """Return the paths of a tooth seen from one face: roots, then crown."""
    half = (_HALF if is_upper(fdi) else _HALF_LOWER)[fdi % 10]
    y, s = band.zero, band.towards
    tip = y + s * _ROOT_MM[fdi % 10] * MM
    roots = _two_roots(x, half, y, tip) if _has_two(fdi, band.face) else _root(x, half, y, tip)
    far, bend = y - s * CROWN, s * 6
    crown = (
        f"M{x - half} {y:.1f}Q{x - half - 2} {far + bend:.1f} {x - half + 5} {far:.1f}"
        f"Q{x} {far + bend * 0.5:.1f} {x + half - 5} {far:.1f}"
        f"Q{x + half + 2} {far + bend:.1f} {x + half} {y:.1f}"
        f"Q{x} {y + s * 5:.1f} {x - half} {y:.1f}Z"
    )
    return f'<path class="pc-root" d="{roots}"/><path class="pc-crown" d="{crown}"/>'


def _has_two(fdi: int, face: Face) -> bool:
    if fdi % 10 < 6:
        return False
    return face is Face.VESTIBULAR or not is_upper(fdi)


def _root(x: float, half: float, y: float, tip: float) -> str:
    neck, mid = half - 2, (y + tip) / 2
    return (
        f"M{x - neck} {y:.1f}C{x - neck + 1} {mid:.1f} {x - 6} {tip:.1f} {x} {tip:.1f}"
        f"C{x + 6} {tip:.1f} {x + neck - 1} {mid:.1f} {x + neck} {y:.1f}Z"
    )


def _two_roots(x: float, half: float, y: float, tip: float) -> str:
    neck, fork, mid = half - 2, y + (tip - y) * 0.38, (y + tip) / 2
    out = half - 9
    return (
        f"M{x - neck} {y:.1f}C{x - neck} {mid:.1f} {x - out - 5} {tip:.1f} {x - out} {tip:.1f}"
        f"C{x - out + 5} {tip:.1f} {x - 4} {mid:.1f} {x} {fork:.1f}"
        f"C{x + 4} {mid:.1f} {x + out - 5} {tip:.1f} {x + out} {tip:.1f}"
        f"C{x + out + 5} {tip:.1f} {x + neck} {mid:.1f} {x + neck} {y:.1f}Z"
    )


def implant(x: float, band: Band) -> str:
    """Return a screw under a crown."""
    y, s = band.zero, band.towards
    tip = y + s * 10 * MM
    threads = "".join(
        f"M{x - 9} {y + s * mm * MM:.1f}L{x + 9} {y + s * (mm + 0.7) * MM:.1f}"
        for mm in (1.5, 3, 4.5, 6, 7.5)
    )
    far = y - s * CROWN
    return (
        f'<path class="pc-screw" d="M{x - 8} {y:.1f}L{x - 6} {tip:.1f}H{x + 6}L{x + 8} {y:.1f}Z"/>'
        f'<path class="pc-thread" d="{threads}"/>'
        f'<path class="pc-crown" d="M{x - 15} {y:.1f}L{x - 13} {far:.1f}'
        f'H{x + 13}L{x + 15} {y:.1f}Z"/>'
    )


def absent(x: float, band: Band) -> str:
    """Return a line through the place of a tooth that is not there."""
    y, s = band.zero, band.towards
    return f'<path class="pc-absent" d="M{x} {y - s * CROWN:.1f}V{y + s * 11 * MM:.1f}"/>'


def bleeding(x: float, y: float) -> str:
    """Return a red disc."""
    return f'<circle class="pc-blood" cx="{x}" cy="{y}" r="3.6"/>'


def plaque(x: float, y: float) -> str:
    """Return a blue square."""
    return f'<rect class="pc-plaque" x="{x - 3}" y="{y - 3:.1f}" width="6" height="6"/>'


def suppuration(x: float, y: float) -> str:
    """Return a yellow drop that points up."""
    return f'<path class="pc-pus" d="M{x} {y - 4:.1f}L{x + 3.8} {y + 3.4:.1f}H{x - 3.8}Z"/>'


def furcation(x: float, y: float, s: int, grade: int) -> str:
    """Return a triangle that points to the root: empty for I, half full for II, full for III."""
    up, low = y + s * 5, y - s * 4
    outline = f"M{x} {up:.1f}L{x + 6} {low:.1f}H{x - 6}Z"
    half = (
        f'<path class="pc-furca-fill" d="M{x} {up:.1f}V{low:.1f}H{x - 6}Z"/>' if grade == 2 else ""
    )
    kind = "pc-furca pc-furca-fill" if grade == 3 else "pc-furca"
    return f'<path class="{kind}" d="{outline}"/>{half}'
