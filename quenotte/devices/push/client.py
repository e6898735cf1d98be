"""A client of push services: one message, one request, one clear answer.

Source: RFC 8030 (HTTP push).
"""

import http.client
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from quenotte.devices.push.sealing import BadKey, Browser, authorization, sealed

#: Services of the makers of browsers; messages go nowhere else, whatever address a page gives.
SERVICES: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
)
_TIMEOUT_S: Final = 15.0
#: How long a service keeps a message for a browser that is closed, in seconds.
_KEPT_S: Final = 12 * 3_600


class Cause(StrEnum):
    """Why a message was not taken. Values are stored."""

    GONE = "gone"
    REFUSED = "refused"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    ADDRESS = "address"


class PushTrouble(Exception):
    """A message that was not taken. ``is_of_the_service``: others would meet the same trouble."""

    def __init__(self, cause: Cause, *, is_temporary: bool, is_of_the_service: bool) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.is_temporary = is_temporary
        self.is_of_the_service = is_of_the_service


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: our private key, and where our people are reached when we misbehave."""

    key: str
    subject: str


def is_known(endpoint: str, services: tuple[str, ...] = SERVICES) -> bool:
    """Tell whether an address is one of a maker's service, over TLS.

    A service given with its scheme and port (``http://127.0.0.1:8080``) is one of the tests'.
    """
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").lower()
    if f"{parts.scheme}://{parts.netloc}" in services:
        return True
    is_one = any(host == one or host.endswith(f".{one}") for one in services)
    return parts.scheme == "https" and is_one and parts.port in {None, 443}


def send(
    sender: Sender,
    browser: Browser,
    text: bytes,
    *,
    topic: str,
    is_urgent: bool = True,
    context: ssl.SSLContext | None = None,
) -> None:
    """Hand a message over; return once the service has taken it.

    ``topic`` (32 signs of base64url at most): a message that waits under the same one is replaced,
    so that what is sent twice is shown once. Redirections are not followed.

    Raises: PushTrouble.
    """
    try:
        body = sealed(browser, text)
        proof = authorization(sender.key, browser.endpoint, sender.subject)
    except ValueError:
        raise PushTrouble(Cause.ADDRESS, is_temporary=False, is_of_the_service=False) from None
    headers = {
        "Authorization": proof,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT_S),
        "Topic": topic,
        "Urgency": "high" if is_urgent else "normal",
    }
    _expect(_status(browser.endpoint, body, headers, context))


def _status(
    endpoint: str, body: bytes, headers: dict[str, str], context: ssl.SSLContext | None
) -> int:
    parts = urlsplit(endpoint)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, context)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(1_000)
        return answer.status
    except ssl.SSLCertVerificationError:
        raise PushTrouble(Cause.CERTIFICATE, is_temporary=True, is_of_the_service=True) from None
    except TimeoutError:
        raise PushTrouble(Cause.TIMEOUT, is_temporary=True, is_of_the_service=True) from None
    except (OSError, http.client.HTTPException):
        raise PushTrouble(Cause.UNREACHABLE, is_temporary=True, is_of_the_service=True) from None
    finally:
        connection.close()


def _connection(
    scheme: str, host: str, port: int | None, context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)
    return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)


def _expect(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in {404, 410}:
        raise PushTrouble(Cause.GONE, is_temporary=False, is_of_the_service=False)
    if status == 429 or status >= 500:
        raise PushTrouble(Cause.BUSY, is_temporary=True, is_of_the_service=False)
    raise PushTrouble(Cause.REFUSED, is_temporary=False, is_of_the_service=False)


__all__ = ["SERVICES", "BadKey", "Browser", "Cause", "PushTrouble", "Sender", "is_known", "send"]
