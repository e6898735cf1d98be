"""The light of the machines, on every page; what the pages of the room show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base import facts
from quenotte.base.people.access import actor_of, may_request
from quenotte.base.practice import queries as practices
from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.quarters import QUARTER
from quenotte.kernel.posture.terms import Severity, State
from quenotte.upkeep.workstations import queries, wording
from quenotte.upkeep.workstations.models import MachineChange
from quenotte.upkeep.workstations.queries import Seen, Shown, Standing
from quenotte.upkeep.workstations.wording import Words
from quenotte.web.lights import Level, Light
from quenotte.web.links import link_to
from quenotte.web.remembered import ForAWhile

_LEVELS = {
    Severity.CRITICAL: Level.DANGER,
    Severity.IMPORTANT: Level.ATTENTION,
    # What is to be known is read on the page: the light is not lit for it.
    Severity.NOTICE: Level.OK,
}
_SHORT = {
    Level.OK: _("en ordre"),
    Level.ATTENTION: _("à regarder"),
    Level.DANGER: _("à faire maintenant"),
    Level.UNSET: _("aucun poste suivi"),
}


def _standing(practice_id: UUID) -> tuple[Level, str]:
    found = queries.standing(practice_id)
    if not found.seen and not found.waiting:
        return Level.UNSET, _("aucun poste suivi")
    level = _LEVELS[found.worst] if found.worst else Level.OK
    if found.waiting and level is Level.OK:
        level = Level.ATTENTION
    return level, sentence(found)


_kept_standing = ForAWhile(_standing, seconds=30.0)


def asked_anew(practice_id: UUID) -> None:
    """Let the next pages say what is true now."""
    _kept_standing.anew(practice_id)


def light(request: HttpRequest) -> Light:
    """Say on every page how the machines stand, and lead to their page who may read it."""
    level, words = _kept_standing(actor_of(request).own_practice_id)
    if may_request(request, "workstations.read"):
        return Light(level, words, link_to("workstations:home"))
    return Light(level, _SHORT[level])


def sentence(found: Standing) -> str:
    """Return how the machines stand, in one sentence."""
    if found.waiting:
        return ngettext(
            "{count} poste attend que vous le reconnaissiez.",
            "{count} postes attendent que vous les reconnaissiez.",
            found.waiting,
        ).format(count=found.waiting)
    if not found.seen:
        return _("Aucun poste n’est suivi.")
    if not found.to_do:
        count = len(found.seen)
        words = ngettext(
            "Rien à corriger sur {count} poste.", "Rien à corriger sur {count} postes.", count
        )
        return words.format(count=count)
    words = ngettext(
        "{count} poste sur {all} a besoin de vous.",
        "{count} postes sur {all} ont besoin de vous.",
        found.to_do,
    )
    return words.format(count=found.to_do, all=len(found.seen))


@dataclass(frozen=True)
class Line:
    """A finding with its words and its evidence; ``icon`` and ``tone`` are those of its badge."""

    shown: Shown
    words: Words
    tone: str
    icon: str
    evidence: tuple[facts.Told, ...]
    others: tuple[tuple[str, str], ...]

    @property
    def is_borne(self) -> bool:
        """Tell whether somebody decided to bear it."""
        return self.shown.exemption is not None

    @property
    def field_id(self) -> str:
        """Return what the form that bears it is called on the page."""
        return f"accepter-{self.shown.finding.rule}"


_TONES = {
    Severity.CRITICAL: ("danger", "octagon-alert"),
    Severity.IMPORTANT: ("attention", "triangle-alert"),
    Severity.NOTICE: ("info", "info"),
}


def line_of(shown: Shown) -> Line:
    """Return a finding as a page shows it."""
    row = shown.finding
    words = wording.words_of(row.rule, row.state, row.reason, row.values)
    tone, icon = _TONES[Severity(row.severity)]
    if row.state != State.BAD or shown.exemption:
        tone, icon = ("ok", "circle-check") if row.state == State.OK else ("neutral", "circle-help")
    return Line(
        shown,
        words,
        tone,
        icon,
        tuple(facts.of_evidence(one) for one in row.evidence),
        tuple(_other(row.rule, one) for one in row.dissent),
    )


def _other(rule: str, told: dict[str, str]) -> tuple[str, str]:
    words = wording.words_of(rule, told["state"], told["reason"], {})
    return facts.source(told["source"]), words.what


@dataclass(frozen=True)
class Row:
    """A machine on the page of all."""

    seen: Seen
    lines: tuple[Line, ...]
    tone: str
    icon: str
    unknown: int


def row_of(seen: Seen) -> Row:
    """Return a machine as the page of all shows it."""
    tone, icon = _TONES[seen.worst] if seen.worst else ("ok", "circle-check")
    lines = tuple(line_of(one) for one in seen.to_do)
    return Row(seen, lines, tone, icon, len(seen.unknown))


@dataclass(frozen=True)
class Changed:
    """A line of the history of a machine."""

    change: MachineChange
    label: str
    before: str
    after: str
    source: str


def changed(one: MachineChange) -> Changed:
    """Return a change in words: of a rule, or of a fact."""
    if one.is_verdict:
        before, after = (wording.state_word(str(state)) for state in (one.before, one.after))
        return Changed(one, wording.title(one.key), before, after, "")
    before, after = (facts.value(one.key, told) for told in (one.before, one.after))
    return Changed(one, facts.label(one.key), before, after, facts.source(one.source))


@dataclass(frozen=True)
class Night:
    """A day of a machine by the clock on the wall: the stretches in which it was heard.

    ``gaps``: those in which it could not be, for this server was off.
    """

    day: date
    stretches: tuple[tuple[int, int], ...]
    words: str
    gaps: tuple[tuple[int, int], ...] = ()


def nights(heard_at: Iterable[datetime], gaps: Iterable[Period] = ()) -> list[Night]:
    """Return the days of a machine, the newest first, from the quarters in which it was heard."""
    found = _quarters(heard_at)
    deaf = _quarters(
        gap.starts_at + number * QUARTER
        for gap in gaps
        for number in range(-((gap.starts_at - gap.ends_at) // QUARTER))
    )
    return [_night(day, found[day], deaf[day] - found[day]) for day in sorted(found, reverse=True)]


def _quarters(moments: Iterable[datetime]) -> defaultdict[date, set[int]]:
    found: defaultdict[date, set[int]] = defaultdict(set)
    for at in moments:
        local = timezone.localtime(at)
        found[local.date()].add((local.hour * 60 + local.minute) // 15)
    return found


def _night(day: date, heard: Iterable[int], deaf: Iterable[int]) -> Night:
    stretches = _stretches(heard)
    spans = ", ".join(f"{_clock(at)}-{_clock(at + length)}" for at, length in stretches[:3])
    words = spans + ("…" if len(stretches) > 3 else "")
    return Night(day, stretches, words, _stretches(deaf))


def _stretches(quarters: Iterable[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for at in sorted(quarters):
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return tuple(found)


def _clock(quarter: int) -> str:
    return f"{quarter // 4} h {quarter % 4 * 15:02}" if quarter % 4 else f"{quarter // 4} h"


def door_url() -> str:
    """Return where agents reach this server: on the practice's network, else this machine alone."""
    network = practices.network()
    return network.pages[0] if network else ""
