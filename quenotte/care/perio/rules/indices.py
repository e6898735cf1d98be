"""What an examination amounts to: percentages, means, counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from quenotte.care.perio.rules.mouths import TEETH
from quenotte.care.perio.rules.readings import Charting, SiteReading

#: Depths from which sites are counted apart, in mm.
DEEP_MM: Final = (4, 5, 6)
#: The wisdom teeth are not missed when they are not there.
_WISDOM: Final = frozenset({18, 28, 38, 48})


@dataclass(frozen=True, slots=True)
class Indices:
    """Indices of natural teeth, or of implants. Shares are in per cent, means and depths in mm.

    None where nothing was measured. ``missing`` counts absent teeth, wisdom teeth aside.
    """

    teeth: int
    missing: int
    probed: int
    unprobed: int
    bleeding_percent: float | None
    bleeding_sites: int
    plaque_percent: float | None
    plaque_sites: int
    suppuration_sites: int
    mean_depth: float | None
    deepest: int | None
    mean_attachment: float | None
    without_attachment: int
    deep_sites: tuple[int, int, int]


def indices(charting: Charting, teeth: list[int] | None = None) -> Indices:
    """Return the indices of some teeth: by default all natural ones.

    Bleeding is a share of the sites that were probed; plaque (O'Leary, six surfaces a tooth) one
    of all surfaces that are there.

    Units: per cent, mm. Source: Ainamo & Bay 1975 (bleeding); O'Leary, Drake & Naylor 1972.
    """
    chosen = charting.natural if teeth is None else teeth
    found = [reading for _, _, reading in charting.readings(chosen)]
    # A site that bled was probed, even if its depth was not keyed in.
    probed = [one for one in found if one.depth is not None or one.bleeding]
    depths = [one.depth for one in found if one.depth is not None]
    levels = [one.attachment for one in found if one.attachment is not None]
    return Indices(
        teeth=len(chosen),
        missing=len(TEETH - _WISDOM - set(charting.probed)),
        probed=len(depths),
        unprobed=len(found) - len(depths),
        bleeding_percent=_percent(sum(one.bleeding for one in probed), len(probed)),
        bleeding_sites=sum(one.bleeding for one in found),
        plaque_percent=_percent(sum(one.plaque for one in found), len(found)),
        plaque_sites=sum(one.plaque for one in found),
        suppuration_sites=sum(one.suppuration for one in found),
        mean_depth=_mean(depths),
        deepest=max(depths, default=None),
        mean_attachment=_mean(levels),
        without_attachment=sum(_lacks_attachment(one) for one in found),
        deep_sites=(_from(depths, 4), _from(depths, 5), _from(depths, 6)),
    )


def _lacks_attachment(one: SiteReading) -> bool:
    return one.depth is not None and one.recession is None


def _from(depths: Iterable[int], limit: int) -> int:
    return sum(depth >= limit for depth in depths)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _mean(values: list[int]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None
