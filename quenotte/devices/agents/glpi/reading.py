"""From the bytes of a request to a message.

Source: the exchanges of FusionInventory 2.6 and of the GLPI Agent, as seen on the wire.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from quenotte.devices.agents.bodies import MOST_BYTES, unpack
from quenotte.devices.agents.credible import clean
from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.glpi.contents import sections_of
from quenotte.devices.agents.glpi.markup import Request, read_request
from quenotte.devices.agents.glpi.messages import (
    Contact,
    Envelope,
    Form,
    GetConfig,
    Inventory,
    Message,
    Prolog,
)
from quenotte.devices.agents.glpi.sections import Sections
from quenotte.devices.agents.objects import (
    as_text,
    list_at,
    object_at,
    read_object,
    text_at,
    whole_at,
)

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TASK: Final = re.compile(r"task\[(\w{1,40})\]")
_LONGEST_ID: Final = 255
_MOST_PARAMETERS: Final = 60


def read(raw: bytes, *, agent_id: str = "", most_bytes: int = MOST_BYTES) -> Envelope:
    """Return the message that an agent sent by POST.

    ``agent_id`` is its header ``GLPI-Agent-ID``; one that is no UUID counts as absent.

    Raises: NotUnderstood, with any of its reasons.
    """
    body = unpack(raw, most_bytes=most_bytes)
    is_json = body.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    form = Form.JSON if is_json else Form.XML
    message = _of_json(body.content) if is_json else _of_xml(read_request(body.content))
    known = agent_id.strip().lower() if _UUID.fullmatch(agent_id.strip()) else None
    return Envelope(message, form, body.packing, known)


def read_question(query: str) -> GetConfig:
    """Return what an agent asks by GET; ``query`` is what follows the question mark.

    Raises: NotUnderstood: UNKNOWN_QUESTION, WRONG_SHAPE, TOO_MANY.
    """
    try:
        told = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise NotUnderstood(Reason.TOO_MANY, "query") from None
    asked = dict(told)
    if asked.get("action") != "getConfig":
        raise NotUnderstood(Reason.UNKNOWN_QUESTION, "action")
    tasks = {found[1]: value for name, value in told if (found := _TASK.fullmatch(name))}
    return GetConfig(_identified(asked.get("machineid", ""), "machineid"), tasks)


def _of_xml(request: Request) -> Message:
    device_id = _identified(request.head.get("DEVICEID", ""), "DEVICEID")
    query = request.head.get("QUERY", "")
    if query == "PROLOG":
        return Prolog(device_id, request.head.get("TOKEN", ""))
    if query != "INVENTORY":
        raise NotUnderstood(Reason.UNKNOWN_QUESTION, "QUERY")
    sections = {name: tuple(rows) for name, rows in request.sections.items()}
    return Inventory(
        device_id=device_id,
        agent=clean(request.head.get("VERSIONCLIENT")) or "",
        tag=_tag_of(sections),
        sections=sections,
    )


def _of_json(content: bytes) -> Message:
    told = read_object(content)
    device_id = _identified(text_at(told, "deviceid"), "deviceid")
    reader = _ACTIONS.get(text_at(told, "action") or "inventory")
    if reader is None:
        raise NotUnderstood(Reason.UNKNOWN_QUESTION, "action")
    return reader(told, device_id)


def _contact(told: Mapping[str, Any], device_id: str) -> Contact:
    return Contact(
        device_id=device_id,
        name=text_at(told, "name"),
        version=text_at(told, "version"),
        tag=text_at(told, "tag"),
        installed_tasks=_tasks(told, "installed-tasks"),
        enabled_tasks=_tasks(told, "enabled-tasks"),
        httpd_port=whole_at(told, "httpd-port"),
    )


def _inventory(told: Mapping[str, Any], device_id: str) -> Inventory:
    content = object_at(told, "content")
    sections = sections_of(content)
    return Inventory(
        device_id=device_id,
        agent=clean(text_at(content, "versionclient")) or "",
        tag=text_at(told, "tag") or _tag_of(sections),
        item_type=text_at(told, "itemtype") or "Computer",
        is_partial=as_text(told.get("partial")) == "1",
        sections=sections,
    )


_ACTIONS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Message]]] = {
    "contact": _contact,
    "inventory": _inventory,
}


def _tasks(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(task[:40] for task in list_at(told, name)[:40] if isinstance(task, str))


def _tag_of(sections: Sections) -> str:
    rows = sections.get("ACCOUNTINFO", ())
    tags = (row.get("KEYVALUE", "") for row in rows if row.get("KEYNAME") == "TAG")
    return next(tags, "")


def _identified(device_id: str, where: str) -> str:
    """Return the name that an agent gives itself. Raises: NotUnderstood: WRONG_SHAPE."""
    found = clean(device_id, most=_LONGEST_ID)
    if found is None or found != device_id:
        raise NotUnderstood(Reason.WRONG_SHAPE, where)
    return found
