"""Saying something to another server, over TLS alone: one question, one bounded answer.

Nothing is sent before the server is believed: by the authorities of this machine, or by the
fingerprint of its certificate that a person typed.
"""

import contextlib
import http.client
import ssl
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from quenotte.devices.repository.errors import CertificateOver, OtherName, Untrusted
from quenotte.devices.repository.trust import Trust

#: Bytes of an answer; ours are a tenth of it.
_LARGEST: Final = 256 * 1024


class Why(StrEnum):
    """Why nobody was heard. Values are stored."""

    NOT_HTTPS = "not_https"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    CERTIFICATE_OVER = "certificate_over"
    OTHER_NAME = "other_name"
    TOO_LONG = "too_long"
    #: It wants a certificate of this machine, or not the one that it was shown.
    OURS = "ours"
    #: The files of this machine's own certificate are of no use.
    OUR_FILES = "our_files"


class Unheard(Exception):
    """Nothing came back that can be used. Nothing that was said or heard is quoted."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Heard(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


#: The files of this machine's own certificate and of its key (None: in the same file).
Ours = tuple[Path, Path | None]


def say(
    address: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    fingerprint: str = "",
    ours: Ours | None = None,
) -> Heard:
    """Post a body below an address; return the answer. Raises: Unheard."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise Unheard(Why.NOT_HTTPS)
    trust = _trust(fingerprint, ours)
    try:
        connection = trust.connected(parts.hostname, parts.port)
        with contextlib.closing(connection):
            told = {"Content-Type": "application/json", **headers}
            connection.request("POST", f"{parts.path.rstrip('/')}{path}", body, told)
            answer = connection.getresponse()
            heard = Heard(answer.status, answer.read(_LARGEST + 1))
    except CertificateOver as error:
        raise Unheard(Why.CERTIFICATE_OVER) from error
    except OtherName as error:
        raise Unheard(Why.OTHER_NAME) from error
    except Untrusted as error:
        raise Unheard(Why.CERTIFICATE) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unheard(Why.OURS if _is_about_ours(error) else Why.NO_ANSWER) from error
    if len(heard.body) > _LARGEST:
        raise Unheard(Why.TOO_LONG)
    return heard


def _trust(fingerprint: str, ours: Ours | None) -> Trust:
    try:
        return Trust(None, fingerprint or None, ours=ours)
    except (OSError, ValueError) as error:
        raise Unheard(Why.OUR_FILES) from error


def _is_about_ours(error: Exception) -> bool:
    """Tell whether the server ended it for want of our certificate. Source: RFC 8446 §6.2."""
    reason = str(error)
    is_told = "CERTIFICATE" in reason or "UNKNOWN_CA" in reason
    return isinstance(error, ssl.SSLError) and "ALERT" in reason and is_told
