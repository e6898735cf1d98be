"""What became of each finding: it stands, or ended on a day because of another one.

The trail says what was seen and done on its days; this says which of it still holds, for whoever
hands a record over. It is told by the same steps as the mouth, so that the two never disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quenotte.care.chart.rules.findings import PRESENCE_OF, Finding, Presence
from quenotte.care.chart.rules.histories import Act, Entry
from quenotte.care.chart.rules.marks import Standing
from quenotte.care.chart.rules.mouths import Mouth
from quenotte.care.chart.rules.standing import told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a finding.

    ``left``: what stands of it, None when nothing does. ``ended_on``: the day on which it ended,
    if that is known; ``by``: the finding that ended it, and its key. ``is_aside``: it cannot be
    true with the rest, and comes back when the rest goes. ``is_told_again``: it did not end, the
    later finding says it too.
    ``was_intended``: it was something to do.
    """

    left: Finding | None = None
    ended_on: date | None = None
    by: Finding | None = None
    by_key: str = ""
    is_aside: bool = False
    is_told_again: bool = False
    was_intended: bool = False

    @property
    def is_fulfilled(self) -> bool:
        """Whether what was intended was done."""
        return self.was_intended and self.by is not None and not self.by.is_intended


def outcomes(acts: Iterable[Act], day: date) -> dict[str, Outcome]:
    """Return what became of each finding that counts, up to a day (included), by its key."""
    walk = _Walk()
    for on, entry, is_end in told(walk.standing, acts, day):
        walk.note(on, entry, is_end=is_end)
    return walk.outcomes()


class _Walk:
    """The mouth while it is told, and what ended at each step."""

    def __init__(self) -> None:
        self.standing = Standing()
        self._told: dict[str, Finding] = {}
        self._before: frozenset[str] = frozenset()
        self._ended: dict[str, Outcome] = {}
        #: Tooth -> the state that was last told of it, and the findings that told it.
        self._runs: dict[int, tuple[Presence, list[str]]] = {}

    def note(self, on: date, entry: Entry, *, is_end: bool) -> None:
        """Take down what one event changed."""
        assert entry.finding is not None
        if not is_end:
            self._told[entry.key] = entry.finding
        by = None if is_end else entry
        now = frozenset(self.standing.marks)
        for key in self._before - now:
            self._end(key, on, by)
        self._before = now
        for tooth in entry.finding.teeth:
            self._note_presence(tooth, on, entry)

    def _note_presence(self, tooth: int, on: date, entry: Entry) -> None:
        presence = self.standing.presence(tooth)
        if presence is None:
            return
        before, keys = self._runs.get(tooth, (presence, []))
        if before is not presence:
            for key in keys:
                self._end(key, on, entry)
            keys = []
        if entry.finding and PRESENCE_OF.get(entry.finding.kind) is presence:
            # Seen so once more: the last one tells it from now on.
            for key in keys:
                self._end(key, on, entry)
            keys = [entry.key]
        self._runs[tooth] = (presence, keys)

    def _end(self, key: str, on: date, by: Entry | None) -> None:
        old, new = self._told[key], by.finding if by else None
        self._ended[key] = Outcome(
            ended_on=on,
            by=new,
            by_key=by.key if by else "",
            is_told_again=new is not None and _says_again(old, new),
            was_intended=old.is_intended,
        )

    def outcomes(self) -> dict[str, Outcome]:
        """Return what became of each finding that was told."""
        aside = {one.mark.key: one.is_moot for one in self.standing.aside}
        return {key: self._outcome(key, aside.get(key)) for key in self._told}

    def _outcome(self, key: str, is_moot: bool | None) -> Outcome:
        """Return what became of one; ``is_moot``: how it is set aside, None when it is not."""
        if is_moot is not None:
            return Outcome(is_aside=not is_moot)
        if mark := self.standing.marks.get(key):
            return Outcome(left=mark.finding)
        if any(key in keys for _presence, keys in self._runs.values()):
            return Outcome(left=self._told[key])
        return self._ended.get(key, Outcome())


def _says_again(one: Finding, other: Finding) -> bool:
    """Tell whether a finding was only told once more: it did not end, the later one has it."""
    return one.kind is other.kind and one.is_intended == other.is_intended and other.icdas != 0


def is_shown(mouth: Mouth, key: str, finding: Finding) -> bool:
    """Tell whether a mouth shows a finding that stands: the age hides teeth that went by."""
    shown = [tooth for fdi in finding.teeth if (tooth := mouth.tooth(fdi))]
    if any(mark.key == key for tooth in shown for mark in tooth.marks):
        return True
    return any(tooth.presence is PRESENCE_OF.get(finding.kind) for tooth in shown)
