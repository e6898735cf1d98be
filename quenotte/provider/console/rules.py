"""What a technician types, understood: states that rules know, and words that facts say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quenotte.provider.finder.rules import MOST_WORDS, words

#: The state of a machine that no rule of facts tells, and of its agents while it is heard.
SILENT: Final = "silence"
AGENT_SILENT: Final = "agent_silence"
#: Agents that seem to have been removed long ago, and were never revoked.
AGENT_LEFT: Final = "agent_left"
_BAD: Final = ("bad",)
_KNOWN: Final = ("bad", "ok")

#: What technicians say, as its compared words, by the rule and the states that it means.
_SAYINGS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "agent silencieux": (AGENT_SILENT, _BAD),
    "agents silencieux": (AGENT_SILENT, _BAD),
    "agent retire": (AGENT_LEFT, _BAD),
    "agents retires": (AGENT_LEFT, _BAD),
    "agent muet": (AGENT_SILENT, _BAD),
    "agents muets": (AGENT_SILENT, _BAD),
    "silencieux": (SILENT, _BAD),
    "silencieuse": (SILENT, _BAD),
    "muet": (SILENT, _BAD),
    "muette": (SILENT, _BAD),
    "muettes": (SILENT, _BAD),
    "sans antivirus": ("antivirus_active", _BAD),
    "antivirus arrete": ("antivirus_active", _BAD),
    "antivirus perime": ("antivirus_fresh", _BAD),
    "sans pare feu": ("firewall_on", _BAD),
    "pare feu arrete": ("firewall_on", _BAD),
    "sans bitlocker": ("disks_encrypted", _BAD),
    "sans chiffrement": ("disks_encrypted", _BAD),
    "non chiffre": ("disks_encrypted", _BAD),
    "bitlocker": ("disks_encrypted", _KNOWN),
    "chiffrement": ("disks_encrypted", _KNOWN),
    "systeme perime": ("os_supported", _BAD),
    "sans correctifs": ("updates_security", _BAD),
    "redemarrage": ("updates_reboot", _BAD),
    "allume la nuit": ("left_on", _BAD),
    "jamais verrouille": ("screen_locks", _BAD),
    "administrateur": ("admin_daily", _BAD),
    "disque plein": ("disk_space", _BAD),
    "disque qui lache": ("disk_health", _BAD),
    "prise en main": ("remote_tools", _BAD),
    "whatsapp": ("messengers", _BAD),
    "sans onduleur": ("power_safe", _BAD),
    "horloge fausse": ("clock_right", _BAD),
}
#: What stands behind « Windows » where its version is meant, beside a number.
_NUMBERS: Final = frozenset({"8.1", "xp", "vista", "server"})
_EDITIONS: Final = frozenset(
    {"pro", "professionnel", "professional", "famille", "home", "entreprise", "enterprise"}
    | {"education", "ltsc", "standard", "essentials", "datacenter"}
)
#: A year is one; a build is not.
_LONGEST_NUMBER: Final = 4
#: The longest first: « sans antivirus » before « antivirus ».
_ORDERED: Final = sorted(
    ((saying.split(), *meant) for saying, meant in _SAYINGS.items()),
    key=lambda one: -len(one[0]),
)
#: Examples under the field, as people type them.
EXAMPLES: Final = ("Windows 10", "agent silencieux", "sans antivirus", "BitLocker", "AnyDesk")
MOST_SIGNS: Final = 200
#: Conditions of one search.
_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class ByRule:
    """Machines of which a rule says one of these states."""

    rule: str
    states: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that may say so: all agents of a silent machine are silent."""
        return (AGENT_SILENT, SILENT) if self.rule == AGENT_SILENT else (self.rule,)


@dataclass(frozen=True, slots=True)
class ByWords:
    """Machines that say a phrase with all these words. ``key``: of this fact alone, "" for any."""

    words: tuple[str, ...]
    key: str = ""


Condition = ByRule | ByWords
#: A word, and where on the line the piece stands that it is part of: « administrateur-pc » is one.
_Typed = tuple[str, int]


def conditions(typed: str) -> list[Condition]:
    """Return what was typed as conditions that all must hold; a comma begins another one.

    « Windows 10, sans antivirus » is two; so is « sans antivirus Nantes ».
    """
    found = [one for part in typed[:MOST_SIGNS].split(",") for one in _of_part(_pieces(part))]
    return list(dict.fromkeys(found))[:_MOST]


def _pieces(part: str) -> list[_Typed]:
    found = [(word, at) for at, piece in enumerate(part.split()) for word in words(piece)]
    return found[:MOST_WORDS]


def _of_part(typed: list[_Typed]) -> Iterator[Condition]:
    rest = typed
    for saying, rule, states in _ORDERED:
        at = _place(saying, rest)
        if at is not None:
            yield ByRule(rule, tuple(states))
            rest = [*rest[:at], *rest[at + len(saying) :]]
    system, rest = _system(rest)
    if system:
        yield ByWords(system, "os.name")
    if rest:
        yield ByWords(tuple(word for word, _piece in rest))


def _place(saying: list[str], typed: list[_Typed]) -> int | None:
    """Return where a saying stands, in whole pieces: half of a machine's name says nothing."""
    last = len(typed) - len(saying)
    return next(
        (
            at
            for at in range(last + 1)
            if [word for word, _piece in typed[at : at + len(saying)]] == saying
            and _is_whole(typed, at, at + len(saying))
        ),
        None,
    )


def _is_whole(typed: list[_Typed], start: int, end: int) -> bool:
    cuts = [at for at in (start, end) if 0 < at < len(typed)]
    return all(typed[at - 1][1] != typed[at][1] for at in cuts)


def _system(typed: list[_Typed]) -> tuple[tuple[str, ...], list[_Typed]]:
    """Return the system that is meant, and the rest: « Windows 10 » is no .NET 10 for Windows."""
    at = _place(["windows"], typed)
    end = at = -1 if at is None else at + 1
    while 0 < end < len(typed) and _is_of_system(typed[end][0], is_first=end == at):
        end += 1
    if end == at:
        return (), typed
    return (
        tuple(word for word, _piece in typed[at - 1 : end]),
        [*typed[: at - 1], *typed[end:]],
    )


def _is_of_system(word: str, *, is_first: bool) -> bool:
    is_number = (word.isdigit() and len(word) <= _LONGEST_NUMBER) or word in _NUMBERS
    return is_number or (not is_first and word in _EDITIONS)
