"""« 25 saine »: said of a tooth on which something stands, it would leave it there in silence."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart.rules.checks import NotChartable
from quenotte.care.chart.rules.findings import Finding, Kind
from quenotte.care.chart.rules.mouths import Mouth
from quenotte.care.chart.rules.vocabulary import SOUND
from quenotte.care.chart.rules.wording import words_of

#: Where a tooth stands, and what stands beside it, say nothing of its health.
_OF_PLACE: Final = frozenset({Kind.MOVED, Kind.ROTATED, Kind.SUPERNUMERARY})


class NotSound(NotChartable):
    """A tooth on which something stands is not sound."""

    def __init__(self, tooth: int, found: Finding) -> None:
        words = _(
            "La %(tooth)s porte « %(what)s » : elle ne se note pas saine avec cela. Retirez-le "
            "d’abord dans la fiche de la dent, ou écrivez « %(tooth)s présente »."
        )
        super().__init__(words % {"tooth": tooth, "what": words_of(found)})


def refuse_unsound(findings: Iterable[Finding], mouth: Mouth) -> None:
    """Refuse « saine » where something stands, or is charted with it. Raises: NotSound."""
    found = list(findings)
    for one in filter(_is_sound, found):
        tooth = one.teeth[0]
        shown = mouth.tooth(tooth)
        standing = [mark.finding for mark in shown.marks] if shown else []
        beside = [other for other in found if tooth in other.teeth and other.kind is not one.kind]
        for other in (*standing, *beside):
            if other.kind not in _OF_PLACE:
                raise NotSound(tooth, other)


def _is_sound(finding: Finding) -> bool:
    return finding.kind is Kind.PRESENT and finding.detail.partition(" ")[0] == SOUND
