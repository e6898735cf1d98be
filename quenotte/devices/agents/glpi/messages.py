"""What an agent of inventory says, one type per message; nothing of it is believed yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quenotte.devices.agents.bodies import Packing
from quenotte.devices.agents.glpi.sections import Sections


class Form(StrEnum):
    """In which language a message was written, and its answer is."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Prolog:
    """« I am there, what shall I do? », in XML. ``token`` guards the agent's own door."""

    device_id: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """« I am there, what shall I do? », in JSON, from a GLPI Agent."""

    device_id: str
    name: str = ""
    version: str = ""
    tag: str = ""
    installed_tasks: tuple[str, ...] = ()
    enabled_tasks: tuple[str, ...] = ()
    #: Where the agent listens; 0 when it does not, as it should.
    httpd_port: int = 0


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the agent saw. ``sections`` holds what ``sections.WANTED`` names, all of it as text.

    ``is_partial``: a section that is absent says nothing.
    """

    device_id: str
    agent: str = ""
    tag: str = ""
    item_type: str = "Computer"
    is_partial: bool = False
    sections: Sections = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GetConfig:
    """A question by GET: which tasks there are. ``tasks`` gives the version of each."""

    machine_id: str
    tasks: Mapping[str, str] = field(default_factory=dict)


Message: TypeAlias = Prolog | Contact | Inventory


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message, how it came, and who says that it sent it: ``agent_id`` is no proof."""

    message: Message
    form: Form
    packing: Packing
    agent_id: str | None = None
