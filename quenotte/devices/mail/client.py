"""A client of SMTP servers: one letter, one connection, one clear answer.

Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314 (implicit TLS).
"""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage

from quenotte.devices.mail.accounts import Account, ClearText, Security
from quenotte.devices.mail.letters import BadAddress, Letter
from quenotte.devices.mail.troubles import Cause, MailTrouble, of_reply

#: How we greet (RFC 5321 4.1.1.1: an address literal): a server needs no name of this machine.
_OWN_NAME = "[127.0.0.1]"


def send(account: Account, letter: Letter, *, context: ssl.SSLContext | None = None) -> None:
    """Hand a letter over; return once the server has answered that it is now its business.

    ``context`` decides whose certificates are believed; by default this machine's own list.

    Raises: MailTrouble.
    """
    try:
        message = letter.as_message()
    except BadAddress:
        raise MailTrouble(Cause.ADDRESS, is_temporary=False) from None
    except ValueError:
        raise MailTrouble(Cause.CONTENT, is_temporary=False) from None
    with _session(account, context) as session:
        _hand_over(session, message)


def check(account: Account, *, context: ssl.SSLContext | None = None) -> None:
    """Do everything but send: connect, protect, log in.

    Raises: MailTrouble.
    """
    with _session(account, context) as session, _told(Cause.PROTOCOL):
        session.noop()


@contextlib.contextmanager
def _session(account: Account, context: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    try:
        account.check()
    except ClearText:
        raise MailTrouble(Cause.CLEAR_TEXT, is_temporary=False) from None
    context = context or ssl.create_default_context()
    session = _connected(account, context)
    try:
        if account.security is Security.STARTTLS:
            _protect(session, context)
        _log_in(session, account)
        yield session
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            session.quit()
        session.close()


def _connected(account: Account, context: ssl.SSLContext) -> smtplib.SMTP:
    try:
        if account.security is Security.TLS:
            return smtplib.SMTP_SSL(
                account.host, account.port, _OWN_NAME, timeout=account.timeout_s, context=context
            )
        return smtplib.SMTP(account.host, account.port, _OWN_NAME, timeout=account.timeout_s)
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, Cause.UNREACHABLE) from None


def _protect(session: smtplib.SMTP, context: ssl.SSLContext) -> None:
    with _told(Cause.NO_TLS):
        session.starttls(context=context)


def _log_in(session: smtplib.SMTP, account: Account) -> None:
    with _told(Cause.NO_LOGIN):
        session.ehlo_or_helo_if_needed()
        if not account.user:
            return
        if not (account.user + account.password).isascii():
            # The mechanisms that smtplib speaks know no accents; the server would refuse too.
            raise MailTrouble(Cause.LOGIN, is_temporary=False)
        session.login(account.user, account.password)


def _hand_over(session: smtplib.SMTP, message: EmailMessage) -> None:
    sender, recipient = (str(message[name].addresses[0].addr_spec) for name in ("From", "To"))
    with _told(Cause.SENDER):
        _expect(session.mail(sender), Cause.SENDER)
    with _told(Cause.RECIPIENT):
        _expect(session.rcpt(recipient), Cause.RECIPIENT)
    try:
        _expect(session.data(message.as_bytes()), Cause.CONTENT)
    except smtplib.SMTPDataError as refused:
        raise of_reply(refused.smtp_code, step=Cause.CONTENT) from None
    except (OSError, smtplib.SMTPException):
        # The last byte may have left: whether the letter was taken, only its reader knows.
        raise MailTrouble(Cause.DROPPED, is_temporary=True, is_uncertain=True) from None


def _expect(reply: tuple[int, bytes], step: Cause) -> None:
    code = reply[0]
    if code == -1:
        raise MailTrouble(Cause.DROPPED, is_temporary=True)
    if not 200 <= code < 300:
        raise of_reply(code, step=step)


@contextlib.contextmanager
def _told(step: Cause) -> Iterator[None]:
    """Translate what sockets, TLS and smtplib raise at a step; their texts are dropped."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, step) from None


def _trouble(error: Exception, step: Cause) -> MailTrouble:
    # smtplib's errors are OSErrors too: they are asked first.
    if isinstance(error, smtplib.SMTPException):
        return _of_dialogue(error, step)
    return _of_network(error)


def _of_dialogue(error: smtplib.SMTPException, step: Cause) -> MailTrouble:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        if isinstance(error.__context__, TimeoutError):
            return MailTrouble(Cause.TIMEOUT, is_temporary=True)
        return MailTrouble(Cause.DROPPED, is_temporary=True)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        step = Cause.LOGIN
    if isinstance(error, smtplib.SMTPResponseException):
        return of_reply(error.smtp_code, step=step)
    return MailTrouble(step, is_temporary=False)


def _of_network(error: Exception) -> MailTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailTrouble(Cause.CERTIFICATE, is_temporary=False)
    if isinstance(error, ssl.SSLError):
        return MailTrouble(Cause.NO_TLS, is_temporary=False)
    if isinstance(error, socket.gaierror):
        # « Unknown name » is also what a practice without Internet hears: never final.
        return MailTrouble(Cause.UNKNOWN_HOST, is_temporary=True)
    if isinstance(error, TimeoutError):
        return MailTrouble(Cause.TIMEOUT, is_temporary=True)
    return MailTrouble(Cause.UNREACHABLE, is_temporary=True)
