"""The door of our own companion: reports, heartbeats, and the pulse of a practice's server.

The key of a machine is in its header ``Authorization: Bearer …``; it alone says which one it is.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.utils import timezone

from quenotte.config.agents.books import Books
from quenotte.config.agents.exchange import Reply, body_of, header, not_understood
from quenotte.config.agents.parsing import read_apart
from quenotte.config.agents.repeating import Said
from quenotte.devices.agents.bodies import unpack
from quenotte.devices.agents.errors import NotUnderstood
from quenotte.kernel.enrolment import Agent, Hardware, Told, digest
from quenotte.kernel.posture.contacts import Answer, Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.values import Fault
from quenotte.wire.answers import Answer as Word
from quenotte.wire.answers import Code
from quenotte.wire.enrolments import KEY_SCHEME, TOKEN_HEADER, Enrolled, key_in
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of, heartbeat
from quenotte.wire.messages import M, read, write
from quenotte.wire.openings import OpeningsAsked
from quenotte.wire.pulses import Pulse
from quenotte.wire.reading import BODY_MAX, Unreadable
from quenotte.wire.repeats import outline_of
from quenotte.wire.reports import Report

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, HTTPScope

logger = logging.getLogger(__name__)

Done = TypeVar("Done")

_CODES: Final = {
    Answer.TAKEN: Code.ACCEPTED,
    Answer.SEND_ALL: Code.SEND_REPORT,
    Answer.QUARANTINED: Code.QUARANTINED,
    Answer.UNKNOWN: Code.UNKNOWN_NODE,
}
#: Answers are few, and made once.
_WORDS: Final = {answer: Reply(200, write(Word(code))) for answer, code in _CODES.items()}
_NO_TOKEN: Final = Reply(403, write(Word(Code.UNKNOWN_NODE)))
#: What was seen longer ago is kept with its day.
_FRESH: Final = timedelta(hours=12)


async def meet(
    scope: "HTTPScope", receive: "ASGIReceiveCallable", books: Books, question: str
) -> Reply:
    """Answer one request of the companion. Raises: Busy, TooLong, Gone."""
    answer = _QUESTIONS.get(question)
    if answer is None or scope["method"] != "POST":
        return Reply(404, b"", "text/plain")
    try:
        return await answer(scope, await body_of(scope, receive), books)
    except NotUnderstood as refused:
        return not_understood(refused)
    except Unreadable as refused:
        status = 413 if refused.what is Fault.TOO_LONG else 400
        return Reply(status, str(refused.what).encode(), "text/plain")


async def _enrol(scope: "HTTPScope", raw: bytes, books: Books) -> Reply:
    return await _let_in(scope, raw, books, Agent.STATION)


async def _pair(scope: "HTTPScope", raw: bytes, books: Books) -> Reply:
    """Let the server of a practice in: a companion beside it is another agent of one machine."""
    return await _let_in(scope, raw, books, Agent.PRACTICE)


async def _let_in(scope: "HTTPScope", raw: bytes, books: Books, agent: Agent) -> Reply:
    token = header(scope, TOKEN_HEADER.lower().encode())
    if not await books.is_open(token):
        return _NO_TOKEN
    identity = (await _apart(_unpacked(raw), partial(_read, Report))).identity
    told = Told(
        agent=agent.value,
        agent_name=identity.name,
        name=identity.name,
        hardware=Hardware.of(identity.uuid, identity.serial),
    )
    # Where it drew none, one is drawn here.
    let_in = await books.enrol(token, told, key_in(header(scope, b"authorization")))
    if let_in is None:
        return _NO_TOKEN
    return Reply(200, write(Enrolled(let_in.key)))


async def _report(scope: "HTTPScope", raw: bytes, books: Books) -> Reply:
    key = _key(scope)
    if beat := heartbeat(raw):
        return _word(await books.take(Contact(key, Source.STATION, beat)))
    if not await books.is_ours(key):
        # A stranger: it is not even unpacked.
        return _word(Answer.UNKNOWN)
    return _word(await _take(key, _unpacked(raw), books))


async def _take(key: bytes, body: bytes, books: Books) -> Answer:
    """Take in what is no heartbeat, or not written as ours are."""
    at, outline = timezone.now(), await _apart(body, outline_of)
    if outline and (said := books.said.again(key, outline, at, _FRESH)):
        again = Contact(key, Source.STATION, said.fingerprint, hardware=said.hardware)
        if (answer := await books.take(again)) is not Answer.SEND_ALL:
            return answer
    contact = await _apart(body, partial(_contact, key, at))
    if (sent_at := contact.sent_at) is None:
        return await books.take(contact)
    if books.said.goes_on(_who(key, contact.source), sent_at, at):
        contact = replace(contact, goes_on=True)
    elif books.said.is_past(key, sent_at):
        # It was said again by somebody: what is newer stands.
        logger.warning("a report came again, or late, and was not kept")
        return Answer.TAKEN
    answer = await books.take(contact)
    books.said.forget(key)
    if outline and answer is Answer.TAKEN and outline.oldest_s <= _FRESH.total_seconds():
        assert contact.hardware is not None
        said = Said(outline.digest, contact.fingerprint, contact.hardware, sent_at - at)
        said.newest = min(sent_at, at)
        books.said.keep(key, said)
    return answer


def _contact(key: bytes, at: datetime, body: bytes) -> Contact:
    """Return what a report comes to, or a heartbeat. Raises: Unreadable."""
    message = read(body, Report, Fingerprint)
    if isinstance(message, Fingerprint):
        return Contact(key, Source.STATION, bytes.fromhex(message.digest))
    assert isinstance(message, Report)
    return _of_report(key, message, at)


def _of_report(key: bytes, report: Report, at: datetime) -> Contact:
    return Contact(
        key,
        Source.STATION,
        bytes.fromhex(fingerprint_of(report.facts).digest),
        _dated(report.observed(Source.STATION, at), at),
        Hardware.of(report.identity.uuid, report.identity.serial),
        is_dated=True,
        sent_at=report.sent_at,
    )


def _who(key: bytes, source: str) -> bytes:
    """Return whose clock it is: with one key two programs may speak, each in its own time."""
    return key + source.encode()


async def _pulse(scope: "HTTPScope", raw: bytes, books: Books) -> Reply:
    key = _key(scope)
    if not await books.is_ours(key):
        return _word(Answer.UNKNOWN)
    pulse, at = await _apart(_unpacked(raw), partial(_read, Pulse)), timezone.now()
    facts = pulse.observed(at)
    contact = Contact(
        key,
        Source.PRACTICE,
        fingerprint(facts),
        stored(facts),
        sent_at=pulse.sent_at,
        goes_on=books.said.goes_on(_who(key, Source.PRACTICE), pulse.sent_at, at),
        light=pulse.light,
        reasons=pulse.reasons,
    )
    return _word(await books.take(contact))


async def _openings(scope: "HTTPScope", raw: bytes, books: Books) -> Reply:
    """Tell a practice's server who opened what of its practice. The key says which one it is."""
    key = _key(scope)
    if not await books.is_ours(key):
        return _word(Answer.UNKNOWN)
    asked = await _apart(_unpacked(raw), partial(_read, OpeningsAsked))
    told = await books.opened(key, asked)
    return _word(Answer.UNKNOWN) if told is None else Reply(200, write(told))


