"""The door of our own companion: reports, heartbeats, and the pulse of a practice's server.

The key of a machine is in its header ``Authorization: Bearer …``; it alone says which one it is.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from quenotte.config.agents.books import Books
from quenotte.config.agents.exchange import Reply, body_of, header, not_understood
from quenotte.config.agents.repeating import Said
from quenotte.devices.agents.bodies import unpack
from quenotte.devices.agents.errors import NotUnderstood
from quenotte.kernel.enrolment import Agent, Hardware, Told, digest
from quenotte.kernel.posture.contacts import Answer, Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.values import Fault
from quenotte.wire.answers import Answer as Word
from quenotte.wire.answers import Code
from quenotte.wire.enrolments import KEY_SCHEME, TOKEN_HEADER, Enrolled
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of, heartbeat
from quenotte.wire.messages import read, write
from quenotte.wire.openings import OpeningsAsked
from quenotte.wire.pulses import Pulse
from quenotte.wire.reading import BODY_MAX, Unreadable
from quenotte.wire.repeats import outline_of
from quenotte.wire.reports import Report

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, HTTPScope

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
        body = unpack(await body_of(scope, receive), most_bytes=BODY_MAX).content
        return await answer(scope, body, books)
    except NotUnderstood as refused:
        return not_understood(refused)
    except Unreadable as refused:
        status = 413 if refused.what is Fault.TOO_LONG else 400
        return Reply(status, str(refused.what).encode(), "text/plain")


async def _enrol(scope: "HTTPScope", body: bytes, books: Books) -> Reply:
    return await _let_in(scope, body, books, Agent.STATION)


async def _pair(scope: "HTTPScope", body: bytes, books: Books) -> Reply:
    """Let the server of a practice in: a companion beside it is another agent of one machine."""
    return await _let_in(scope, body, books, Agent.PRACTICE)


async def _let_in(scope: "HTTPScope", body: bytes, books: Books, agent: Agent) -> Reply:
    token = header(scope, TOKEN_HEADER.lower().encode())
    if not await books.is_open(token):
        return _NO_TOKEN
    report = read(body, Report)
    identity = report.identity
    told = Told(
        agent=agent.value,
        agent_name=identity.name,
        name=identity.name,
        hardware=Hardware.of(identity.uuid, identity.serial),
    )
    let_in = await books.enrol(token, told)
    if let_in is None:
        return _NO_TOKEN
    return Reply(200, write(Enrolled(let_in.key)))


async def _report(scope: "HTTPScope", body: bytes, books: Books) -> Reply:
    key = _key(scope)
    if beat := heartbeat(body):
        return _word(await books.take(Contact(key, Source.STATION, beat)))
    at, outline = timezone.now(), outline_of(body)
    if outline and (said := books.said.again(key, outline, at, _FRESH)):
        again = Contact(key, Source.STATION, said.fingerprint, hardware=said.hardware)
        if (answer := await books.take(again)) is not Answer.SEND_ALL:
            return _word(answer)
    message = read(body, Report, Fingerprint)
    if isinstance(message, Fingerprint):
        digest_ = bytes.fromhex(message.digest)
        return _word(await books.take(Contact(key, Source.STATION, digest_)))
    assert isinstance(message, Report)
    if books.said.is_past(key, message.sent_at):
        # It was said again by somebody: what is newer stands.
        return _word(Answer.TAKEN)
    contact = _contact(key, message, at)
    answer = await books.take(contact)
    books.said.forget(key)
    if outline and answer is Answer.TAKEN and outline.oldest_s <= _FRESH.total_seconds():
        assert contact.hardware is not None
        said = Said(outline.digest, contact.fingerprint, contact.hardware, message.sent_at - at)
        said.newest = min(message.sent_at, at)
        books.said.keep(key, said)
    return _word(answer)


def _contact(key: bytes, report: Report, at: datetime) -> Contact:
    return Contact(
        key,
        Source.STATION,
        bytes.fromhex(fingerprint_of(report.facts).digest),
        _dated(report.observed(Source.STATION, at), at),
        Hardware.of(report.identity.uuid, report.identity.serial),
        is_dated=True,
        sent_at=report.sent_at,
    )


async def _pulse(scope: "HTTPScope", body: bytes, books: Books) -> Reply:
    pulse = read(body, Pulse)
    facts = pulse.observed(timezone.now())
    contact = Contact(
        _key(scope),
        Source.PRACTICE,
        fingerprint(facts),
        stored(facts),
        sent_at=pulse.sent_at,
        light=pulse.light,
        reasons=pulse.reasons,
    )
    return _word(await books.take(contact))


async def _openings(scope: "HTTPScope", body: bytes, books: Books) -> Reply:
    """Tell a practice's server who opened what of its practice. The key says which one it is."""
    since = read(body, OpeningsAsked).since
    told = await books.opened(_key(scope), since)
    return _word(Answer.UNKNOWN) if told is None else Reply(200, write(told))


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
