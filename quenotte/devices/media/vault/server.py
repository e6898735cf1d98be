"""The vault over HTTP: the restic REST protocol, versions 1 and 2, as an ASGI application.

Bodies go to the disk as they come; nothing of them is held in memory beyond a block. What blocks
happens in threads, so that a slow disk does not stop the answers.
"""

import asyncio
import base64
import functools
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeAlias, TypeVar

from quenotte.devices.media.vault import addresses, shelf
from quenotte.devices.media.vault.addresses import Place, Target
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.rules import Kind, Reason, Refused
from quenotte.devices.media.vault.shelf import Draft, Shelf
from quenotte.devices.media.vault.standing import Event, Wish
from quenotte.devices.media.vault.vault import HERE, Vault, owner_of

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")

logger = logging.getLogger("quenotte.vault")

_V1: Final = "application/vnd.x.restic.rest.v1"
_V2: Final = "application/vnd.x.restic.rest.v2"
#: The certificate of the authority, for anybody.
_AUTHORITY: Final = "/authority.pem"
_BLOCK: Final = 1 << 20
#: A client that sends nothing for so long is let go, in seconds.
_SILENCE_S: Final = 60.0
#: The slowest line that is waited for, in bytes a second.
_SLOWEST: Final = 16 << 10
#: What is refused is still read up to here, in bytes, so that the client hears the answer.
_HEARD_OUT: Final = 32 << 20
#: What a server in front, or a page in a browser, adds to a request.
_NOT_FROM_HERE: Final = ("origin", "forwarded", "x-forwarded-for", "via")


