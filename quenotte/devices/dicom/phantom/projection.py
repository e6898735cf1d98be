"""The shadow that one tooth throws: attenuation added to a picture.

Coordinates are local, in millimetres: `across` the tooth, and `along` it from the biting
edge (0) to the apex. A tooth is a stack of ellipses, so that its shadow is rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from quenotte.devices.dicom.phantom.teeth import Form, Tooth
from quenotte.devices.dicom.phantom.textures import Picture, ramp

Line = npt.NDArray[np.floating[Any]]

DENTINE = 0.105
ENAMEL = 0.3
METAL = 1.1
GUTTA = 0.75
COMPOSITE = 0.34


@dataclass(frozen=True)
class Story:
    """What happened to a tooth: drawn into its shadow."""

    filling: str = ""  # "metal", "composite" or nothing
    filling_side: int = 1
    has_caries: bool = False
    has_root_filling: bool = False
    has_crown: bool = False
    has_apical_shadow: bool = False
    pulp: float = 1.0
    lean: float = 0.0
    bend: float = 0.0


def _slope(place: Picture) -> Picture:
    """Return the distance to a cusp's tip, rounded at the tip."""
    return np.sqrt(np.square(place) + 0.012) - 0.11


@dataclass(frozen=True)
class Root:
    """One root: where its centre starts and ends, how thick it is. Millimetres."""

    start: float
    end: float
    neck: float
    tip: float
    length: float
    depth: float


def roots_of(tooth: Tooth) -> Iterator[Root]:
    """Yield the roots of a tooth, the ones that overlap the others last."""
    neck = tooth.width * tooth.neck / 2
    if tooth.form is not Form.MOLAR:
        yield Root(0, 0, neck, 0.6, tooth.root, 1.0)
        return
    spread = tooth.width * (0.34 if tooth.is_upper else 0.3)
    for side, share in ((-1, 1.0), (1, 0.94)):
        yield Root(side * neck * 0.5, side * spread, neck * 0.52, 0.6, tooth.root * share, 0.8)
    if tooth.is_upper:
        yield Root(0, 0.3, neck * 0.55, 0.75, tooth.root * 1.04, 0.5)


