"""Who carries our messages: the mail server, the operator of short messages, push services."""

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from quenotte.devices.mail import client as mail
from quenotte.devices.mail.accounts import Account, Security
from quenotte.devices.mail.letters import Letter
from quenotte.devices.mail.troubles import MailTrouble
from quenotte.devices.push import client as push
from quenotte.devices.push import sealing
from quenotte.devices.sms.alphabets import simplified
from quenotte.devices.sms.port import Gateway, Reason, SmsTrouble, Text
from quenotte.devices.sms.simulator import Simulator
from quenotte.kernel.sealing import Unreadable, seal, unseal
from quenotte.provider.incidents import queries
from quenotte.provider.incidents.rules import Way

if TYPE_CHECKING:
    from quenotte.provider.incidents.models import Outgoing, Sending

_MAIL: Final = "smtp"
_PUSH: Final = "push"
_NO_OPERATOR: Final = "no_operator"
#: Beyond that a telephone cuts.
_SMS_SIGNS: Final = 300


class Failure(Exception):
    """What became of one attempt, told alike for all ways.

    ``is_of_the_way``: every other message would meet the same trouble, none of them is to blame.
    """

    def __init__(self, reason: str, *, is_temporary: bool, is_of_the_way: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_temporary = is_temporary
        self.is_of_the_way = is_of_the_way


def carry(message: "Outgoing", sending: "Sending | None", name: str, now: datetime) -> None:
    """Hand a message over to whoever carries it; ``name``: of the provider. Raises: Failure."""
    if message.channel == Way.SMS:
        _text(message, sending, now)
        return
    if sending is None:
        raise _unset("not_set")
    if message.channel == Way.PUSH:
        _push(message, sending)
    else:
        _mail(message, sending, name, now)


def operator() -> Gateway | None:
    """Return the operator of short messages: none is connected; a demo has a simulator."""
    if not queries.is_sms_carried():
        return None
    return Simulator(settings.DATA_DIR / "cache" / "sms-simulator.sqlite3")


def services() -> tuple[str, ...]:
    """Return the push services that browsers may name."""
    return (*push.SERVICES, *settings.PUSH_SERVICES)


def account_of(sending: "Sending") -> Account:
    """Return the account at the mail server. Raises: Unreadable."""
    kept = sending.sealed_password
    return Account(
        host=sending.smtp_host,
        port=sending.smtp_port,
        security=Security(sending.smtp_security),
        user=sending.smtp_user,
        password=unseal(settings.SEALING_KEY, kept, purpose=_MAIL) if kept else "",
    )


def sealed_password(password: str) -> str:
    """Return a password as the database may keep it."""
    return seal(settings.SEALING_KEY, password, purpose=_MAIL)


def new_push_key() -> tuple[str, str]:
    """Return a new key pair for push services: the private one sealed, the public one."""
    made = sealing.new_key()
    return seal(settings.SEALING_KEY, made, purpose=_PUSH), sealing.public_of(made)


def lack_of(channel: str, sending: "Sending | None") -> str:
    """Return why a way can carry nothing yet, as a code; "" when it is set."""
    if channel == Way.MAIL:
        is_set = sending is not None and bool(sending.smtp_host and sending.sender_address)
    elif channel == Way.SMS:
        if not queries.is_sms_carried():
            return _NO_OPERATOR
        is_set = sending is not None and bool(sending.sms_sender)
    else:
        is_set = True
    return "" if is_set else "not_set"


def _unset(reason: str) -> Failure:
    return Failure(reason, is_temporary=True, is_of_the_way=True)


def _mail(message: "Outgoing", sending: "Sending", name: str, now: datetime) -> None:
    if lack := lack_of(Way.MAIL, sending):
        raise _unset(lack)
    domain = sending.sender_address.rpartition("@")[2]
    letter = Letter(
        sender=sending.sender_address,
        sender_name=name,
        recipient=message.destination,
        subject=message.title,
        text=message.text,
        # The same letter sent twice has the same name: mail programs can tell.
        identifier=f"{message.id}@{domain}",
        written_at=timezone.localtime(now),
    )
    try:
        mail.send(account_of(sending), letter)
    except Unreadable:
        raise _unset("password_lost") from None
    except MailTrouble as trouble:
        raise Failure(
            trouble.cause.value,
            is_temporary=trouble.is_temporary,
            is_of_the_way=trouble.is_of_the_server,
        ) from None


def _text(message: "Outgoing", sending: "Sending | None", now: datetime) -> None:
    carrier = operator()
    if carrier is None:
        # No setting mends that: an alarm goes on to whoever can be reached.
        raise Failure(_NO_OPERATOR, is_temporary=False, is_of_the_way=False)
    if sending is None or not sending.sms_sender:
        raise _unset("not_set")
    said = simplified(f"{message.title} : {message.text}")[:_SMS_SIGNS]
    try:
        carrier.send(Text(str(message.id), message.destination, sending.sms_sender, said), now=now)
    except SmsTrouble as trouble:
        if trouble.reason is Reason.SAME_KEY:
            # The operator took it before we died.
            return
        raise Failure(
            trouble.reason.value,
            is_temporary=trouble.is_temporary,
            is_of_the_way=trouble.reason is Reason.SENDER,
        ) from None


def _push(message: "Outgoing", sending: "Sending") -> None:
    to = message.subscription
    if to is None:
        raise Failure("gone", is_temporary=False, is_of_the_way=False)
    try:
        key = unseal(settings.SEALING_KEY, sending.sealed_push_key, purpose=_PUSH)
    except Unreadable:
        raise _unset("no_key") from None
    try:
        push.send(
            push.Sender(key, _subject(sending)),
            push.Browser(to.endpoint, to.p256dh, to.auth),
            payload(message),
            topic=base64.urlsafe_b64encode(message.id.bytes).decode("ascii").rstrip("="),
        )
    except push.PushTrouble as trouble:
        raise Failure(
            trouble.cause.value,
            is_temporary=trouble.is_temporary,
            is_of_the_way=False,
        ) from None


def payload(message: "Outgoing") -> bytes:
    """Return what a browser is told: the practice, what is wrong there, which page to open."""
    where = f"/parc/incidents/{message.incident_id}/" if message.incident_id else "/parc/alertes/"
    told = {
        "title": message.title,
        "body": message.text[:600],
        "url": where,
        "tag": str(message.incident_id or message.id),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _subject(sending: "Sending") -> str:
    """Return where our people are reached (RFC 8292, 2.1)."""
    if sending.sender_address:
        return f"mailto:{sending.sender_address}"
    return str(settings.PUBLIC_URL) or "mailto:quenotte@localhost"
