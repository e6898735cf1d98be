"""Pairing with a provider, telling it, keeping what it opened; nothing here stops the practice."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.agents.dialling import Unheard, Why
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.pulse import queries, rules, telling
from quenotte.upkeep.pulse.models import Opening, Pairing
from quenotte.upkeep.pulse.telling import Where
from quenotte.wire.answers import Code
from quenotte.wire.openings import MOST, Opened
from quenotte.wire.pulses import Pulse

logger = logging.getLogger(__name__)

#: Answers in a row that are asked for at most: a year of openings comes within a few minutes.
_ROUNDS: Final = 10


class NotAnAddress(Refusal):
    """What was typed is no address that promises TLS."""

    message = _("Cette adresse ne convient pas.")
    next_step = _("Elle commence par https:// et vient de votre prestataire. Rien n’a été envoyé.")


class NotAFingerprint(Refusal):
    """What was typed is no SHA-256."""

    message = _("Cette empreinte ne convient pas.")
    next_step = _("Elle a 64 signes, chiffres et lettres de A à F. Rien n’a été envoyé.")


class AlreadyPaired(Refusal):
    """Another provider is told already."""

    message = _("Un prestataire est déjà relié.")
    next_step = _("Coupez d’abord le lien avec lui. Rien n’a été changé.")


class ProviderNotReached(Refusal):
    """Nobody answers at the address."""

    message = _("Le prestataire ne répond pas à cette adresse.")
    next_step = _("Rien n’a été changé. Vérifiez l’adresse, puis recommencez ; sinon appelez-le.")


class ProviderNotBelieved(Refusal):
    """The server at the address cannot prove who it is."""

    message = _("Rien ne prouve que c’est bien votre prestataire qui répond.")
    next_step = _(
        "Rien n’a été envoyé. Demandez-lui par téléphone l’empreinte de son certificat, et "
        "tapez-la."
    )


class ProviderWantsCertificate(Refusal):
    """The provider lets nobody in without a certificate, or the one that was shown is not his."""

    message = _("Le prestataire demande un certificat à ce serveur, ou n’accepte pas le sien.")
    next_step = _(
        "Rien n’a été changé. Demandez-lui un certificat et sa clé pour ce serveur, et posez-les "
        "(QUENOTTE_PROVIDER_CERTIFICATE)."
    )


class PairingTokenRefused(Refusal):
    """The provider does not know the token, or it has served."""

    message = _("Le prestataire ne connaît pas ce jeton, ou il a déjà servi.")
    next_step = _("Rien n’a été changé. Demandez-lui un nouveau jeton.")


class NotAProvider(Refusal):
    """Something answers that does not speak as a provider's door does."""

    message = _("Ce qui répond à cette adresse n’est pas la porte d’un prestataire.")
    next_step = _("Rien n’a été changé. Demandez à votre prestataire l’adresse exacte.")


_OURS: Final = frozenset({Why.OURS, Why.OUR_FILES})
_BELIEF: Final = frozenset({Why.CERTIFICATE, Why.CERTIFICATE_OVER, Why.OTHER_NAME})


def pair(
    *, practice_id: UUID, address: str, token: str, fingerprint: str = "", actor: Actor
) -> Pairing:
    """Begin to tell a provider how the copies stand. A person of his still has to accept it.

    Raises: NotAnAddress, NotAFingerprint, AlreadyPaired, ProviderNotReached, ProviderNotBelieved,
    ProviderWantsCertificate, PairingTokenRefused, NotAProvider.
    """
    where = _where(address, fingerprint)
    if queries.pairing(practice_id) is not None:
        raise AlreadyPaired
    now = timezone.now()
    # Nothing is locked while the network is waited for.
    key = _key(where, token, now)
    try:
        with transaction.atomic():
            made = Pairing.objects.create(
                practice_id=practice_id,
                address=where.address,
                fingerprint=where.fingerprint,
                key=key,
                paired_at=now,
                paired_by_id=actor.own_person_id,
            )
            _note(Action.CREATE, actor, made)
    except IntegrityError as error:
        raise AlreadyPaired from error
    return made


