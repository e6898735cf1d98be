"""Facts as phrases that a technician would type, and what was typed as words. No database."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from quenotte.kernel.names import fold
from quenotte.kernel.posture.facts import Fact

#: Facts that are found by their words, and the fields of their rows. What moves by itself (an age,
#: free space, a process) is not among them: the phrases of a fleet at rest stand still.
_TEXTS: Final = frozenset(
    {"machine.name", "machine.serial", "machine.uuid", "machine.model"}
    | {"os.name", "os.version", "os.build"}
)
_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "antivirus.products": ("name",),
    "disks.health": ("name",),
    "remote.tools": ("name", "id"),
    "software": ("name", "version"),
    "licences": ("name",),
    "ups": ("name",),
    "media.plugged": ("name",),
    "ports.open": ("port", "program"),
}
#: The key of the phrases that tell whose a machine is.
PRACTICE: Final = "practice"
#: Longer ones are cut: no word of interest lies so far.
LONGEST: Final = 160
#: Words of one search; more only helps who wants to keep the database busy.
MOST_WORDS: Final = 12
#: Most of what a fleet says: found without looking at each of its signs.
_ASCII_WORDS: Final = re.compile(r"[a-z0-9.]+")


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """A phrase: of which fact, as it is shown, and which source says it ("" for ourselves)."""

    key: str
    shown: str
    source: str = ""


def phrases(facts: Iterable[Fact]) -> Iterator[Told]:
    """Yield what facts say in words that are worth to be searched."""
    for fact in facts:
        if fact.unknown is not None:
            continue
        if fact.key in _TEXTS and isinstance(fact.value, str):
            yield from _told(fact, fact.value)
        elif fact.key in _ROWS and isinstance(fact.value, list):
            for row in fact.value:
                yield from _told(fact, _row(row, _ROWS[fact.key]))


def digest(told: Sequence[Told]) -> bytes:
    """Return 16 bytes that are the same for the same phrases."""
    lines = "\n".join(f"{one.key}\t{one.shown}\t{one.source}" for one in told)
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def compared(text: str) -> str:
    """Return a phrase as it is compared: small letters, no accent, a blank before each word."""
    return "".join(f" {word}" for word in words(text))


def words(text: str) -> list[str]:
    """Return a text as words that are compared; dots inside numbers stay."""
    ascii_words = _ASCII_WORDS.findall(text.lower()) if text.isascii() else None
    found = fold(text, also=".").split() if ascii_words is None else ascii_words
    return [plain for word in found if (plain := word.strip("."))]


def searched(typed: str) -> list[str]:
    """Return the words of a search: as many as one may have."""
    return words(typed)[:MOST_WORDS]


def _told(fact: Fact, text: str) -> Iterator[Told]:
    if shown := " ".join(text.split())[:LONGEST]:
        yield Told(fact.key, shown, fact.source.value)


def _row(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return " ".join(str(row[name]) for name in names if row.get(name) not in {None, ""})
