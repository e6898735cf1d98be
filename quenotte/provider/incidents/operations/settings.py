"""How people are told and how the provider sends: saved by those whom it concerns, and tried."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.mail.accounts import Account, ClearText, Security
from quenotte.devices.push import client as push
from quenotte.devices.push.sealing import BadKey
from quenotte.devices.sms.port import SmsTrouble, check_recipient, check_sender
from quenotte.kernel.errors import Refusal
from quenotte.provider.incidents.models import Channel, Duty, Outgoing, Sending, Subscription
from quenotte.provider.incidents.operations import carriers
from quenotte.provider.incidents.rules import Way

#: Browsers of one person: a telephone, two desks, and some that she forgot.
MOST_BROWSERS: Final = 10
_EDITABLE: Final = (
    "smtp_host", "smtp_port", "smtp_security", "smtp_user", "sender_address", "sms_sender",
    "digests_are_on",
)  # fmt: skip
#: The password goes to one server, under one name: elsewhere it must be typed again.
_PASSWORD_IS_FOR: Final = ("smtp_host", "smtp_port", "smtp_security", "smtp_user")


class NotAMobile(Refusal):
    """A number to which no short message goes."""

    message = _("Ce numéro n’est pas un mobile joignable par SMS.")
    next_step = _("Rien n’a été enregistré. Écrivez-le ainsi : +33639980000.")


class NoSuchService(Refusal):
    """A browser named a service that is none of its maker's."""

    message = _("Ce navigateur annonce un service de notification inconnu.")
    next_step = _("Rien n’a été enregistré. Firefox, Chrome, Edge et Safari conviennent.")


class NoWayToSend(Refusal):
    """Letters and digests need a server and a sender."""

    message = _("Il manque le serveur d’envoi ou l’adresse d’expédition.")
    next_step = _("Rien n’a été enregistré. Remplissez-les, ou éteignez le bilan hebdomadaire.")


class NoTls(Refusal):
    """Nothing that names a practice leaves this machine in clear."""

    message = _("Sans protection, seul un serveur de courrier de cette machine est permis.")
    next_step = _("Rien n’a été enregistré. Choisissez STARTTLS ou TLS.")


class BadSender(Refusal):
    """French operators do not let this sender through."""

    message = _("Cet expéditeur de SMS serait refusé par les opérateurs.")
    next_step = _(
        "Rien n’a été enregistré. 3 à 11 lettres ou chiffres sans accent, dont une lettre."
    )


def save_duty(*, values: Mapping[str, Any], actor: Actor) -> Duty:
    """Save how one wants to be told, and when. Raises: NotAMobile."""
    if values.get("by_sms"):
        try:
            check_recipient(values["phone"])
        except SmsTrouble as trouble:
            raise NotAMobile from trouble
    with transaction.atomic():
        duty, _made = Duty.objects.update_or_create(
            person_id=actor.own_person_id, defaults=dict(values)
        )
        _note(actor, "duty", str(actor.own_person_id))
    return duty


def subscribe(*, endpoint: str, p256dh: str, auth: str, label: str, actor: Actor) -> Subscription:
    """Keep a browser that wants to be told; the same one again changes its keys.

    Raises: NoSuchService.
    """
    try:
        push.Browser(endpoint, p256dh, auth).check()
    except BadKey as error:
        raise NoSuchService from error
    if len(endpoint) > 1_000 or not push.is_known(endpoint, carriers.services()):
        raise NoSuchService
    with transaction.atomic():
        made, _is_new = Subscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "person_id": actor.own_person_id, "p256dh": p256dh, "auth": auth,
                "label": label[:60], "created_at": timezone.now(),
            },
        )  # fmt: skip
        own = Subscription.objects.filter(person_id=actor.own_person_id)
        others = own.exclude(pk=made.pk).order_by("-created_at")
        old = others.values_list("id", flat=True)[MOST_BROWSERS - 1 :]
        own.filter(pk__in=list(old)).delete()
        _note(actor, "subscription", str(made.id))
    return made


