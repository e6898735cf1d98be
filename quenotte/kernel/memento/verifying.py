"""Whether files of evidence are what was handed out, and a whole chain: values in, faults out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from quenotte.kernel.memento import canonical, dossiers


class Fault(StrEnum):
    """What is wrong with a file, or between two."""

    #: No JSON, or none of this form.
    UNREADABLE = "unreadable"
    #: Of a newer form: whoever checks it needs a newer program.
    NEWER = "newer"
    #: Its content is not what its digest was made of.
    EDITED = "edited"
    #: Its content is, and its bytes are not those that were handed out.
    REWRITTEN = "rewritten"
    #: It does not follow from the one before, as that one is now.
    BROKEN = "broken"
    #: Numbers between two files are not there.
    MISSING = "missing"
    #: Two files bear one number.
    DOUBLED = "doubled"
    #: It is older than the one before.
    BACKWARDS = "backwards"
    #: Something that was signed, and that the one before knew, is not there any more.
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file of evidence as it speaks of itself. ``name``: what the file is called."""

    name: str
    practice_id: str
    practice: str
    number: int
    made_at: datetime
    digest: str
    previous: str
    #: The seals of what was signed, oldest first; None: of an older release, which does not say.
    sheets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and the file it is in; ``first`` to ``last``: the numbers that are meant, if any."""

    fault: Fault
    name: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check comes to. ``files``: in their order, by practice, without the unreadable."""

    files: tuple[Seen, ...]
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is wrong with what was given."""
        return not self.findings

    @property
    def begins_later(self) -> tuple[Seen, ...]:
        """Return the first file of each practice whose own predecessor was not given."""
        first = {one.practice_id: one for one in reversed(self.files)}
        return tuple(one for one in first.values() if one.number != 1)


def verify(files: Iterable[tuple[str, bytes]]) -> Checked:
    """Check files by their names and bytes: each by itself, then one after the other.

    The newest of a chain is vouched for by nothing behind it: whoever holds its digest elsewhere
    (on paper, in the register of who made it) compares that.
    """
    seen: list[Seen] = []
    findings: list[Finding] = []
    # The same file given twice is one file.
    for content, name in {content: name for name, content in files}.items():
        one, found = _alone(name, content)
        seen += [one] if one else []
        findings += found
    seen.sort(key=lambda one: (one.practice, one.practice_id, one.number, one.made_at, one.name))
    by_practice: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        by_practice[one.practice_id].append(one)
    for chain in by_practice.values():
        findings += _chained(chain)
    return Checked(tuple(seen), tuple(findings))


def _alone(name: str, content: bytes) -> tuple[Seen | None, list[Finding]]:
    try:
        told = canonical.read(content)
        one = _seen(name, told)
        digest = dossiers.digest_of(told)
    except (canonical.NotCanonical, KeyError, TypeError, ValueError):
        return None, [Finding(_unread(content), name)]
    if digest != one.digest:
        return one, [Finding(Fault.EDITED, name, one.number)]
    is_same = canonical.written(told) == content
    return one, [] if is_same else [Finding(Fault.REWRITTEN, name, one.number)]


def _unread(content: bytes) -> Fault:
    try:
        told = canonical.read(content)
    except canonical.NotCanonical:
        return Fault.UNREADABLE
    is_ours = isinstance(told, dict) and told.get("format") == dossiers.FORMAT
    version = told.get("version") if is_ours else None
    is_newer = isinstance(version, int) and version > dossiers.VERSION
    return Fault.NEWER if is_newer else Fault.UNREADABLE


def _seen(name: str, told: Any) -> Seen:
    """Return how a file speaks of itself. Raises: KeyError, TypeError or ValueError."""
    if (told["format"], told["version"]) != (dossiers.FORMAT, dossiers.VERSION):
        raise ValueError("another form")
    made_at = datetime.fromisoformat(told["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("a moment without a zone")
    practice: Mapping[str, str] = told["practice"]
    number, previous = told["number"], told["previous"]
    texts = (practice["id"], practice["name"], told[dossiers.HASH], previous or "")
    if type(number) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("another form")
    sheets = _sheets(told.get("sheets"))
    return Seen(name, texts[0], texts[1], number, made_at, texts[2], texts[3], sheets)


def _sheets(told: Any) -> tuple[str, ...] | None:
    """Return the seals that a file names. Raises: ValueError."""
    if told is None:
        return None
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise ValueError("another form")
    return tuple(told)


def _chained(chain: Sequence[Seen]) -> Iterator[Finding]:
    first = chain[0]
    if (first.number == 1) is bool(first.previous):
        yield Finding(Fault.BROKEN, first.name, first.number)
    for before, after in pairwise(chain):
        if after.number == before.number:
            yield Finding(Fault.DOUBLED, after.name, after.number)
        elif after.number > before.number + 1:
            yield Finding(Fault.MISSING, after.name, before.number + 1, after.number - 1)
        elif after.previous != before.digest:
            yield Finding(Fault.BROKEN, after.name, after.number)
        if after.made_at < before.made_at and after.number != before.number:
            yield Finding(Fault.BACKWARDS, after.name, after.number)
        if _is_unsigned(before.sheets, after.sheets):
            yield Finding(Fault.UNSIGNED, after.name, after.number)


def _is_unsigned(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> bool:
    """Tell whether the later file lacks, or names otherwise, what the earlier one knew."""
    if before is None:
        return False
    return after is None or after[: len(before)] != before
