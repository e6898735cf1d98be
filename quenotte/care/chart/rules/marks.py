"""What stands in a mouth, as values: marks on teeth, how each tooth was seen, what is set aside."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from quenotte.care.chart.rules.findings import Finding, Presence


class Reason(StrEnum):
    """Why something is set aside or refused. Values are stored: never rename one."""

    GONE = "gone"  # the tooth is missing, or never was
    HIDDEN = "hidden"  # it is impacted
    ROOT = "root"  # only its root is left
    IMPLANT = "implant"  # there is an implant in its place
    THERE = "there"  # it is there, and should not be
    TREATED = "treated"  # it carries works: it cannot be unerupted
    REPLACED = "replaced"  # a bridge or a prosthesis stands in its place
    BRIDGED = "bridged"  # it carries a bridge
    PILLAR = "pillar"  # it cannot carry a bridge
    NOTHING = "nothing"  # there is nothing to take off


def is_made_elsewhere(source: str) -> bool:
    """Tell whether a plan or a visit charted it; what is typed on the chart has its own key."""
    return bool(source) and not source.startswith("entry:")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding that stands, and where it comes from: ``key`` is its event's."""

    key: str
    step: str
    source: str
    on: date
    finding: Finding

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody noted it on the chart, and no plan or visit drew it."""
        return not is_made_elsewhere(self.source)


@dataclass(frozen=True, slots=True)
class Aside:
    """A finding that cannot stand, because of one tooth.

    ``is_moot``: an intention that stood, until the tooth changed.
    """

    mark: Mark
    tooth: int
    reason: Reason
    is_moot: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The state in which a tooth was seen, since when, and when that was last confirmed."""

    presence: Presence
    since: date
    last: date


@dataclass(slots=True)
class Standing:
    """What stands on one day."""

    seen: dict[int, Seen] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)
    #: Keys of the marks that concern each tooth: it is asked at each step.
    by_tooth: dict[int, dict[str, None]] = field(default_factory=dict, compare=False)

    def on(self, tooth: int) -> list[Mark]:
        """Return the marks of a tooth, spans included, in the order in which they came."""
        return [self.marks[key] for key in self.by_tooth.get(tooth, ())]

    def presence(self, tooth: int) -> Presence | None:
        """Return how a tooth was seen, None when nothing was said of it."""
        seen = self.seen.get(tooth)
        return seen.presence if seen else None

    def put(self, mark: Mark) -> None:
        """Add a mark."""
        self.marks[mark.key] = mark
        for tooth in mark.finding.teeth:
            self.by_tooth.setdefault(tooth, {})[mark.key] = None

    def change(self, mark: Mark) -> None:
        """Let a mark say something else of the same teeth, where it stands."""
        self.marks[mark.key] = mark

    def drop(self, mark: Mark) -> None:
        """Take a mark away."""
        del self.marks[mark.key]
        for tooth in mark.finding.teeth:
            del self.by_tooth[tooth][mark.key]
