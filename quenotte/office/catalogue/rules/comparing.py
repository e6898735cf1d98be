"""What an official file would change in a catalogue, told before anything is written."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from quenotte.office.catalogue.rules.official import OfficialFile
from quenotte.office.catalogue.rules.shipped import Worth

#: Of each sort, the preview lists so many; the figures count all.
_LISTED: Final = 400


@dataclass(frozen=True, slots=True)
class Known:
    """What the practice has of an act on the day from which the file counts."""

    label: str
    worth: Worth | None
    official_label: str = ""
    official_notes: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One act of the preview; ``kind``: new, changed, ended. Amounts in cents."""

    kind: str
    code: str
    label: str
    before_cents: int | None = None
    after_cents: int | None = None
    coverage: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a file changes: acts by sort, and how many stay or only get their words.

    ``labelled``: official label, or notes of billing. ``is_new_version``: the catalogue is of
    another version, or of another day, than the file.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]
    labelled: int
    same: int
    listed: tuple[Change, ...]
    is_new_version: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether the catalogue already is what the file says."""
        changes = (self.new, self.changed, self.ended, self.labelled, self.is_new_version)
        return not any(changes)

    def counts(self) -> dict[str, int]:
        """Return the figures of the preview."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "ended": len(self.ended),
            "labelled": self.labelled,
            "same": self.same,
        }


def same_worth(before: Worth | None, after: Worth) -> bool:
    """Tell whether two say the same; the order of modifiers says nothing."""
    return before is not None and _tidy(before) == _tidy(after)


def _tidy(worth: Worth) -> Worth:
    return replace(worth, modifiers="".join(sorted(set(worth.modifiers))))


def compare(known: Mapping[str, Known], file: OfficialFile) -> Comparison:
    """Return what a file changes; ``known`` are the acts of the nomenclature in the catalogue."""
    new, changed, labelled, same = [], [], 0, 0
    for code, act in file.acts.items():
        here = known.get(code)
        if here is None:
            new.append(code)
            continue
        if not same_worth(here.worth, act.worth):
            changed.append(code)
        else:
            same += 1
        labelled += (here.official_label, here.official_notes) != (act.label, act.notes)
    ended = [
        code
        for code, one in known.items()
        if code not in file.acts and one.worth is not None and not one.worth.is_ended
    ]
    lists = {"new": new, "changed": changed, "ended": ended}
    listed = [
        _change(kind, code, known.get(code), file)
        for kind, codes in lists.items()
        for code in sorted(codes)[:_LISTED]
    ]
    return Comparison(tuple(new), tuple(changed), tuple(ended), labelled, same, tuple(listed))


def _change(kind: str, code: str, here: Known | None, file: OfficialFile) -> Change:
    act = file.acts.get(code)
    before = here.worth.tariff_cents if here and here.worth else None
    return Change(
        kind=kind,
        code=code,
        label=here.label if here else act.label if act else "",
        before_cents=before,
        after_cents=act.worth.tariff_cents if act else None,
        coverage=act.worth.coverage if act else "",
    )
