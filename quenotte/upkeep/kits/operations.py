"""The ceremony of the recovery kit: printed once, typed back from paper, tried by a restore."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live import operations as live
from quenotte.base.practice import queries as practices
from quenotte.devices.paper import joining
from quenotte.devices.recovery import shares
from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import WrongPassphrase
from quenotte.kernel import passphrases
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import queries as backup_queries
from quenotte.upkeep.kits import papers, queries, trying
from quenotte.upkeep.kits.models import Kit, KitKey, Trial
from quenotte.upkeep.kits.papers import Person
from quenotte.upkeep.restores import rules
from quenotte.upkeep.restores.rules import Cause, Paper

if TYPE_CHECKING:
    from quenotte.upkeep.backups.models import Destination

logger = logging.getLogger(__name__)

_INCIDENT: Final = _("Incident imprévu : voyez « logs ».")
_NO_TURN: Final = _(
    "Une sauvegarde est restée en cours pendant une semaine : rien n’a été essayé. Attendez sa "
    "fin, puis retapez la clé."
)


class NoPlaceYet(Refusal):
    """A kit that would open nothing."""

    message = _("Il n’y a encore aucun emplacement que cette feuille ouvrirait.")
    next_step = _("Préparez d’abord un emplacement de sauvegarde, puis revenez ici.")


class NoPlaceTakesKey(Refusal):
    """No place could be given the new key."""

    message = _("Aucun emplacement n’a accepté la nouvelle clé : la feuille n’a pas été faite.")
    next_step = _(
        "L’ancienne feuille reste bonne. Branchez un support ; si c’est un coffre dont les clés "
        "sont closes, demandez au prestataire de les rouvrir."
    )


class AnotherWasMade(Refusal):
    """Two people, or two clicks."""

    message = _("Une feuille vient d’être faite depuis une autre page.")
    next_step = _("Gardez celle-là ; rechargez la page avant d’en faire une autre.")


class NoKit(Refusal):
    """Nothing to type back."""

    message = _("Aucune feuille n’a encore été imprimée.")
    next_step = _("Imprimez-la d’abord.")


class SameDevice(Refusal):
    """The computer that printed the sheet proves nothing about the paper."""

    message = _("Cet ordinateur a imprimé la feuille : le retaper ici ne prouverait rien.")
    next_step = _("Prenez la feuille et tapez-la depuis un autre poste du cabinet.")


class OtherSheet(Refusal):
    """A passphrase that is well typed, and opens nothing here."""

    message = _("La clé est bien lue, mais elle n’ouvre aucune des copies de la feuille.")
    next_step = _(
        "C’est sans doute une feuille remplacée : prenez celle dont le numéro est affiché ici."
    )


class OtherShares(Refusal):
    """Two shares that go together, and open nothing here."""

    message = _("Les deux parts vont ensemble, mais n’ouvrent aucune des copies.")
    next_step = _(
        "Ce sont sans doute des parts remplacées : comparez le numéro en haut des deux feuilles "
        "avec celui qui est affiché ici."
    )


class NoPlaceAnswers(Refusal):
    """None of the places on the paper can be reached."""

    message = _("Aucune des copies de la feuille ne répond en ce moment.")
    next_step = _("La clé n’est pas en cause. Branchez un support, puis retapez-la.")


@dataclass(frozen=True)
class Wanted:
    """What is asked of a new paper. ``after``: the serial that the page showed, "" for none."""

    after: str = ""
    cause: Cause = Cause.WORN
    is_old_destroyed: bool = True
    provider: Person | None = None
    holders: dict[shares.Holder, Person] = field(default_factory=dict)


@dataclass(frozen=True)
class Issued:
    """A new paper, in memory alone. ``left_out``: labels of places that did not take its key."""

    kit: Kit
    pdf: bytes = field(repr=False)
    left_out: tuple[str, ...] = ()


def issue_sheet(*, actor: Actor, device: str, wanted: Wanted) -> Issued:
    """Draw a key, give it to each place, print it; the key itself is kept nowhere.

    Raises: NoPlaceYet, NoPlaceTakesKey, KeysClosed, AnotherWasMade, EpochBegun, CannotTypeset.
    """
    passphrase = passphrases.new_passphrase()

    def pdf(facts: papers.Facts) -> bytes:
        return papers.sheet_pdf(facts, passphrase)

    return _issued(actor, device, wanted, Paper.SHEET, passphrase, pdf)


def issue_shares(*, actor: Actor, device: str, wanted: Wanted) -> Issued:
    """Split another key among three holders, two of whom open; one sheet for each.

    Raises: NoPlaceYet, NoPlaceTakesKey, KeysClosed, AnotherWasMade, EpochBegun, CannotTypeset.
    """
    secret = shares.new_secret()
    split, holders = shares.split(secret), list(wanted.holders.items())

    def pdf(facts: papers.Facts) -> bytes:
        return joining.joined([papers.share_pdf(facts, one, holders) for one in split])

    return _issued(actor, device, wanted, Paper.SHARES, shares.password_of(secret), pdf)


def report_leak(*, actor: Actor, paper: Paper = Paper.SHEET) -> Kit:
    """Note that somebody may have read the paper in force. Raises: NoKit."""
    with transaction.atomic():
        kit = Kit.objects.select_for_update().filter(paper=paper, state="in_force").first()
        if kit is None:
            raise NoKit
        kit.state = Kit.State.LEAKED
        kit.save(update_fields=["state"])
        _told(Action.CHANGE, actor, kit, {"state": "leaked"})
    return kit


def type_back(*, actor: Actor, device: str, passphrase: str, paper: Paper = Paper.SHEET) -> Trial:
    """Note that the key was typed from paper on another device, and opens a copy.

    For shares ``passphrase`` is what two of the three give together.

    It opens the very master key that the server writes with, so that a restore with the server's
    key is one with that of the paper: what was typed need not outlive this call.

    Raises: NoKit, SameDevice, OtherSheet, NoPlaceAnswers.
    """
    kit = queries.kit_in_force(paper)
    if kit is None:
        raise NoKit
    if device == kit.device:
        raise SameDevice
    destination = _opened_by(kit, passphrase)
    with transaction.atomic():
        trial = Trial.objects.create(
            kit=kit,
            destination=destination,
            person_id=actor.own_person_id,
            device=device,
            typed_at=timezone.now(),
        )
        _told(Action.READ, actor, kit, {"how": "typed"})
    return trial


def restore_for(trial_id: UUID, *, actor: Actor, progress: Any = None) -> Trial:
    """Restore a copy that the paper opens, and note how it ended; a second time: nothing.

    The places are tried in turn until one gives its copy back; those that did not are named.

    Raises: Busy: nothing was begun.
    """
    trial = Trial.objects.select_related("kit", "destination").get(pk=trial_id)
    if trial.state != Trial.State.RUNNING:
        return trial
    try:
        tried = trying.restored(trial, actor=actor, progress=progress)
    except backups.Busy:
        raise
    except Exception:
        _ended(trial, actor, Trial.State.FAILED, str(_INCIDENT))
        raise
    trial.destination, trial.passed_over = tried.destination, tried.passed_over[:600]
    state = Trial.State.DONE if tried.is_good else Trial.State.FAILED
    return _ended(trial, actor, state, tried.words)


def give_up(trial_id: UUID, *, actor: Actor) -> Trial:
    """End a trial that never came to its end: somebody else has had the turn, or it broke off."""
    trial = Trial.objects.select_related("kit").get(pk=trial_id)
    why = _INCIDENT if backups.is_free() else _NO_TURN
    return _ended(trial, actor, Trial.State.FAILED, str(why))


def follow_year(before: "Destination", after: "Destination") -> None:
    """Let the papers in force count for a place that goes on in the repository of a new year.

    Its keys and its address on paper are the same.
    """
    held = KitKey.objects.filter(destination=after, mark=queries.place_of(before).mark)
    held.exclude(kit__state=Kit.State.REPLACED).update(mark=queries.place_of(after).mark)


def _issued(
    actor: Actor, device: str, wanted: Wanted, paper: Paper, passphrase: str, pdf: Any
) -> Issued:
    old = queries.kit_in_force(paper)
    _check_still(old, wanted)
    used, is_begun = _places_for(wanted, old)
    taken, left_out = _given(used, passphrase)
    if not taken:
        raise NoPlaceTakesKey
    if is_begun and left_out:
        raise backups.KeysClosed
    facts = _facts(actor, wanted, paper, [destination for destination, _key in taken])
    content = pdf(facts)
    with transaction.atomic():
        kit = _kept(actor, device, wanted, paper, facts, taken)
        if is_begun:
            backups.use_epoch(used, actor=actor)
    return Issued(kit, content, tuple(left_out))


def _check_still(old: Kit | None, wanted: Wanted) -> None:
    if (old.serial if old else "") != wanted.after:
        raise AnotherWasMade


def _places_for(wanted: Wanted, old: Kit | None) -> tuple[list["Destination"], bool]:
    """Return the places in use, and whether they were begun anew: under a new master key.

    So they are where the old paper opens them and must not any more. They are used so once the
    new one counts.
    """
    used = list(backup_queries.destinations())
    if not used:
        raise NoPlaceYet
    is_known = old is not None and old.state == Kit.State.LEAKED
    needs = rules.calls_for_epoch(wanted.cause, is_old_destroyed=wanted.is_old_destroyed)
    if old is None or not (is_known or needs) or not _opens_any(old, used):
        return used, False
    return backups.begin_epoch(used), True


def _opens_any(old: Kit, used: Sequence["Destination"]) -> bool:
    """Tell whether a paper opens a place in use: not those begun anew for another paper since."""
    keys = list(old.keys.all())
    marks, files = {key.mark for key in keys}, {key.key_file for key in keys}
    return any(queries.place_of(one).mark in marks or backups.holds_key(one, files) for one in used)


def _given(
    used: Sequence["Destination"], passphrase: str
) -> tuple[list[tuple["Destination", str]], list[str]]:
    """Give the key to each place that can be reached; return these, and the labels of others."""
    taken, left_out = [], []
    for destination in used:
        try:
            taken.append((destination, backups.add_key(destination, passphrase)))
        except Refusal as refusal:
            logger.warning("a place does not take the key of a kit: %s", type(refusal).__name__)
            left_out.append(destination.label)
    return taken, left_out


def _facts(
    actor: Actor, wanted: Wanted, paper: Paper, taken: Sequence["Destination"]
) -> papers.Facts:
    epoch = max(
        epochs.year_in(one.epoch) or timezone.localdate(one.created_at).year for one in taken
    )
    return papers.Facts(
        practice=practices.practice(actor.own_practice_id).name,
        serial=rules.next_serial(epoch, paper, queries.serials()),
        epoch=epoch,
        made_at=timezone.now(),
        provider=wanted.provider,
        places=tuple(queries.printed_place_of(one) for one in taken),
    )


def _kept(
    actor: Actor,
    device: str,
    wanted: Wanted,
    paper: Paper,
    facts: papers.Facts,
    taken: Sequence[tuple["Destination", str]],
) -> Kit:
    try:
        with transaction.atomic():
            in_force = Kit.objects.select_for_update().filter(paper=paper)
            in_force.exclude(state=Kit.State.REPLACED).update(state=Kit.State.REPLACED)
            kit = Kit.objects.create(
                serial=facts.serial,
                paper=paper.value,
                made_at=facts.made_at,
                made_by_id=actor.own_person_id,
                device=device,
                provider_name=wanted.provider.name if wanted.provider else "",
                provider_phone=wanted.provider.phone if wanted.provider else "",
            )
            for destination, key_file in taken:
                mark = queries.place_of(destination).mark
                KitKey.objects.create(
                    kit=kit, destination=destination, key_file=key_file, mark=mark
                )
            _told(Action.PRINT, actor, kit, {"count": len(taken)})
    except IntegrityError as error:
        raise AnotherWasMade from error
    return kit


def _opened_by(kit: Kit, passphrase: str) -> "Destination":
    """Return the first copy of a paper that a passphrase opens."""
    active = {one.id for one in backup_queries.destinations()}
    answers = False
    for key in kit.keys.select_related("destination"):
        if key.destination_id not in active:
            continue
        try:
            backups.check_key(key.destination, passphrase)
        except WrongPassphrase:
            answers = True
        except Refusal:
            continue
        else:
            return key.destination
    if not answers:
        raise NoPlaceAnswers
    raise OtherSheet if kit.paper == Paper.SHEET else OtherShares


def _ended(trial: Trial, actor: Actor, state: Trial.State, words: str) -> Trial:
    trial.state, trial.ended_at, trial.outcome = state, timezone.now(), words[:600]
    with transaction.atomic():
        held = Trial.objects.select_for_update().get(pk=trial.pk)
        if held.state != Trial.State.RUNNING:
            return held
        trial.save()
        result = "ok" if state is Trial.State.DONE else "failed"
        _told(Action.READ, actor, trial.kit, {"how": "restored"}, result)
    return trial


def _told(
    action: Action, actor: Actor, kit: Kit, detail: dict[str, Any], result: str = "ok"
) -> None:
    """Tell the open pages, then the journal: its lock is held until the transaction ends."""
    live.publish(
        practice_id=None,
        name=backups.EVENT,
        data={"id": str(kit.id)},
        audience=backups.AUDIENCE,
    )
    record(
        action=action,
        actor=actor,
        object_kind="kit",
        object_id=str(kit.id),
        result=result,
        detail=detail,
    )