def unsubscribe(*, subscription_id: UUID, actor: Actor) -> None:
    """Forget a browser of one's own."""
    with transaction.atomic():
        own = Subscription.objects.filter(person_id=actor.own_person_id, pk=subscription_id)
        if own.delete()[0]:
            _note(actor, "subscription", str(subscription_id))


def push_key(*, practice_id: UUID) -> str:
    """Return the key by which browsers and services know us; it is made when first asked for."""
    with transaction.atomic():
        sending, _made = Sending.objects.select_for_update().get_or_create(practice_id=practice_id)
        if not sending.public_push_key:
            sending.sealed_push_key, sending.public_push_key = carriers.new_push_key()
            sending.save(update_fields=["sealed_push_key", "public_push_key"])
    return sending.public_push_key


def save_sending(*, values: Mapping[str, Any], password: str, actor: Actor) -> Sending:
    """Save how the provider sends; a way that failed is tried again at once.

    Raises: NoWayToSend, NoTls, BadSender.
    """
    with transaction.atomic():
        found = Sending.objects.select_for_update()
        sending, _made = found.get_or_create(practice_id=actor.own_practice_id)
        changed = [name for name in _EDITABLE if getattr(sending, name) != values[name]]
        for name in changed:
            setattr(sending, name, values[name])
        _check(sending)
        if set(changed) & set(_PASSWORD_IS_FOR):
            sending.sealed_password = ""
        if password:
            sending.sealed_password = carriers.sealed_password(password)
        sending.save()
        Channel.objects.filter(name__in=[Way.MAIL, Way.SMS]).update(rests_until=None)
        _note(actor, "sending", str(sending.practice_id))
    return sending


def try_out(*, actor: Actor) -> list[Outgoing]:
    """Put a trial into the outbox for each of one's own ways; return these."""
    now, person_id = timezone.now(), actor.own_person_id
    duty = Duty.objects.filter(pk=person_id).first() or Duty(person_id=person_id)
    made = [_trial(one, now, person_id) for one in _own_ways(duty)]
    sending = Sending.objects.first()
    for message in made:
        # What cannot leave says so at once; it leaves when somebody set it.
        message.reason = carriers.lack_of(message.channel, sending)
    with transaction.atomic():
        Outgoing.objects.bulk_create(made)
        Channel.objects.update(rests_until=None)
        _note(actor, "alert", "", Action.SEND)
    return made


def _own_ways(duty: Duty) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if duty.by_push:
        own = Subscription.objects.filter(person_id=duty.person_id)
        found += [{"channel": Way.PUSH, "subscription": one} for one in own]
    if duty.by_mail:
        found.append({"channel": Way.MAIL, "destination": duty.email})
    if duty.by_sms:
        found.append({"channel": Way.SMS, "destination": duty.phone})
    return found


def _trial(way: Mapping[str, Any], now: Any, person_id: UUID) -> Outgoing:
    one = uuid4()
    return Outgoing(
        id=one, key=f"trial:{one}", person_id=person_id, created_at=now, due_at=now,
        title=gettext("Essai"), text=gettext("Cet essai vient de Quenotte : vos alertes arrivent."),
        **way,
    )  # fmt: skip


def _check(sending: Sending) -> None:
    if sending.digests_are_on and not (sending.smtp_host and sending.sender_address):
        raise NoWayToSend
    if sending.smtp_host:
        try:
            Account(sending.smtp_host, sending.smtp_port, Security(sending.smtp_security)).check()
        except ClearText as error:
            raise NoTls from error
    if sending.sms_sender:
        try:
            check_sender(sending.sms_sender)
        except SmsTrouble as trouble:
            raise BadSender from trouble


def _note(actor: Actor, kind: str, one: str, action: Action = Action.CHANGE) -> None:
    record(action=action, actor=actor, object_kind=kind, object_id=one)
