"""A letter as the standards want it: plain text, one recipient, headers of an automatic message."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

_SHAPE: Final = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+\.[^\s@.<>\"]+")


class BadAddress(ValueError):
    """What was given is no address of a mailbox; the text itself is left out of the error."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An automatic message to one person.

    ``identifier`` is what stands between the angle brackets of Message-ID: the same letter sent
    twice carries the same one, so that mail programs can tell.
    """

    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    identifier: str
    written_at: datetime
    reply_to: str = ""
    unsubscribe_url: str = ""

    def as_message(self) -> EmailMessage:
        """Return the letter with its headers.

        Raises: BadAddress; ValueError when a header holds a line break (an injection).

        Source: RFC 5322; RFC 3834 (Auto-Submitted); RFC 2369 and RFC 8058 (List-Unsubscribe).
        """
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.sender_name, addr_spec=checked_address(self.sender))
        message["To"] = checked_address(self.recipient)
        message["Subject"] = self.subject
        message["Date"] = format_datetime(self.written_at)
        message["Message-ID"] = f"<{self.identifier}>"
        # Answering machines must not answer a machine.
        message["Auto-Submitted"] = "auto-generated"
        if self.reply_to:
            message["Reply-To"] = checked_address(self.reply_to)
        if self.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        # Seven bits on the wire: not every relay takes eight (RFC 6152).
        message.set_content(self.text, cte="quoted-printable")
        return message


def checked_address(text: str) -> str:
    """Return an address that may stand in a header and in an SMTP command.

    Accented domains become ASCII (IDNA); accented names before the « @ » are refused, because
    few servers take them (RFC 6531).

    Raises: BadAddress.
    """
    address = text.strip()
    if len(address) > 254 or not _SHAPE.fullmatch(address):
        raise BadAddress("no mailbox")
    name, _at, domain = address.rpartition("@")
    try:
        name.encode("ascii")
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise BadAddress("no mailbox") from None
