"""The door of inventory agents: FusionInventory and GLPI Agent, at ``/agents/glpi/<token>``.

Such an agent keeps no key of ours: the token in its address and its own name are one
(``enrolment.rules.bound_key``). Its first inventory puts it into quarantine.
"""

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
from quenotte.devices.agents.glpi.messages import Envelope, Inventory
from quenotte.devices.agents.glpi.reading import read, read_question
from quenotte.kernel.enrolment import Hardware, Told, bound_key, digest, is_token
from quenotte.kernel.posture.contacts import Answer, Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, HTTPScope

_SOURCE = "glpi"


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
    body, agent_id = await body_of(scope, receive), header(scope, b"glpi-agent-id")
    try:
        envelope, facts = await READER.read(partial(_read, body, agent_id), is_known=True)
    except NotUnderstood as refused:
        return not_understood(refused)
    if not isinstance(envelope.message, Inventory):
        return _reply(answers.answer(envelope))
    return _reply(await _inventory(envelope, envelope.message, facts, books, token))


def _read(body: bytes, agent_id: str) -> tuple[Envelope, tuple[Fact, ...]]:
    """Return a message and the facts in it, none but of an inventory. Raises: NotUnderstood."""
    envelope, zone = read(body, agent_id=agent_id), ZoneInfo(settings.TIME_ZONE)
    if not isinstance(envelope.message, Inventory):
        return envelope, ()
    return envelope, facts_of(envelope.message, observed_at=timezone.now(), zone=zone)


def _question(scope: "HTTPScope") -> Reply:
    try:
        read_question(scope["query_string"].decode("latin-1"))
    except NotUnderstood as refused:
        return not_understood(refused)
    return _reply(answers.configuration())


async def _inventory(
    envelope: Envelope, inventory: Inventory, facts: tuple[Fact, ...], books: Books, token: str
) -> answers.Answer:
    key = bound_key(token, inventory.device_id)
    told = _told(inventory, facts)
    contact = Contact(
        digest(key),
        _SOURCE,
        fingerprint(facts),
        stored(facts),
        hardware=told.hardware,
        # What a part does not speak of stands as it was.
        is_partial=inventory.is_partial,
    )
    answer = await books.take(contact)
    if answer is Answer.UNKNOWN and await books.enrol(token, told, key) is None:
        return answers.refusal(envelope)
    return answers.answer(envelope)


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
