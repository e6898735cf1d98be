"""The door of inventory agents: FusionInventory and GLPI Agent, at ``/agents/glpi/<token>``.

Such an agent keeps no key of ours: the token in its address and its own name are one
(``enrolment.rules.bound_key``). Its first inventory puts it into quarantine.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from quenotte.config.agents.books import Books
from quenotte.config.agents.exchange import Reply, body_of, header, not_understood
from quenotte.config.agents.parsing import READER
from quenotte.devices.agents.errors import NotUnderstood
from quenotte.devices.agents.glpi import answers
from quenotte.devices.agents.glpi.facts import facts_of
from quenotte.devices.agents.glpi.messages import Inventory
from quenotte.devices.agents.glpi.reading import read, read_question
from quenotte.kernel.enrolment import Hardware, Told, bound_key, digest, is_token
from quenotte.kernel.posture.contacts import Answer, Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, HTTPScope

_SOURCE = "glpi"


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is left of a message while it waits to be kept: nothing of the text that came.

    ``contact``, ``told`` and ``key``: of an inventory alone.
    """

    taken: answers.Answer
    refused: answers.Answer
    contact: Contact | None = None
    told: Told | None = None
    key: str = ""


async def meet(
    scope: "HTTPScope", receive: "ASGIReceiveCallable", books: Books, token: str
) -> Reply:
    """Answer one request of an inventory agent. Raises: Busy, TooLong, Gone."""
    if scope["method"] == "GET":
        return _question(scope)
    if not is_token(token):
        # Nothing of it is read.
        return Reply(403, b"", "text/plain")
    if not await books.is_open(token):
        # A stranger: reading what it sends is the dearest thing here.
        return Reply(403, b"", "text/plain")
    try:
        heard = await _heard(scope, receive, token)
    except NotUnderstood as refused:
        return not_understood(refused)
    return _reply(await _kept(heard, books, token))


async def _heard(scope: "HTTPScope", receive: "ASGIReceiveCallable", token: str) -> _Heard:
    """Read a message, apart from the loop. Raises: Busy, TooLong, Gone, NotUnderstood."""
    body, agent_id = await body_of(scope, receive), header(scope, b"glpi-agent-id")
    return await READER.read(partial(_read, body, agent_id, token), is_known=True)


def _read(body: bytes, agent_id: str, token: str) -> _Heard:
    """Return what a message comes to. Raises: NotUnderstood."""
    envelope = read(body, agent_id=agent_id)
    taken, refused = answers.answer(envelope), answers.refusal(envelope)
    if not isinstance(envelope.message, Inventory):
        return _Heard(taken, refused)
    zone = ZoneInfo(settings.TIME_ZONE)
    facts = facts_of(envelope.message, observed_at=timezone.now(), zone=zone)
    key, told = bound_key(token, envelope.message.device_id), _told(envelope.message, facts)
    contact = Contact(
        digest(key),
        _SOURCE,
        fingerprint(facts),
        stored(facts),
        hardware=told.hardware,
        # What a part does not speak of stands as it was.
        is_partial=envelope.message.is_partial,
    )
    return _Heard(taken, refused, contact, told, key)


def _question(scope: "HTTPScope") -> Reply:
    try:
        read_question(scope["query_string"].decode("latin-1"))
    except NotUnderstood as refused:
        return not_understood(refused)
    return _reply(answers.configuration())


async def _kept(heard: _Heard, books: Books, token: str) -> answers.Answer:
    """Keep an inventory; return what its agent is told. Raises: Busy."""
    if heard.contact is None or heard.told is None:
        return heard.taken
    answer = await books.take(heard.contact)
    if answer is Answer.UNKNOWN and await books.enrol(token, heard.told, heard.key) is None:
        return heard.refused
    return heard.taken


def _told(inventory: Inventory, facts: tuple[Fact, ...]) -> Told:
    values = {fact.key: fact.value for fact in facts if fact.unknown is None}
    return Told(
        agent=_SOURCE,
        agent_name=inventory.device_id,
        name=values.get("machine.name") or inventory.device_id,
        hardware=Hardware.of(values.get("machine.uuid", ""), values.get("machine.serial", "")),
    )


def _reply(one: answers.Answer) -> Reply:
    return Reply(one.status, one.body, one.content_type)
