"""XML of an inventory, read as it streams: bombs are met before they are held."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.glpi.sections import LONGEST_FIELD, MOST_ENTRIES, WANTED, is_wanted

MOST_ELEMENTS: Final = 400_000
MOST_LEVELS: Final = 12
#: Agents write none, but for the first line; all those of an element are held before we hear of it.
MOST_ATTRIBUTES: Final = 20_000

_DECLARED: Final = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,30})""", re.IGNORECASE
)
#: What agents and their ancestors declare. What another says is read as UTF-8 if it is that.
_ENCODINGS: Final = {
    b"utf-8": "utf-8-sig",
    b"iso-8859-1": "cp1252",
    b"iso-8859-15": "iso-8859-15",
    b"windows-1252": "cp1252",
    b"us-ascii": "utf-8-sig",
}
#: Signs that XML has no place for, and that programs have in their names all the same.
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: Texts that are kept above the sections, or beside them.
_HEADS: Final = frozenset({"DEVICEID", "QUERY", "TOKEN", "VERSIONCLIENT"})
_ATTRIBUTE: Final = re.compile(r"""=\s*["']""")
_SECTION, _FIELD = 3, 4


@dataclass(slots=True)
class Request:
    """A request: the texts of its head by name, and what is wanted of its content."""

    head: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def read_request(content: bytes) -> Request:
    """Return what is wanted of a request in XML.

    Raises: NotUnderstood: NOT_XML, BOMB, TOO_MANY, WRONG_SHAPE.
    """
    listener = _Listener()
    parser = DefusedXMLParser(target=listener, forbid_dtd=True)
    try:
        parser.feed(_bounded(_ILLEGAL.sub(" ", _text_of(content))))
        parser.close()
    except ParseError:
        raise NotUnderstood(Reason.NOT_XML) from None
    except DefusedXmlException:
        raise NotUnderstood(Reason.BOMB) from None
    if listener.root != "REQUEST":
        raise NotUnderstood(Reason.WRONG_SHAPE, "REQUEST")
    return listener.request


def _bounded(text: str) -> str:
    """Return a text that cannot hold too many attributes. Raises: NotUnderstood: TOO_MANY."""
    if sum(1 for _ in _ATTRIBUTE.finditer(text)) > MOST_ATTRIBUTES:
        raise NotUnderstood(Reason.TOO_MANY, "attributes")
    return text


def _text_of(content: bytes) -> str:
    """Return the text; what is not in the encoding that it declares is in that of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].lower() if declared else b"utf-8"
    try:
        return content.decode(_ENCODINGS.get(name, "utf-8-sig"))
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class _Listener:
    """Hears tags as they come, and keeps the texts that are wanted."""

    def __init__(self) -> None:
        self.request = Request()
        self.root = ""
        self._path: list[str] = []
        self._row: dict[str, str] = {}
        self._text: list[str] | None = None
        self._kept = 0
        self._elements = 0
        self._entries: Counter[str] = Counter()

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._path.append(tag.upper())
        self.root = self._path[0]
        self._elements += 1
        if len(self._path) > MOST_LEVELS or self._elements > MOST_ELEMENTS:
            raise NotUnderstood(Reason.TOO_MANY)
        if self._is_section():
            self._row = {}
        self._text = [] if self._name() else None
        self._kept = 0

    def data(self, text: str) -> None:
        if self._text is not None and self._kept < LONGEST_FIELD:
            self._text.append(text)
            self._kept += len(text)

    def end(self, _tag: str) -> None:
        name = self._name()
        if self._text is not None and name:
            self._keep(name, "".join(self._text)[:LONGEST_FIELD].strip())
        if self._is_section():
            self._close_section()
        self._text = None
        self._path.pop()

    def close(self) -> None:
        """Nothing is left to be said."""

    def _is_section(self) -> bool:
        return len(self._path) == _SECTION and self._path[1] == "CONTENT"

    def _name(self) -> str | None:
        """Return the name under which a text is kept here; None: it is not wanted."""
        if len(self._path) == 2 or self._is_section():
            return self._path[-1] if self._path[-1] in _HEADS else None
        if len(self._path) < _FIELD or self._path[1] != "CONTENT":
            return None
        name = ".".join(self._path[_FIELD - 1 :])
        return name if is_wanted(self._path[2], name) else None

    def _keep(self, name: str, text: str) -> None:
        if len(self._path) >= _FIELD:
            self._row[name] = text
        elif text:
            self.request.head[name] = text

    def _close_section(self) -> None:
        section = self._path[-1]
        if section not in WANTED:
            return
        self._entries[section] += 1
        if self._entries[section] > MOST_ENTRIES:
            raise NotUnderstood(Reason.TOO_MANY, section)
        self.request.sections.setdefault(section, []).append(self._row)