@dataclass
class Request:
    """One request, its headers by lower-case name."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    receive: Receive
    send: Send
    has_body_left: bool = True

    @property
    def size(self) -> int:
        """The announced length of the body in bytes.

        Raises: Refused when there is none.
        """
        told = self.headers.get("content-length", "")
        if not (told.isascii() and told.isdigit() and len(told) < 19):
            raise Refused(Reason.BAD_REQUEST)
        return int(told)

    async def part(self) -> bytes:
        """Return the next part of the body; empty at its end.

        Raises: Refused when the client went away or fell silent.
        """
        while self.has_body_left:
            try:
                async with asyncio.timeout(_SILENCE_S):
                    message = await self.receive()
            except TimeoutError:
                self.has_body_left = False
                raise Refused(Reason.BROKEN_OFF) from None
            self.has_body_left = bool(message.get("more_body"))
            if message["type"] != "http.request":
                raise Refused(Reason.BROKEN_OFF)
            if body := message.get("body"):
                return bytes(body)
        return b""

    async def answer(
        self, status: int, body: bytes = b"", *, of: str = "text/plain", **headers: str
    ) -> None:
        """Answer, the body left out of a HEAD."""
        await self.begin(status, len(body), of=of, **headers)
        body = b"" if self.method == "HEAD" else body
        await self.send({"type": "http.response.body", "body": body})

    async def begin(self, status: int, length: int, *, of: str, **headers: str) -> None:
        """Send the head of an answer whose body has ``length`` bytes."""
        told = {"content-type": of, "content-length": str(length), "cache-control": "no-store"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})


class Site:
    """The ASGI application of one vault."""

    def __init__(
        self, vault: Vault, *, is_open_here: bool, authority: Callable[[], bytes] = bytes
    ) -> None:
        """``is_open_here``: without any practice enrolled, whoever asks is this machine.

        ``authority`` returns the certificate (PEM) that anybody is given, empty when there is
        none: whoever comes back with a sheet of paper compares it with the fingerprint there.
        """
        self._vault, self._authority = vault, authority
        self._is_open_here = is_open_here
        self._doors = {
            (Place.ROOT, "POST"): self._create,
            (Place.LIST, "GET"): self._list,
            (Place.OBJECT, "POST"): self._take,
            (Place.OBJECT, "GET"): self._give,
            (Place.LOG, "GET"): self._log,
            (Place.HEAD, "GET"): self._head,
            (Place.CONSENT, "POST"): self._consent,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1")
                   for name, value in scope["headers"]}  # fmt: skip
        query = scope.get("query_string", b"").decode("latin-1")
        request = Request(scope["method"], scope["path"], query, headers, receive, send)
        if request.path == _AUTHORITY and request.method in {"GET", "HEAD"}:
            await self._hand_out(request)
        else:
            await self._serve(request)

    async def _hand_out(self, request: Request) -> None:
        text = await _away(self._authority)
        await request.answer(200 if text else 404, text, of="application/x-pem-file")

    async def _serve(self, request: Request) -> None:
        who, repository = "?", ""
        try:
            who = self._who(request)
            target = addresses.parse(request.path, request.query)
            repository = target.repository
            if who != HERE and owner_of(repository) != who:
                raise Refused(Reason.NOT_YOURS)
            await self._door(request, target)(request, target, who)
        except Refused as refused:
            self._vault.alarms.note(who, refused.reason, repository)
            await self._decline(request, refused)
        except LogDamaged:
            logger.exception("the log of a repository is damaged")
            self._vault.alarms.note(who, Reason.DAMAGED_LOG, repository)
            await self._decline(request, Refused(Reason.DAMAGED_LOG))
        except OSError:
            logger.exception("the disk refused")
            await request.answer(500, b"disk")

    async def _decline(self, request: Request, refused: Refused) -> None:
        """Hear the client out, within bounds, then say no: it reads no answer before."""
        heard = 0
        try:
            while heard < _HEARD_OUT and (part := await request.part()):
                heard += len(part)
        except Refused:
            heard = _HEARD_OUT
        headers = {"www_authenticate": 'Basic realm="vault"'} if refused.status == 401 else {}
        if request.has_body_left:
            headers["connection"] = "close"
        await request.answer(refused.status, str(refused.reason).encode(), **headers)

    def _who(self, request: Request) -> str:
        """Return the practice that asks.

        Raises: Refused.
        """
        known = self._vault.practices.all()
        if not known:
            if self._is_open_here and not any(name in request.headers for name in _NOT_FROM_HERE):
                return HERE
            raise Refused(Reason.WHO)
        name, password = _credentials(request.headers.get("authorization", ""))
        if name not in known or not known[name].opens_with(password):
            raise Refused(Reason.WHO)
        return name

    def _door(self, request: Request, target: Target) -> Callable[..., Awaitable[None]]:
        method = "GET" if request.method == "HEAD" else request.method
        if target.kind is Kind.LOCKS:
            return self._void
        if method == "DELETE":
            raise Refused(Reason.NO_DELETE)
        if method == "POST" and target.as_of is not None:
            raise Refused(Reason.READ_ONLY)
        if (target.place, method) not in self._doors:
            raise Refused(Reason.METHOD)
        return self._doors[target.place, method]

    async def _void(self, request: Request, target: Target, who: str) -> None:
        """Play restic's locks: nothing is kept, so nothing can be left behind or hold it up."""
        await _away(self._vault.readable, target.repository)
        if target.place is Place.LIST and request.method == "GET":
            await request.answer(200, b"[]", of=_version(request))
        elif request.method in ("POST", "DELETE"):
            while await request.part():
                pass
            await request.answer(200)
        else:
            raise Refused(Reason.NOT_FOUND)

    async def _create(self, request: Request, target: Target, who: str) -> None:
        if "create=true" not in request.query.split("&"):
            raise Refused(Reason.BAD_REQUEST)
        await _away(self._vault.create, target.repository, who)
        await request.answer(200)

    async def _list(self, request: Request, target: Target, who: str) -> None:
        held = await _away(self._vault.readable, target.repository)
        names = await _away(held.names, target.kind, target.as_of)
        version = _version(request)
        told: list[Any] = (
            [{"name": name, "size": size} for name, size in names]
            if version == _V2
            else [name for name, _size in names]
        )
        # Not of the protocol: whoever comes back knows by it that this order can be believed.
        await request.answer(200, json.dumps(told).encode(), of=version, x_order="received")

    async def _take(self, request: Request, target: Target, who: str) -> None:
        await _away(self._vault.found, target.repository)
        incoming = functools.partial(
            self._vault.incoming, target.repository, target.kind, target.name, request.size, who
        )
        held = incoming()
        draft = await _away(held.__enter__)
        try:
            await _pour(request, draft)
            await _away(self._vault.keep, draft, target.repository, who)
        finally:
            await _away(held.__exit__, None, None, None)
        await request.answer(200)

    async def _give(self, request: Request, target: Target, who: str) -> None:
        held = await _away(self._vault.readable, target.repository)
        stream, size = await _away(held.open, target.kind, target.name, target.as_of)
        with stream:
            await _send(request, stream, size, of="application/octet-stream")

    async def _log(self, request: Request, target: Target, who: str) -> None:
        held = await _away(self._vault.found, target.repository)
        # What stands behind the last acknowledged line is not of the log yet.
        size = held.ledger.chain.offset
        with await _away(held.open_log) as stream:
            await _send(request, stream, size, of="application/jsonl")

    async def _head(self, request: Request, target: Target, who: str) -> None:
        held = await _away(self._vault.found, target.repository)
        await request.answer(200, json.dumps(head_of(held)).encode(), of="application/json")

    async def _consent(self, request: Request, target: Target, who: str) -> None:
        body = b""
        while len(body) <= 4096 and (part := await request.part()):
            body += part
        event = self._event(body, who)
        held = await _away(self._vault.found, target.repository)
        # Whoever takes back what nobody said would only make the log longer.
        if event is not Event.CANCELLED or held.standing.has_words:
            await _away(held.say, event, self._vault.now(), f"practice:{who}")
        await self._head(request, target, who)

    def _event(self, body: bytes, who: str) -> Event:
        """Return what the practice says: no word lets anything go without the code on paper."""
        try:
            told = json.loads(body)
            if told.get("cancel"):
                return Event.CANCELLED
            wish, code = Wish(told["to"]), str(told["code"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Refused(Reason.BAD_REQUEST) from None
        practice = self._vault.practices.all().get(who)
        if practice is None or not practice.agrees_with(code):
            raise Refused(Reason.CODE)
        return shelf.wish_events(wish)[1]


def head_of(held: Shelf) -> dict[str, Any]:
    """Return what a witness remembers of a repository, and how it stands."""
    chain, standing = held.ledger.chain, held.standing
    return {
        "lines": chain.number,
        "head": chain.head,
        "at_us": chain.at,
        "objects": len(standing.objects),
        "bytes": standing.bytes_held,
        "said": standing.said(),
        "retires_at_us": standing.retires_at(),
    }


async def _pour(request: Request, draft: Draft) -> None:
    """Write a body to its draft, a block at a time.

    Raises: Refused when it is shorter or longer than announced, or comes too slowly.
    """
    try:
        async with asyncio.timeout(_SILENCE_S + request.size / _SLOWEST):
            await _write(request, draft)
    except TimeoutError:
        raise Refused(Reason.BROKEN_OFF) from None
    if draft.size != request.size:
        raise Refused(Reason.BROKEN_OFF)


async def _write(request: Request, draft: Draft) -> None:
    block = bytearray()
    while part := await request.part():
        block += part
        if len(block) >= _BLOCK:
            await _away(draft.write, bytes(block))
            block.clear()
    await _away(draft.write, bytes(block))


async def _send(request: Request, stream: BinaryIO, size: int, *, of: str) -> None:
    """Answer with a file, or with the part of it that was asked for."""
    try:
        wanted = addresses.span(request.headers.get("range", ""), size)
    except ValueError:
        await request.answer(416, content_range=f"bytes */{size}")
        return
    first, length = wanted or (0, size)
    headers = {"accept_ranges": "bytes"}
    if wanted:
        headers["content_range"] = f"bytes {first}-{first + length - 1}/{size}"
    await request.begin(206 if wanted else 200, length, of=of, **headers)
    await _flow(request, stream, first, 0 if request.method == "HEAD" else length)


async def _flow(request: Request, stream: BinaryIO, first: int, length: int) -> None:
    """Send ``length`` bytes of a file."""
    await _away(stream.seek, first)
    while length and (block := await _away(stream.read, min(_BLOCK, length))):
        length -= len(block)
        await request.send({"type": "http.response.body", "body": block, "more_body": True})
    await request.send({"type": "http.response.body", "body": b""})


async def _away(act: Callable[..., T], *values: Any) -> T:
    return await asyncio.to_thread(act, *values)


def _version(request: Request) -> str:
    """Return the version of lists to answer in; exactly this, or restic takes it for the first."""
    return _V2 if _V2 in request.headers.get("accept", "") else _V1


def _credentials(header: str) -> tuple[str, str]:
    scheme, _space, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _colon, password = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return "", ""
    return name, password
