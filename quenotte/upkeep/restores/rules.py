"""The recovery kit: when it counts, when it is asked for again, what replaces it."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

#: A kit that nobody tried for so long is believed no more.
PROOF_MONTHS: Final = 6
#: How long before that somebody is asked, in days; the kit still counts.
NOTICE_DAYS: Final = 14


class Paper(StrEnum):
    """What was printed: the sheet with the key, or the three shares. The value is in the serial."""

    SHEET = "F"
    SHARES = "P"


class Standing(StrEnum):
    """What a kit is worth today."""

    MISSING = "missing"
    OUTDATED = "outdated"
    UNPROVEN = "unproven"
    PROVEN = "proven"
    DUE = "due"
    LEAKED = "leaked"


class Light(StrEnum):
    """What the page shows for it."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Doubt(StrEnum):
    """Why typing a key back proves nothing."""

    OTHER_PAPER = "other_paper"
    SAME_DEVICE = "same_device"
    NOT_RESTORED = "not_restored"


class Cause(StrEnum):
    """Why a kit is replaced."""

    WORN = "worn"
    HOLDER = "holder"
    LOST = "lost"
    LEAKED = "leaked"


@dataclass(frozen=True, slots=True)
class Kit:
    """A paper as it was issued.

    ``device`` names the one that printed it; ``copies`` are the marks of the places on it.
    """

    serial: str
    issued_on: date
    device: str
    is_leaked: bool = False
    copies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proof:
    """A key typed back from paper on ``device``, and whether a restore with it succeeded."""

    serial: str
    on: date
    device: str
    is_restored: bool


def doubt_of(kit: Kit, proof: Proof) -> Doubt | None:
    """Return why a proof does not count for a kit, None when it does.

    The device that printed the sheet may still hold the key: only another one shows that the
    paper alone suffices.
    """
    if proof.serial != kit.serial:
        return Doubt.OTHER_PAPER
    if proof.device == kit.device:
        return Doubt.SAME_DEVICE
    return None if proof.is_restored else Doubt.NOT_RESTORED


def proven_on(kit: Kit, proofs: Iterable[Proof]) -> date | None:
    """Return the day of the last proof that counts, None when there is none."""
    return max((one.on for one in proofs if doubt_of(kit, one) is None), default=None)


def asked_again_on(kit: Kit, proofs: Iterable[Proof]) -> date:
    """Return the day from which the kit counts no more: that of its issue until it is proven."""
    proven = proven_on(kit, proofs)
    return _months_later(proven, PROOF_MONTHS) if proven else kit.issued_on


def is_asked(kit: Kit, proofs: Iterable[Proof], today: date) -> bool:
    """Tell whether somebody should be asked to type the key back, the notice included."""
    return (asked_again_on(kit, proofs) - today).days <= NOTICE_DAYS


def standing_of(
    kit: Kit | None,
    proofs: Iterable[Proof],
    today: date,
    copies: frozenset[str] = frozenset(),
) -> Standing:
    """Return what the kit in force is worth today; None: none was issued for this epoch.

    ``copies`` are the marks of the places in use. One that is not on the paper, or is there with
    another address or certificate, would not be found with it; one that is no more does no harm.
    """
    if kit is None:
        return Standing.MISSING
    if kit.is_leaked:
        return Standing.LEAKED
    if not copies <= kit.copies:
        return Standing.OUTDATED
    known = [*proofs]
    if proven_on(kit, known) is None:
        return Standing.UNPROVEN
    return Standing.DUE if today >= asked_again_on(kit, known) else Standing.PROVEN


def light_of(standing: Standing) -> Light:
    """Return the light of a standing.

    Without a kit nothing opens the day the server is gone, and a leaked one opens for anybody:
    both are red. A kit that nobody tried is amber, whatever its age.
    """
    if standing is Standing.PROVEN:
        return Light.GREEN
    return Light.RED if standing in {Standing.MISSING, Standing.LEAKED} else Light.AMBER


def next_serial(epoch: int, paper: Paper, serials: Iterable[str]) -> str:
    """Return the serial of the next paper of an epoch (its year): ``2026-F3``; never one twice."""
    form = re.compile(rf"{epoch}-{paper.value}(\d+)")
    taken = (int(found[1]) for serial in serials if (found := form.fullmatch(serial)))
    return f"{epoch}-{paper.value}{max(taken, default=0) + 1}"


def calls_for_epoch(cause: Cause, *, is_old_destroyed: bool) -> bool:
    """Tell whether a new paper is not enough: the old one may open what is written from now on.

    Taking a key file away does not take back a master key that somebody read with it, and the
    vault's keys are frozen: only a new epoch, under a new master key, shuts an old paper out.
    A paper that is lost, or that its holder did not give back, counts as read.
    """
    return cause in {Cause.LOST, Cause.LEAKED} or not is_old_destroyed


def _months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def minutes_left(share: float, elapsed_s: float) -> int | None:
    """Return how many minutes a return still takes at its pace, None before it can be told."""
    if not 0.02 < share < 1.0:
        return None
    return max(1, round(elapsed_s * (1 - share) / share / 60))