def _unpacked(raw: bytes) -> bytes:
    """Return what is in a body of somebody who may speak. Raises: NotUnderstood."""
    return unpack(raw, most_bytes=BODY_MAX).content


async def _apart(body: bytes, work: Callable[[bytes], Done]) -> Done:
    """Read a body of somebody who may speak: a long one keeps nobody waiting. Raises: Busy."""
    return await read_apart(len(body), partial(work, body), is_known=True)


def _read(kind: type[M], body: bytes) -> M:
    return read(body, kind)


def _word(answer: Answer) -> Reply:
    return _WORDS[answer]


def _key(scope: "HTTPScope") -> bytes:
    told = header(scope, b"authorization")
    return digest(told.removeprefix(KEY_SCHEME) if told.startswith(KEY_SCHEME) else "")


def _dated(facts: tuple[Fact, ...], at: datetime) -> dict[str, dict[str, Any]]:
    """Return facts as they are kept; what was not seen today says when it was."""
    told = stored(facts)
    for fact in facts:
        if at - fact.observed_at > _FRESH:
            told[fact.key]["on"] = fact.observed_at.date().isoformat()
    return told


_Question = Callable[["HTTPScope", bytes, Books], Awaitable[Reply]]
_QUESTIONS: Final[dict[str, _Question]] = {
    "enrol": _enrol,
    "pair": _pair,
    "report": _report,
    "pulse": _pulse,
    "openings": _openings,
}
