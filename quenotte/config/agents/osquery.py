"""The door of osquery: its remote API, at ``/agents/osquery/<question>``.

A node key names its platform, so that the configuration is answered from memory.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from django.utils import timezone

from quenotte.config.agents.books import Books
from quenotte.config.agents.exchange import Reply, body_of, header, not_understood
from quenotte.config.agents.parsing import SMALL_BYTES, read_apart
from quenotte.devices.agents.bodies import MOST_BYTES, is_packed
from quenotte.devices.agents.credible import clean
from quenotte.devices.agents.errors import NotUnderstood
from quenotte.devices.agents.osquery import answers, catalogue, facts, reading
from quenotte.devices.agents.osquery.messages import Answers, Enroll
from quenotte.kernel.enrolment import Hardware, Told, digest, new_key
from quenotte.kernel.posture.contacts import Answer, Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.terms import Platform

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, HTTPScope

_SOURCE = "osquery"
#: Of whom what is told is kept.
_BELIEVED: Final = frozenset({Answer.TAKEN, Answer.SEND_ALL})
#: What is signed, and written down with each question that is sent.
_CATALOGUE: Final = f"{catalogue.VERSION} {catalogue.digest()}"
#: A machine with a question comes more often for so long, in seconds.
_SOONER_S: Final = 120
#: Unpacked, of whoever does not say who it is before all is read: to enrol takes three thousand.
_STRANGE_BYTES: Final = 64 << 10

Read = TypeVar("Read")


async def meet(
    scope: "HTTPScope", receive: "ASGIReceiveCallable", books: Books, question: str
) -> Reply:
    """Answer one request of osquery. Raises: Busy, TooLong, Gone."""
    if question not in _QUESTIONS or scope["method"] != "POST":
        return Reply(404, b"", "text/plain")
    body = await body_of(scope, receive)
    try:
        told = await _QUESTIONS[question](body, header(scope, b"authorization"), books)
    except NotUnderstood as refused:
        return not_understood(refused)
    return Reply(told.status, told.body, told.content_type)


async def _enroll(body: bytes, _authorization: str, books: Books) -> answers.Answer:
    asked = await _apart(body, reading.read_enroll)
    if asked.platform is None:
        return answers.refused()
    told = _told(asked, facts.facts_of_enrolment(asked, received_at=timezone.now()))
    key = f"{asked.platform.value}-{new_key()}"
    let_in = await books.enrol(asked.secret, told, key)
    return answers.enrolled(let_in.key) if let_in else answers.refused()


async def _configure(body: bytes, authorization: str, books: Books) -> answers.Answer:
    read = partial(reading.read_configure, authorization=authorization)
    key = (await _apart(body, read)).node_key
    platform = _platform(key)
    if platform is None:
        return answers.refused()
    if await _beat(key, books) is Answer.UNKNOWN:
        return await _turned_away(key, books, answers.at_rest())
    return answers.configuration(platform)


async def _poll(body: bytes, authorization: str, books: Books) -> answers.Answer:
    read = partial(reading.read_poll, authorization=authorization)
    key = (await _apart(body, read)).node_key
    answer, platform = await _beat(key, books), _platform(key)
    if answer is Answer.UNKNOWN:
        return await _turned_away(key, books, answers.questions())
    if answer is Answer.QUARANTINED:
        books.said.wait(digest(key))
    if answer is Answer.QUARANTINED or platform is None:
        return answers.questions()
    asked = await books.asked(digest(key), _CATALOGUE)
    names = {name: f"{platform}.{subject}" for name, subject in asked.items()}
    for name in [name for name, query in names.items() if catalogue.known(query) is None]:
        # Its platform has nothing of the kind: that is said, and not waited for.
        del names[name]
        await books.answered(name, {}, is_failed=True)
    sooner_s = _SOONER_S if names else 0
    if books.said.waits_no_more(digest(key)):
        # What it said while it waited was not kept, and some of it is asked a few times a day.
        names |= {query.name: query.name for query in catalogue.by_hand(platform)}
    return answers.questions(names, accelerate_s=sooner_s)


async def _log(body: bytes, authorization: str, books: Books) -> answers.Answer:
    near = reading.key_near(body, authorization)
    if not await _is_admitted(near, books):
        return await _turned_away(near, books, answers.taken())
    read = partial(_read_log, authorization=authorization)
    node_key, found = await _apart(body, read, is_known=bool(near))
    return await _noted(await _keep(node_key, found, books), node_key, books)


def _read_log(body: bytes, *, authorization: str, most_bytes: int) -> tuple[str, tuple[Fact, ...]]:
    """Return who says it and the facts in it: its lines do not wait for the database."""
    log = reading.read_log(body, authorization=authorization, most_bytes=most_bytes)
    return log.node_key, facts.facts_of_log(log, received_at=timezone.now())


async def _answers(body: bytes, authorization: str, books: Books) -> answers.Answer:
    near = reading.key_near(body, authorization)
    if not await _is_admitted(near, books):
        return await _turned_away(near, books, answers.taken())
    read = partial(reading.read_answers, authorization=authorization)
    told = await _apart(body, read, is_known=bool(near))
    key, now = told.node_key, timezone.now()
    # What a person did not ask of this very machine is not believed, nor what is in no catalogue.
    subjects = await books.subjects(digest(key), tuple(told.answers)) if told.answers else {}
    asked = {name: f"{_platform(key)}.{subject}" for name, subject in subjects.items()}
    every = {name: name for name in told.answers if _is_of(key, name)} | asked
    told = Answers(key, {name: told.answers[name] for name in every})
    kept = await _keep(key, facts.facts_of_answers(told, asked=every, received_at=now), books)
    # A clone is found out by what it says: that is no answer of the machine that was asked.
    for name in asked if kept in _BELIEVED else ():
        one = Answers(key, {name: told.answers[name]})
        found = stored(facts.facts_of_answers(one, asked=asked, received_at=now))
        await books.answered(name, found, is_failed=told.answers[name].status != 0)
    return await _noted(kept, key, books)


def _is_of(key: str, name: str) -> bool:
    """Tell whether a name is a question of the catalogue to the platform of a machine."""
    query = catalogue.known(name)
    return query is not None and query.platform is _platform(key)


async def _is_admitted(near: str, books: Books) -> bool:
    """Tell whether to read a body: its key is ours, or not near. Raises: Busy."""
    return not near or await books.is_ours(digest(near))


async def _turned_away(key: str, books: Books, at_rest: answers.Answer) -> answers.Answer:
    """Return the answer to a key that opens nothing. Raises: Busy.

    ``at_rest``: what is said to one that may open again, of which nothing is read or kept: whoever
    is told that it is invalid drops it for ever.
    """
    return at_rest if await books.may_return(digest(key)) else answers.refused()


async def _apart(body: bytes, read: Callable[..., Read], *, is_known: bool = False) -> Read:
    """Read a body: a small one here, others apart. Raises: Busy; NotUnderstood."""
    most = MOST_BYTES if is_known else _STRANGE_BYTES
    # What is packed may be a thousand times as long.
    size = SMALL_BYTES + 1 if is_packed(body) else len(body)
    return await read_apart(size, partial(read, body, most_bytes=most), is_known=is_known)


async def _keep(key: str, found: tuple[Fact, ...], books: Books) -> Answer:
    if not found:
        return await _beat(key, books)
    told = fingerprint(found), stored(found), _hardware(found)
    return await books.take(Contact(digest(key), _SOURCE, *told, is_partial=True))


async def _noted(answer: Answer, key: str, books: Books) -> answers.Answer:
    if answer is Answer.UNKNOWN:
        return await _turned_away(key, books, answers.taken())
    # A machine that waits keeps its key, and what it says is not kept.
    return answers.taken()


async def _beat(key: str, books: Books) -> Answer:
    return await books.take(Contact(digest(key), _SOURCE, b""))


def _platform(key: str) -> Platform | None:
    word = key.partition("-")[0]
    return Platform(word) if word in set(Platform) else None


def _told(asked: Enroll, found: tuple[Fact, ...]) -> Told:
    values = {fact.key: fact.value for fact in found if fact.unknown is None}
    host = clean(asked.host_identifier) or ""
    return Told(
        agent=_SOURCE,
        agent_name=host,
        name=values.get("machine.name") or host,
        hardware=_hardware(found),
    )


def _hardware(found: tuple[Fact, ...]) -> Hardware:
    """Return what facts say of the hardware; a log may say nothing of it."""
    values = {fact.key: fact.value for fact in found if fact.unknown is None}
    return Hardware.of(values.get("machine.uuid", ""), values.get("machine.serial", ""))


_Question = Callable[[bytes, str, Books], Awaitable[answers.Answer]]
_QUESTIONS: Final[dict[str, _Question]] = {
    "enroll": _enroll,
    "config": _configure,
    "log": _log,
    "distributed/read": _poll,
    "distributed/write": _answers,
}
