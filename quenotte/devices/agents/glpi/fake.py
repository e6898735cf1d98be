"""An agent that exists in memory only: it says what the real ones say, and as they say it.

It takes answers as they do: what would make them complain raises ``Complaint`` here. How its
messages travel is left to who starts it: a function call in a test, HTTP in a simulation.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from quenotte.devices.agents.bodies import Packing

#: Sections by name; each a list of fields by name, all in upper case.
Content = Mapping[str, Sequence[Mapping[str, Any]]]

_TYPES: Final = {
    Packing.ZLIB: "application/x-compress-zlib",
    Packing.GZIP: "application/x-compress-gzip",
}
_ZLIB: Final = re.compile(rb"(\x78\x9C.*)", re.DOTALL)
_GZIP: Final = re.compile(rb"(\x1F\x8B\x08.*)", re.DOTALL)
#: Sections of which an inventory in JSON has one entry, not a list.
_SINGLE: Final = frozenset({"BIOS", "HARDWARE", "OPERATINGSYSTEM", "ACCESSLOG"})
_EXPIRATION: Final = re.compile(r"(\d+)([smhd]?)")
_UNITS_S: Final = {"": 3600, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Complaint(Exception):
    """What a real agent would write into its log as an error."""


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    content_type: str
    body: bytes


class FakeAgent:
    """An agent of inventory. ``post`` takes a body and headers, ``get`` the query of a GET."""

    def __init__(
        self,
        content: Content,
        *,
        post: Callable[[bytes, Mapping[str, str]], Reply],
        get: Callable[[str], Reply] | None = None,
        device_id: str = "POSTE-1-2026-03-17-09-30-00",
        agent_id: str = "",
        tag: str = "",
        packing: Packing = Packing.ZLIB,
    ) -> None:
        self._content = content
        self._post = post
        self._get = get
        self._device_id = device_id
        self._agent_id = agent_id
        self._tag = tag
        self._packing = packing

    def run_in_xml(self) -> int:
        """Ask, and send the inventory, as FusionInventory does; return after how many hours to
        come again.

        Raises: Complaint.
        """
        asked = self._in_xml("PROLOG", "<TOKEN>12345678</TOKEN>")
        if _element(asked, "RESPONSE") != "SEND":
            raise Complaint("inventory not asked for")
        if self._get is not None:
            self._ask_configuration(self._get)
        taken = self._in_xml("INVENTORY", _written(self._whole()))
        if not _element(taken, "RESPONSE"):
            raise Complaint("answer without response")
        return int(_element(asked, "PROLOG_FREQ"))

    def run_in_json(self) -> int:
        """Ask, and send the inventory, as the GLPI Agent does; return after how many hours to
        come again.

        Raises: Complaint.
        """
        contact = self._in_json(
            {
                "action": "contact",
                "deviceid": self._device_id,
                "name": "GLPI-Agent",
                "version": "1.11",
                "installed-tasks": ["inventory", "netdiscovery"],
                "enabled-tasks": ["inventory"],
                "httpd-port": 62354,
                **({"tag": self._tag} if self._tag else {}),
            }
        )
        hours = _expiration_s(contact) // 3600
        if hours < 1:
            raise Complaint("no expiration")
        unread = contact.get("tasks", {}).get("inventory", {}).get("no-category", "").split(",")
        self.unread_categories = tuple(filter(None, unread))
        self._in_json(self._inventory_in_json())
        return hours

    def body(self, text: str) -> bytes:
        """Return a text as it travels."""
        plain = text.encode()
        if self._packing is Packing.ZLIB:
            return zlib.compress(plain)
        return gzip.compress(plain) if self._packing is Packing.GZIP else plain

    def _ask_configuration(self, get: Callable[[str], Reply]) -> None:
        asked = {
            "action": "getConfig",
            "machineid": self._device_id,
            "task[Inventory]": "1.10",
            "task[Collect]": "2.9.1",
        }
        told = json.loads(get(urlencode(asked)).body)
        if not isinstance(told.get("configuration"), dict) or not isinstance(
            told["schedule"], list
        ):
            raise Complaint("no configuration")

    def _whole(self) -> Content:
        tag = {"ACCOUNTINFO": [{"KEYNAME": "TAG", "KEYVALUE": self._tag}]} if self._tag else {}
        return {**self._content, **tag}

    def _inventory_in_json(self) -> Mapping[str, Any]:
        content = {
            name.lower(): _lower(rows[0] if name in _SINGLE else list(rows))
            for name, rows in self._content.items()
        }
        return {
            "action": "inventory",
            "deviceid": self._device_id,
            "itemtype": "Computer",
            **({"tag": self._tag} if self._tag else {}),
            "content": {**content, "versionclient": "GLPI-Agent_v1.11"},
        }

    def _in_xml(self, query: str, inner: str) -> str:
        text = (
            '<?xml version="1.0" encoding="UTF-8" ?>\n'
            f"<REQUEST>{inner}<DEVICEID>{escape(self._device_id)}</DEVICEID>"
            f"<QUERY>{query}</QUERY></REQUEST>"
        )
        answer = self._post(self.body(text), self._headers("application/xml"))
        return _unpacked_by_mark(self._accepted(answer).body).decode()

    def _in_json(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = self._accepted(
            self._post(self.body(json.dumps(told)), self._headers("application/json"))
        )
        found = json.loads(_unpacked_by_type(answer))
        if found.get("status") != "ok":
            raise Complaint(f"status {found.get('status')}")
        return found

    def _headers(self, plain: str) -> Mapping[str, str]:
        headers = {"Content-Type": _TYPES.get(self._packing, plain), "Pragma": "no-cache"}
        return headers | ({"GLPI-Agent-ID": self._agent_id} if self._agent_id else {})

    def _accepted(self, reply: Reply) -> Reply:
        if reply.status != 200:
            raise Complaint(f"status {reply.status}")
        return reply


def _unpacked_by_mark(body: bytes) -> bytes:
    """Look for the mark of zlib, then of gzip, anywhere, as FusionInventory does."""
    if found := _ZLIB.search(body):
        return zlib.decompress(found[1])
    found = _GZIP.search(body)
    return gzip.decompress(found[1]) if found else body


def _unpacked_by_type(reply: Reply) -> bytes:
    """Believe the type of the content, as the GLPI Agent does."""
    if reply.content_type == _TYPES[Packing.ZLIB]:
        return zlib.decompress(reply.body)
    if reply.content_type == _TYPES[Packing.GZIP]:
        return gzip.decompress(reply.body)
    if reply.content_type != "application/json":
        raise Complaint("unsupported format")
    return reply.body


def _element(xml: str, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", xml, re.DOTALL)
    return found[1] if found else ""


def _expiration_s(told: Mapping[str, Any]) -> int:
    """Return seconds: a bare number is one of hours."""
    found = _EXPIRATION.fullmatch(str(told.get("expiration", "")))
    return int(found[1]) * _UNITS_S[found[2]] if found else 0


def _written(content: Content) -> str:
    sections = "".join(
        f"<{name}>{_fields(row)}</{name}>" for name, rows in content.items() for row in rows
    )
    version = "<VERSIONCLIENT>FusionInventory-Agent_v2.6</VERSIONCLIENT>"
    return f"<CONTENT>{sections}{version}</CONTENT>"


def _fields(row: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_fields(value) if isinstance(value, dict) else escape(str(value))}</{name}>"
        for name, value in row.items()
    )


def _lower(value: Any) -> Any:
    if isinstance(value, list):
        return [_lower(one) for one in value]
    if isinstance(value, Mapping):
        return {name.lower(): _lower(inner) for name, inner in value.items()}
    return value
