"""Numbers that an act allows: of teeth, of surfaces, of years."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from ``least`` to ``most``, both allowed; None has no bound on that side."""

    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read « 3 », « 1-3 », « 18- », « -15 »; None for nothing. Raises: ValueError."""
        if not text:
            return None
        first, dash, last = text.partition("-")
        least = int(first) if first else None
        if not dash:
            return cls(least, least)
        return cls(least, int(last) if last else None)

    def __contains__(self, number: int) -> bool:
        """Tell whether a number is allowed."""
        above = self.least is None or number >= self.least
        return above and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.least}"
        least, most = ("" if one is None else one for one in (self.least, self.most))
        return f"{least}-{most}"


def span_fr(span: Span, unit: str = "") -> str:
    """Return « 1 à 3 », « 18 ans et plus », « jusqu’à 15 ans »; "" without bounds."""
    tail = f"\u00a0{unit}" if unit else ""
    words = {"least": f"{span.least}{tail}", "most": f"{span.most}{tail}"}
    if span.least is None:
        return "" if span.most is None else _("jusqu’à %(most)s") % words
    if span.most is None:
        return _("%(least)s et plus") % words
    if span.least == span.most:
        return words["least"]
    return f"{span.least}\u00a0à\u00a0{words['most']}"
