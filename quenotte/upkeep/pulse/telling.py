"""One conversation with a provider's door. Neither side of it touches the database."""

import socket
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from quenotte.devices.agents.dialling import Heard, Ours, Unheard, Why, say
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import KEY_SCHEME, NO_CERTIFICATE, TOKEN_HEADER, Enrolled
from quenotte.wire.messages import M, read, write
from quenotte.wire.openings import Opened, Openings, OpeningsAsked
from quenotte.wire.pulses import Pulse
from quenotte.wire.reading import Unreadable
from quenotte.wire.reports import Report, Told


class Where(NamedTuple):
    """A provider's door, and what it is believed by."""

    address: str
    fingerprint: str = ""


class Refused(Exception):
    """The token opens nothing there."""


class Strange(Exception):
    """What answers is no provider's door, or one of another release."""


def enrol(where: Where, token: str, now: datetime) -> str:
    """Return the key of this server for a token. Raises: Refused, Strange, Unheard.

    It says its name and that it is a server, and nothing of its hardware: a companion on the same
    machine is another agent, which the provider knows by the name.
    """
    me = Report(
        now,
        (
            Told("machine.name", socket.gethostname()[:60] or "serveur"),
            Told("machine.is_server", True),
        ),
    )
    heard = _say(where, "pair", write(me), {TOKEN_HEADER: token})
    if heard.status == 403:
        raise Refused
    return _read(heard, Enrolled).key


def tell(where: Where, key: str, pulse: Pulse) -> Code:
    """Say how the copies stand; return what was answered. Raises: Strange, Unheard."""
    return _read(_say(where, "pulse", write(pulse), _known(key)), Answer).code


def opened_after(where: Where, key: str, after: int) -> tuple[Opened, ...]:
    """Return what was opened of this practice after a number. Raises: Strange, Unheard."""
    asked = write(OpeningsAsked(after))
    return _read(_say(where, "openings", asked, _known(key)), Openings).rows


def _known(key: str) -> dict[str, str]:
    return {"Authorization": f"{KEY_SCHEME}{key}"}


def _say(where: Where, question: str, body: bytes, headers: dict[str, str]) -> Heard:
    path = f"/agents/station/{question}"
    heard = say(where.address, path, body, headers, fingerprint=where.fingerprint, ours=_ours())
    if heard.status == 503:
        raise Unheard(Why.NO_ANSWER)
    if _is_about_ours(heard):
        raise Unheard(Why.OURS)
    return heard


def _is_about_ours(heard: Heard) -> bool:
    """Tell whether a door, or the server before it, wants a certificate.

    Source: nginx, ``ssl_verify_client``: "400 No required SSL certificate was sent".
    """
    if heard.status == 403:
        return heard.body == NO_CERTIFICATE
    return heard.status == 400 and b"SSL certificate" in heard.body


def _ours() -> Ours | None:
    """Return the files of this server's own certificate: their places are a setting, not data."""
    certificate, key = settings.PULSE_CLIENT_CERTIFICATE, settings.PULSE_CLIENT_KEY
    return (Path(certificate), Path(key) if key else None) if certificate else None


def _read(heard: Heard, kind: type[M]) -> M:
    if heard.status != 200:
        raise Strange
    try:
        return read(heard.body, kind)
    except Unreadable as error:
        raise Strange from error
