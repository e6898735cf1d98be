"""What an agent of inventory is answered, in the language and the packing of its question."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from quenotte.devices.agents.bodies import Packing, pack
from quenotte.devices.agents.glpi.messages import Contact, Envelope, Form, Prolog

#: Hours between two inventories.
EVERY_HOURS: Final = 24
#: Hours: what agents take.
_LEAST_HOURS, _MOST_HOURS = 1, 8760

#: What an agent shall not even look at; `sections` would not read it.
UNREAD_CATEGORIES: Final = ("environment", "local_group", "local_user", "process", "user")
#: Tasks that scan a network, copy files or install programs: none is ours.
_OTHER_TASKS: Final = (
    "collect",
    "deploy",
    "esx",
    "netdiscovery",
    "netinventory",
    "remoteinventory",
)

_TYPES: Final = {
    (Form.XML, Packing.PLAIN): "application/xml",
    (Form.JSON, Packing.PLAIN): "application/json",
}
_PACKED: Final = {
    Packing.ZLIB: "application/x-compress-zlib",
    Packing.GZIP: "application/x-compress-gzip",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send, and the ``Content-Type`` by which the agent knows how they are packed."""

    body: bytes
    content_type: str
    status: int = 200


def answer(envelope: Envelope, *, every_hours: int = EVERY_HOURS) -> Answer:
    """Return the answer to a message that was taken.

    ``every_hours``: when the agent shall come again, in hours.
    """
    hours = min(max(every_hours, _LEAST_HOURS), _MOST_HOURS)
    if envelope.form is Form.JSON:
        return _packed(_json(_taken(envelope, hours)), envelope)
    return _packed(_reply(envelope, hours), envelope)


def refusal(envelope: Envelope, *, status: int = 403, message: str = "refused") -> Answer:
    """Return the answer to a message that is refused: ``status`` says why, in terms of HTTP.

    ``message`` goes into the log of the agent.
    """
    if envelope.form is Form.JSON:
        told = _json({"status": "error", "message": message})
    else:
        told = _xml("<RESPONSE>ERROR</RESPONSE>")
    return _packed(told, envelope, status)


def configuration() -> Answer:
    """Return the answer to a ``GetConfig``: there is nothing to do beyond the inventory."""
    return Answer(_json({"configuration": {}, "schedule": []}), "application/json")


def _taken(envelope: Envelope, hours: int) -> Mapping[str, Any]:
    """Return the status of a message; a bare number of hours is how an expiration is written."""
    told: dict[str, Any] = {"status": "ok", "expiration": hours}
    if isinstance(envelope.message, Contact):
        inventory = {
            "server": "glpi",
            "version": "10.0.0",
            "no-category": ",".join(UNREAD_CATEGORIES),
        }
        told |= {"disabled": list(_OTHER_TASKS), "tasks": {"inventory": inventory}}
    return told


def _reply(envelope: Envelope, hours: int) -> bytes:
    if isinstance(envelope.message, Prolog):
        return _xml(f"<RESPONSE>SEND</RESPONSE><PROLOG_FREQ>{hours}</PROLOG_FREQ>")
    # A reply without a response makes the agent log an error.
    return _xml("<RESPONSE>ACCOUNT_UPDATE</RESPONSE>")


def _xml(inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<REPLY>{inner}</REPLY>\n'.encode()


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def _packed(content: bytes, envelope: Envelope, status: int = 200) -> Answer:
    packing = envelope.packing
    content_type = _PACKED.get(packing) or _TYPES[envelope.form, packing]
    return Answer(pack(content, packing), content_type, status)
