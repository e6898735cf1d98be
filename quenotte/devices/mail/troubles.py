"""What may go wrong on the way, told apart by what to do next."""

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """Why a letter was not taken. Values are stored."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NO_TLS = "no_tls"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    NO_LOGIN = "no_login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MAILBOX_FULL = "mailbox_full"
    CONTENT = "content"
    BUSY = "busy"
    DROPPED = "dropped"
    ADDRESS = "address"
    CLEAR_TEXT = "clear_text"
    PROTOCOL = "protocol"


#: Troubles of the server or of our account there: every other letter would meet them too.
_OF_THE_SERVER: Final = frozenset(
    {
        *(Cause.UNKNOWN_HOST, Cause.UNREACHABLE, Cause.TIMEOUT, Cause.NO_TLS, Cause.CERTIFICATE),
        *(Cause.LOGIN, Cause.NO_LOGIN, Cause.SENDER, Cause.CLEAR_TEXT, Cause.PROTOCOL),
    }
)


class MailTrouble(Exception):
    """A letter that was not taken, or of which nobody knows whether it was.

    ``code`` is the SMTP reply (RFC 5321 4.2), 0 when there was none; the server's text is left
    out on purpose: it quotes addresses, and errors are logged.
    """

    def __init__(
        self, cause: Cause, *, code: int = 0, is_temporary: bool, is_uncertain: bool = False
    ) -> None:
        super().__init__(f"{cause.value} {code}" if code else cause.value)
        self.cause = cause
        self.code = code
        self.is_temporary = is_temporary
        #: The content was handed over and no answer came: it may have been taken.
        self.is_uncertain = is_uncertain

    @property
    def is_of_the_server(self) -> bool:
        """Whether other letters would meet the same trouble."""
        return self.cause in _OF_THE_SERVER


def of_reply(code: int, *, step: Cause) -> MailTrouble:
    """Return the trouble that a reply of the server means at a step of the dialogue.

    4yz is « later », 5yz is « never » (RFC 5321 4.2.1); 452 and 552 speak of room.
    """
    cause = step
    if code in {421, 450, 451}:
        cause = Cause.BUSY if step in {Cause.RECIPIENT, Cause.CONTENT} else step
    elif code in {452, 552} and step in {Cause.RECIPIENT, Cause.CONTENT}:
        cause = Cause.MAILBOX_FULL
    return MailTrouble(cause, code=code, is_temporary=400 <= code < 500)
