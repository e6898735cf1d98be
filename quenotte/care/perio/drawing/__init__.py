"""A periodontal chart as on paper, drawn as SVG: teeth, margin, pockets, signs, numbers."""

from quenotte.care.perio.drawing.chart import draw
from quenotte.care.perio.drawing.places import BANDS, sites_of

__all__ = ["BANDS", "draw", "sites_of"]
