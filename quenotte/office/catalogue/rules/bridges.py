"""What a bridge of more than three elements adds to the act of three: its other pontics."""

from collections.abc import Sequence
from typing import Final

from quenotte.office.catalogue.rules.acts import ActFacts
from quenotte.office.catalogue.rules.checking import pontics

_METAL: Final = ("HBMD490", "HBMD342", "HBMD082")
_MINERAL: Final = ("HBMD479", "HBMD433", "HBMD072")
#: The second pontic, the third, and each one after it. Zirconia in one piece has no such act.
_NEXT: Final = {"metal": _METAL, "gold": _METAL, "metal_ceramic": _MINERAL, "ceramic": _MINERAL}


def complements(act: ActFacts, teeth: Sequence[int]) -> list[tuple[str, int]]:
    """Return the codes that a longer bridge adds, each with the tooth that it replaces.

    The two ends bear the bridge and all between them is replaced: a pillar in the middle is said
    by hand (HBMD081, HBMD087). Source: CCAM 18.02.07.06 (additions to a plural prosthesis).
    """
    is_base = act.charts_as == "bridge" and act.count is not None and act.count.most == 3
    codes = _NEXT.get(act.material, ())
    if not is_base or not codes or "extension" in act.label or len(teeth) < 4:
        return []
    added = pontics(teeth)[1:]
    return [(codes[min(place, 2)], tooth) for place, tooth in enumerate(added)]
