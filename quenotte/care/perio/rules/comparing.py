"""Two examinations of one mouth: what is better, what is worse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.care.perio.rules.mouths import SITES
from quenotte.care.perio.rules.readings import Charting

#: A difference that is more than the error of two probings, in mm.
#: Source: a change of 2 mm is the usual threshold of a true change of one site.
REAL_CHANGE_MM: Final = 2


@dataclass(frozen=True, slots=True)
class SiteChange:
    """How one site went from one examination to the next. Units: mm (after minus before)."""

    tooth: int
    site: str
    depth_before: int | None
    depth_after: int | None
    attachment_before: int | None
    attachment_after: int | None
    bled_before: bool
    bleeds_after: bool

    @property
    def depth_change(self) -> int | None:
        """Depth after minus before, None unless both are known."""
        return _minus(self.depth_after, self.depth_before)

    @property
    def attachment_change(self) -> int | None:
        """Attachment level after minus before: above zero is a loss."""
        return _minus(self.attachment_after, self.attachment_before)

    @property
    def verdict(self) -> str:
        """better, worse, same, or unknown, by the depth."""
        change = self.depth_change
        if change is None:
            return "unknown"
        if abs(change) < REAL_CHANGE_MM:
            return "same"
        return "better" if change < 0 else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All sites of teeth that stand in both examinations, and how many went which way."""

    changes: tuple[SiteChange, ...]
    lost: tuple[int, ...]

    def count(self, verdict: str) -> int:
        """Return how many sites are better, worse, same or unknown."""
        return sum(one.verdict == verdict for one in self.changes)

    @property
    def told(self) -> list[SiteChange]:
        """The sites worth a line: those that truly changed, the worst first."""
        real = [one for one in self.changes if one.verdict in {"better", "worse"}]
        return sorted(real, key=lambda one: -(one.depth_change or 0))


def compare(before: Charting, after: Charting) -> Comparison:
    """Return what changed from one examination to a later one, site by site."""
    natural = set(before.natural) & set(after.natural)
    return Comparison(
        tuple(_changes(before, after, sorted(natural))),
        tuple(sorted(set(before.natural) - set(after.natural))),
    )


def _changes(before: Charting, after: Charting, teeth: list[int]) -> Iterator[SiteChange]:
    for tooth in teeth:
        for site in SITES:
            old, new = before.site(tooth, site), after.site(tooth, site)
            yield SiteChange(
                tooth, site, old.depth, new.depth, old.attachment, new.attachment,
                old.bleeding, new.bleeding,
            )  # fmt: skip


def _minus(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else after - before
