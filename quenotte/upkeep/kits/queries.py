"""Reading the kit: the paper in force, what it is worth, what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.backups.rules import Reason
from quenotte.upkeep.kits import papers
from quenotte.upkeep.kits.models import Kit, KitKey, Trial
from quenotte.upkeep.restores import rules
from quenotte.upkeep.restores.rules import Standing

if TYPE_CHECKING:
    from quenotte.upkeep.backups.models import Destination


class Pace(Enum):
    """How far the restore has come that follows the last key that was typed."""

    #: Nobody typed any, or it is over.
    NONE = auto()
    #: The worker is about to begin.
    SOON = auto()
    #: A copy or another proof has its turn.
    WAITING = auto()
    BEGUN = auto()


@dataclass(frozen=True)
class Situation:
    """The paper in force and what it is worth. ``asked_on``: when the key is asked for again."""

    kit: Kit | None
    standing: Standing
    light: rules.Light
    trials: tuple[Trial, ...]
    proven_on: date | None
    asked_on: date | None
    is_asked: bool
    pace: Pace = Pace.NONE

    @property
    def last_failed(self) -> Trial | None:
        """Return the last trial when it failed."""
        last = self.trials[0] if self.trials else None
        return last if last and last.state == Trial.State.FAILED else None


def kit_in_force(paper: rules.Paper = rules.Paper.SHEET) -> Kit | None:
    """Return the last paper of a sort that was not replaced, a leaked one included."""
    return Kit.objects.filter(paper=paper).exclude(state=Kit.State.REPLACED).first()


def kits() -> QuerySet[Kit]:
    """Return every paper that was printed, newest first."""
    return Kit.objects.select_related("made_by")


def serials() -> list[str]:
    """Return every serial that was given."""
    return list(Kit.objects.values_list("serial", flat=True))


def trials_of(kit: Kit) -> QuerySet[Trial]:
    """Return the times that somebody typed a key back, newest first."""
    return kit.trials.select_related("person", "destination")


def open_trials() -> QuerySet[Trial]:
    """Return the trials whose restore is not over, newest first."""
    return Trial.objects.select_related("person").filter(state=Trial.State.RUNNING)


def situation(
    used: Sequence["Destination"] | None = None, paper: rules.Paper = rules.Paper.SHEET
) -> Situation:
    """Return the paper in force and what it is worth for the places in use."""
    kit, today = kit_in_force(paper), timezone.localdate()
    places = list(backups.destinations()) if used is None else used
    if kit is None:
        standing = Standing.MISSING
        return Situation(None, standing, rules.light_of(standing), (), None, None, is_asked=True)
    plain, trials = plain_kit(kit), tuple(trials_of(kit))
    proofs = [_plain_proof(kit, trial) for trial in trials]
    marks = frozenset(place_of(one).mark for one in places)
    standing = rules.standing_of(plain, proofs, today, marks)
    return Situation(
        kit=kit,
        standing=standing,
        light=rules.light_of(standing),
        trials=trials,
        proven_on=rules.proven_on(plain, proofs),
        asked_on=rules.asked_again_on(plain, proofs),
        is_asked=rules.is_asked(plain, proofs, today),
        pace=_pace_of(trials[0]) if trials else Pace.NONE,
    )


def lack(used: Sequence["Destination"]) -> Reason | None:
    """Return what the light of the backups says of the kit, None when nothing is missing."""
    found = situation(used)
    if found.standing is Standing.MISSING or any(map(backups.is_closed_to_papers, used)):
        return Reason.NO_KIT
    if Standing.LEAKED in {found.standing, situation(used, rules.Paper.SHARES).standing}:
        return Reason.KIT_SEEN
    return None if found.light is rules.Light.GREEN else Reason.KIT


def paper_keys(destination: "Destination") -> backups.PaperKeys:
    """Return the key files of all papers in force: those of the repository in use, and all."""
    held = KitKey.objects.exclude(kit__state=Kit.State.REPLACED)
    here = held.filter(destination=destination, mark=place_of(destination).mark)
    return backups.PaperKeys(
        frozenset(here.values_list("key_file", flat=True)),
        frozenset(held.values_list("key_file", flat=True)),
    )


def plain_kit(kit: Kit) -> rules.Kit:
    """Return a paper as the rules want it."""
    return rules.Kit(
        serial=kit.serial,
        issued_on=timezone.localdate(kit.made_at),
        device=kit.device,
        is_leaked=kit.state == Kit.State.LEAKED,
        copies=frozenset(kit.keys.values_list("mark", flat=True)),
    )


def place_of(destination: "Destination") -> papers.Place:
    """Return a place as a paper names it."""
    return papers.Place(
        name=destination.get_kind_display(),
        address=backups.address_of(destination),
        repository=destination.repository_id,
        fingerprint=backups.printed_fingerprint(destination),
    )


def printed_place_of(destination: "Destination") -> papers.Place:
    """Return a place as a paper names it, with the way to its certificate (asks its server)."""
    place = place_of(destination)
    if not place.fingerprint:
        return place
    return replace(place, is_handed_out=backups.hands_out_authority(destination))


def _pace_of(trial: Trial) -> Pace:
    if trial.state != Trial.State.RUNNING:
        return Pace.NONE
    if backups.is_proving(since=trial.typed_at):
        return Pace.BEGUN
    return Pace.WAITING if any(True for _work in backups.running()) else Pace.SOON


def _plain_proof(kit: Kit, trial: Trial) -> rules.Proof:
    return rules.Proof(
        serial=kit.serial,
        on=timezone.localdate(trial.typed_at),
        device=trial.device,
        is_restored=trial.state == Trial.State.DONE,
    )
