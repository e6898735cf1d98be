"""Who carries our messages: the practice's mail server, and the operator of short messages."""

from django.conf import settings

from quenotte.care.reminders.models import ReminderSettings
from quenotte.devices.mail import client
from quenotte.devices.mail.accounts import Account, Security
from quenotte.devices.mail.letters import Letter
from quenotte.devices.sms.port import Gateway
from quenotte.devices.sms.simulator import Simulator
from quenotte.kernel.sealing import seal, unseal

_PURPOSE = "smtp"


def send_mail(account: Account, letter: Letter) -> None:
    """Hand a letter over to the practice's mail server. Raises: MailTrouble."""
    client.send(account, letter)


def check_mail(account: Account) -> None:
    """Do everything but send. Raises: MailTrouble."""
    client.check(account)


def operator() -> Gateway:
    """Return the operator of short messages: a simulator, as long as none is connected."""
    return Simulator(settings.DATA_DIR / "cache" / "sms-simulator.sqlite3")


def account_of(found: ReminderSettings) -> Account:
    """Return the account of the practice at its mail server.

    Raises: Unreadable when the key of the data folder is not the one that sealed the password.
    """
    sealed = found.sealed_password
    return Account(
        host=found.smtp_host,
        port=found.smtp_port,
        security=Security(found.smtp_security),
        user=found.smtp_user,
        password=unseal(settings.SEALING_KEY, sealed, purpose=_PURPOSE) if sealed else "",
    )


def sealed(password: str) -> str:
    """Return a password as the database may keep it."""
    return seal(settings.SEALING_KEY, password, purpose=_PURPOSE)