class Shadow:
    """The attenuation of one tooth over a small grid."""

    def __init__(self, tooth: Tooth, story: Story, across: Line, along: Line) -> None:
        self._tooth = tooth
        self._story = story
        self._along = along
        reach = along / (tooth.crown + tooth.root)
        axis = story.lean * along + story.bend * np.square(np.maximum(reach - 0.4, 0))
        self._across: Picture = across[None, :] - axis[:, None]
        self._biting = along[:, None] - self._cusps()

    def attenuation(self, crest_mm: float) -> tuple[Picture, Picture]:
        """Return what the tooth and its socket add, and the tooth alone.

        Shape: along x across, float32.
        """
        dense = self._crown()
        distance: Any = np.inf
        for root in roots_of(self._tooth):
            body, away = self._root(root)
            dense = np.maximum(dense, body)
            distance = np.minimum(distance, away)
        dense = dense - self._caries(dense)
        dense = dense + self._works(dense)
        return dense + self._socket(distance, crest_mm), dense

    def _cusps(self) -> Picture:
        """Return the height of the biting edge, millimetres below the highest cusp."""
        place = self._across / (self._tooth.width / 2)
        if self._tooth.form is Form.INCISOR:
            return 0.35 * np.square(place) + 0.1 * np.abs(place)
        if self._tooth.form is Form.CANINE:
            return 1.9 * _slope(place)
        if self._tooth.form is Form.PREMOLAR:
            return np.minimum(1.5 * _slope(place + 0.16), 0.4 + 1.5 * _slope(place - 0.4))
        nearest = np.minimum(_slope(place + 0.52), _slope(place - 0.5))
        return 1.9 * np.minimum(nearest, 0.36)

    def _half_width(self) -> Line:
        """Return half the crown's width for each line, millimetres."""
        tooth = self._tooth
        widest = tooth.width / 2
        places = np.array([-1.0, 0.0, 0.12, 0.3, 0.45, 0.75, 0.92, 1.1, 1.4], dtype=np.float32)
        top = 0.86 if tooth.form in (Form.INCISOR, Form.MOLAR) else 0.6
        neck = tooth.neck
        low = [(neck + 0.95) / 2, (3 * neck + 0.9) / 4, neck, neck]
        shares = [top * 0.8, top, (top + 1.9) / 3, 0.985, 1.0, *low]
        return np.interp(self._along / tooth.crown, places, shares).astype(np.float32) * widest

    def _ellipse(self, half: Line) -> Picture:
        part = self._across / np.maximum(half, 1e-3)[:, None]
        return np.sqrt(np.maximum(1 - part * part, 0))

    def _crown(self) -> Picture:
        tooth = self._tooth
        half = self._half_width()
        depth = tooth.width * (0.78 if tooth.form is Form.INCISOR else 0.9)
        rise = np.clip(1 - self._along / tooth.crown, 0, 1)
        coat = 1.4 * np.power(rise, 0.65)
        ends = ramp(tooth.crown + 4.2 - self._along, 0, 3.0)[:, None]
        outer = self._ellipse(half) * ramp(self._biting, -0.05, 0.3) * ends
        covered = ramp(self._biting, 1.1, 1.9)
        inner = self._ellipse(half - coat) * covered * ends
        thick = np.minimum(1, 0.45 + 0.14 * np.maximum(self._biting, 0)) * depth
        core = inner * np.maximum(thick - 2 * coat[:, None] * 0.7, 0)
        dense = DENTINE * core + ENAMEL * np.maximum(outer * thick - core, 0)
        in_root = ramp(self._along, tooth.crown - 0.3, tooth.crown + 0.5)[:, None]
        dense = dense * (1 - in_root) + DENTINE * outer * thick * in_root
        return dense - self._chamber(depth)

    def _chamber(self, depth: float) -> Picture:
        """Return the shadow of the pulp chamber and its horns, to be taken away."""
        tooth, size = self._tooth, self._story.pulp
        is_molar = tooth.form is Form.MOLAR
        roof = (0.5 if is_molar else 0.36) * tooth.crown
        floor = tooth.crown + (1.8 if is_molar else 5.5)
        widest = tooth.width * (0.21 if is_molar else 0.13) * size
        within = np.clip((self._along - roof) / (floor - roof), 0, 1)
        narrowing = 0.25 if is_molar else 0.75
        widths = widest * np.power(within, 0.4) * (1 - narrowing * within)
        place = np.abs(self._across) / widest
        start = roof + (0.9 if is_molar else 0.0) * np.maximum(1 - place, 0)
        mask = ramp(self._along[:, None] - start, 0, 0.8)
        mask = mask * ramp(floor - self._along, 0, 1.6)[:, None]
        return self._ellipse(widths) * mask * (DENTINE * depth * 0.3 * size)

    def _root(self, root: Root) -> tuple[Picture, Picture]:
        """Return a root's attenuation and the distance to its surface, millimetres."""
        tooth = self._tooth
        start = tooth.crown - 0.4
        tip_centre = tooth.crown + root.length - root.tip
        done = np.clip((self._along - start) / (tip_centre - start), 0, 1)
        centre = root.start + (root.end - root.start) * np.power(done, 0.8)
        taper = root.neck + (root.tip - root.neck) * np.power(done, 1.15)
        beyond = np.maximum(self._along - tip_centre, 0)
        half = np.sqrt(np.maximum(np.square(taper) - np.square(beyond), 0))
        offset = self._across - centre[:, None]
        away = np.hypot(offset, beyond[:, None]) - taper[:, None]
        section = np.maximum(1 - np.square(offset / np.maximum(half, 1e-3)[:, None]), 0)
        depth = (1 - 0.45 * done) * tooth.width * 0.86 * root.depth
        begun = ramp(self._along, start, start + 1.6)
        thick = np.sqrt(section) * (depth * begun)[:, None]
        return DENTINE * thick + self._canal(offset, half, done, depth * begun), away

    def _canal(self, offset: Picture, half: Line, done: Line, depth: Line) -> Picture:
        """Return the canal: darker than the root, or bright when it was filled."""
        width = (0.1 + 0.2 * (1 - done) * self._story.pulp) * np.minimum(half * 2, 1)
        inside = np.maximum(1 - np.square(offset / np.maximum(width, 1e-3)[:, None]), 0)
        if self._story.has_root_filling:
            end = ramp(self._tooth.crown + self._tooth.root - 1.2 - self._along, 0, 0.3)
            return GUTTA * inside * (end * np.minimum(depth, 1))[:, None]
        return -0.3 * DENTINE * inside * depth[:, None]

    def _spot(self, across: float, along: float, wide: float, tall: float) -> Picture:
        """Return a soft disc of height one; millimetres."""
        left = np.square((self._across - across) / wide)
        down = np.square((self._along - along) / tall)[:, None]
        return np.asarray(1 - ramp(left + down, 0.2, 1.4), dtype=np.float32)

    def _caries(self, dense: Picture) -> Picture | float:
        if not self._story.has_caries:
            return 0.0
        side = -self._story.filling_side
        crown, half = self._tooth.crown, self._tooth.width / 2
        lost = 0.62 * self._spot(side * half * 1.02, crown * 0.56, 0.9, 1.1)
        lost = lost + 0.3 * self._spot(side * half * 0.76, crown * 0.6, 1.2, 1.3)
        return np.minimum(lost, 0.8) * dense

    def _works(self, dense: Picture) -> Picture | float:
        """Return what a dentist put in the crown."""
        story, tooth = self._story, self._tooth
        if story.has_crown:
            margin = ramp(tooth.crown - 0.2 - self._along, 0, 0.3)[:, None]
            cap = ramp(self._biting, -0.05, 0.2) * margin
            return METAL * cap * (self._ellipse(self._half_width()) > 0.12)
        if not story.filling:
            return 0.0
        stuff = METAL if story.filling == "metal" else COMPOSITE
        return stuff * self._filling() * np.minimum(dense / 0.3, 1)

    def _filling(self) -> Picture:
        """Return the shape of an occlusal and proximal filling, 0 to 1."""
        tooth, side = self._tooth, self._story.filling_side
        half = tooth.width / 2
        wobble = 0.14 * np.sin(self._along * 2.3 + tooth.fdi)[:, None]
        place = self._across * side + wobble
        box = ramp(place, -half * 0.5, -half * 0.5 + 0.3)
        floor = np.where(place > half * 0.52, tooth.crown * 0.72, tooth.crown * 0.36)
        floor = floor + 0.16 * np.sin(self._across * 2.1)
        return np.asarray(box * ramp(floor - self._along[:, None], 0, 0.3), dtype=np.float32)

    def _socket(self, distance: Picture, crest_mm: float) -> Picture:
        """Return ligament (dark line) and lamina dura (bright line) around the roots."""
        ligament = np.exp(-np.square((distance - 0.1) / 0.12))
        lamina = np.exp(-np.square((distance - 0.38) / 0.17))
        below = ramp(self._along, crest_mm - 0.2, crest_mm + 0.8)[:, None]
        socket: Any = (0.1 * lamina - 0.13 * ligament) * below
        if self._story.has_apical_shadow:
            apex = self._tooth.crown + self._tooth.root
            shadow = self._spot(self._root_tip(), apex + 0.6, 2.3, 2.1)
            socket = socket * (1 - shadow) - 0.34 * shadow
        return np.asarray(socket, dtype=np.float32)

    def _root_tip(self) -> float:
        return next(roots_of(self._tooth)).end
