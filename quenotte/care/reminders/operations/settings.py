"""How the practice sends: saved by the gestionnaire, tried with a letter to herself."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice import queries as practices
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import ReminderSettings
from quenotte.care.reminders.operations import carriers
from quenotte.devices.mail.accounts import Account, ClearText, Security
from quenotte.devices.mail.letters import Letter
from quenotte.devices.mail.troubles import MailTrouble
from quenotte.devices.sms.port import SmsTrouble, check_sender
from quenotte.kernel.errors import Refusal
from quenotte.kernel.sealing import Unreadable

#: What the form saves; the password is apart.
EDITABLE: Final = (
    "is_on", "mail_is_on", "sms_is_on", "mail_hours_before", "sms_hours_before",
    "quiet_from_hour", "quiet_to_hour", "quiet_days_off",
    "smtp_host", "smtp_port", "smtp_security", "smtp_user", "sender_address", "reply_to",
    "sms_sender",
)  # fmt: skip
#: The password goes to one server, under one name: elsewhere it must be typed again.
_PASSWORD_IS_FOR: Final = ("smtp_host", "smtp_port", "smtp_security", "smtp_user")
#: A code of ours beside those of devices: the sealed password cannot be read.
PASSWORD_LOST: Final = "password_lost"  # noqa: S105


class SettingsChanged(Refusal):
    """Somebody else saved the settings while this form was open."""

    message = gettext_lazy(
        "Les réglages des rappels ont changé entre-temps. Rien n’a été écrasé : relisez-les, "
        "puis recommencez."
    )


class NotReady(Refusal):
    """Messages cannot leave without a server and a sender."""

    message = gettext_lazy(
        "Il manque le serveur d’envoi ou l’adresse d’expédition. Rien n’a été enregistré."
    )


class BadSmsSender(Refusal):
    """French operators do not let this sender through."""

    message = gettext_lazy(
        "Cet expéditeur de SMS serait refusé : 3 à 11 lettres ou chiffres sans accent, dont une "
        "lettre. Un numéro de téléphone n’est pas permis. Rien n’a été enregistré."
    )


class ClearTextRefused(Refusal):
    """Nothing that names a patient leaves this machine in clear."""

    message = gettext_lazy(
        "Sans protection, seul un serveur de courrier installé sur cette machine est permis. "
        "Rien n’a été enregistré : choisissez STARTTLS ou TLS."
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a test letter: ``reason`` is empty when the server took it."""

    reason: str
    code: int
    is_temporary: bool


def save_settings(
    *, actor: Actor, values: Mapping[str, Any], password: str, seen_version: int
) -> ReminderSettings:
    """Save how the practice sends; an empty password keeps the one there is.

    The password is forgotten when the server, its port, the protection or the name changes:
    nobody may have it sent elsewhere.

    Raises: SettingsChanged, NotReady, BadSmsSender, ClearTextRefused.
    """
    try:
        with transaction.atomic():
            return _save(actor, values, password, seen_version)
    except IntegrityError as error:
        # Two people saved the very first settings at the same moment.
        raise SettingsChanged from error


def try_mail(*, actor: Actor, recipient: str) -> Trial:
    """Send a letter without any patient, and tell what the server said."""
    found = queries.settings_of(actor.own_practice_id)
    try:
        carriers.send_mail(carriers.account_of(found), _test_letter(found, recipient))
        trial = Trial("", 0, is_temporary=False)
    except MailTrouble as trouble:
        trial = Trial(trouble.cause.value, trouble.code, trouble.is_temporary)
    except Unreadable:
        trial = Trial(PASSWORD_LOST, 0, is_temporary=False)
    with transaction.atomic():
        if not trial.reason:
            wake(found)
        _traced(actor, "test", "failed" if trial.reason else "ok", reason=trial.reason)
    return trial


def wake(found: ReminderSettings) -> None:
    """Forget the trouble with the mail server: letters may leave at once."""
    ReminderSettings.objects.filter(practice_id=found.practice_id).update(
        trouble="", trouble_since=None, rests_until=None
    )


def _save(
    actor: Actor, values: Mapping[str, Any], password: str, seen_version: int
) -> ReminderSettings:
    found = ReminderSettings.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    kept = found.first()
    row = kept or ReminderSettings(practice_id=actor.own_practice_id)
    if row.version != seen_version:
        raise SettingsChanged
    changed = [name for name in EDITABLE if getattr(row, name) != values[name]]
    was_on = row.is_on
    for name in changed:
        setattr(row, name, values[name])
    _check(row)
    if set(changed) & set(_PASSWORD_IS_FOR):
        row.sealed_password = ""
    if password:
        row.sealed_password = carriers.sealed(password)
        changed.append("password")
    if row.is_on and not was_on:
        row.turned_on_at = timezone.now()
    row.trouble, row.trouble_since, row.rests_until = "", None, None
    row.version = seen_version + 1
    row.save(force_insert=kept is None)
    _traced(actor, "settings", fields=",".join(changed)[:120])
    return row


def _check(row: ReminderSettings) -> None:
    if row.is_on and row.mail_is_on and not (row.smtp_host and row.sender_address):
        raise NotReady
    if row.smtp_host:
        _check_security(row)
    if row.sms_sender or (row.is_on and row.sms_is_on):
        try:
            check_sender(row.sms_sender)
        except SmsTrouble as trouble:
            raise BadSmsSender from trouble


def _check_security(row: ReminderSettings) -> None:
    try:
        Account(row.smtp_host, row.smtp_port, Security(row.smtp_security)).check()
    except ClearText as error:
        raise ClearTextRefused from error


def _test_letter(found: ReminderSettings, recipient: str) -> Letter:
    name = practices.practice(found.practice_id).name
    domain = found.sender_address.rpartition("@")[2] or "localhost"
    return Letter(
        sender=found.sender_address,
        sender_name=name,
        recipient=recipient,
        subject=_("Essai d’envoi de %(name)s") % {"name": name},
        text=_(
            "Ce message d’essai vient de Quenotte. S’il vous est parvenu, les rappels peuvent "
            "partir.\n"
        ),
        identifier=f"essai.{secrets.token_hex(12)}@{domain}",
        written_at=timezone.localtime(),
        reply_to=found.reply_to,
    )


def _traced(actor: Actor, what: str, result: str = "ok", **detail: str) -> None:
    practice_id: UUID = actor.own_practice_id
    audit.record(
        action=Action.SEND if what == "test" else Action.CHANGE,
        actor=actor,
        object_kind="reminder_settings",
        object_id=str(practice_id),
        result=result,
        detail={"action": what, **detail},
    )