def part(*, practice_id: UUID, actor: Actor) -> None:
    """Tell the provider no more: at once, and its key is forgotten. Nothing when there is none."""
    with transaction.atomic():
        found = Pairing.objects.select_for_update().filter(practice_id=practice_id, ended_at=None)
        one = found.first()
        if one is None:
            return
        one.ended_at, one.ended_by_id = timezone.now(), actor.person_id
        one.key, one.waiting = "", None
        one.save(update_fields=["ended_at", "ended_by", "key", "waiting"])
        _note(Action.CHANGE, actor, one)


def tell_all(*, now: datetime | None = None) -> int:
    """Tell every provider how the copies stand, ask what it opened; return how many heard it."""
    pairings = list(queries.pairings())
    return sum(tell(one, now=now) for one in pairings)


def tell(one: Pairing, *, now: datetime | None = None) -> bool:
    """Tell one provider; tell whether it heard. What it did not hear is kept, and said again.

    The newest stands for those before it: it says from when on each thing is true.
    """
    now = now or timezone.now()
    pulse = queries.current(now=now)
    where = Where(one.address, one.fingerprint)
    try:
        code = telling.tell(where, one.key, pulse)
    except (Unheard, telling.Strange) as error:
        trouble = error.why.value if isinstance(error, Unheard) else rules.STRANGE
        _keep(one, waiting=pulse.body(), tried_at=now, trouble=trouble)
        return False
    if code is Code.TRY_LATER:
        _keep(one, waiting=pulse.body(), tried_at=now, trouble=Why.NO_ANSWER.value)
        return False
    _heard(one, pulse, code, now)
    if code is Code.ACCEPTED:
        _ask_openings(one, where, now)
    return True


def _heard(one: Pairing, pulse: Pulse, code: Code, now: datetime) -> None:
    _keep(
        one,
        told=pulse.body(),
        told_at=now,
        answer=code.value,
        waiting=None,
        tried_at=now,
        trouble="",
    )


def _keep(one: Pairing, **named: Any) -> None:
    """Note something of a pairing that is still in force."""
    Pairing.objects.filter(pk=one.pk, ended_at=None).update(**named)


def _ask_openings(one: Pairing, where: Where, now: datetime) -> None:
    """Ask what was opened since, and keep it. A provider of a former release tells nothing."""
    try:
        after = queries.openings_asked_after(one)
        for _round in range(_ROUNDS):
            rows = telling.opened_after(where, one.key, after)
            keep_openings(one, rows, now)
            if len(rows) < MOST:
                return
            after = max(row.number for row in rows)
    except (Unheard, telling.Strange):
        logger.warning("the provider did not tell what it opened")


def keep_openings(one: Pairing, rows: Iterable[Opened], now: datetime) -> int:
    """Keep the openings that are new; return how many."""
    told = {row.number: row for row in rows}
    known = one.openings.filter(number__in=told).values_list("number", flat=True)
    fresh = [row for number, row in told.items() if number not in set(known)]
    Opening.objects.bulk_create(
        [Opening(pairing=one, heard_at=now, **row._asdict()) for row in fresh],
        ignore_conflicts=True,
    )
    return len(fresh)


def _where(address: str, fingerprint: str) -> Where:
    try:
        known = rules.address_of(address)
    except ValueError as error:
        raise NotAnAddress from error
    try:
        return Where(known, rules.fingerprint_of(fingerprint))
    except ValueError as error:
        raise NotAFingerprint from error


def _key(where: Where, token: str, now: datetime) -> str:
    try:
        return telling.enrol(where, token.strip(), now)
    except telling.Refused as error:
        raise PairingTokenRefused from error
    except telling.Strange as error:
        raise NotAProvider from error
    except Unheard as error:
        raise _refusal(error.why) from error


def _refusal(why: Why) -> Refusal:
    if why in _OURS:
        return ProviderWantsCertificate()
    return ProviderNotBelieved() if why in _BELIEF else ProviderNotReached()


def _note(action: Action, actor: Actor, one: Pairing) -> None:
    record(action=action, actor=actor, object_kind="pairing", object_id=str(one.id))
