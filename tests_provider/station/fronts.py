"""TLS before a door, as a provider's proxy does it: it notes each byte, and may hold answers."""

import asyncio
import contextlib
import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import Pair, issue, make_authority
from tests.support.installations import free_port


class Front:
    """A TLS server on the loopback that passes bytes on to a port.

    ``heard``: what machines said, in clear; ``answers_may_go``: clear it and nothing comes back;
    ``clients``: the authority without whose certificate nobody comes in, told to the door.
    """

    def __init__(self, folder: Path, target: int, clients: Path | None = None) -> None:
        self._target, self.port, self._clients = target, free_port(), clients
        self._authority = make_authority("localhost", datetime.now(UTC))
        self.authority = folder / "autorite.pem"
        self.authority.write_bytes(pairs.public_pem(self._authority.certificate))
        self._pair = folder / "serveur.pem"
        pairs.write(self._pair, self._issued())
        self.heard = bytearray()
        self.answers_may_go = threading.Event()
        self.answers_may_go.set()
        self._stop: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Listen."""
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        thread.start()
        assert ready.wait(20)
        try:
            yield
        finally:
            # Whoever still waits to answer would keep the whole run from ending.
            self.answers_may_go.set()
            self._stop()
            thread.join(timeout=20)

    def bodies(self) -> bytes:
        """Return all that was heard, unpacked."""
        found = bytearray()
        for part in bytes(self.heard).split(b"POST ")[1:]:
            head, _, body = part.partition(b"\r\n\r\n")
            packed = b"content-encoding: gzip" in head.lower()
            found += head + b"\n" + (gzip.decompress(body) if packed else body) + b"\n"
        return bytes(found)

    def _issued(self) -> Pair:
        return issue(self._authority, ["localhost"], ["127.0.0.1"], datetime.now(UTC))

    async def _run(self, ready: threading.Event) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def end() -> None:
            loop.call_soon_threadsafe(stop.set)

        self._stop = end
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._pair)
        if self._clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self._clients)
        server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, ssl=context)
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _meet(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        door, to_door = await asyncio.open_connection("127.0.0.1", self._target)
        shown = back.get_extra_info("ssl_object").getpeercert(binary_form=True)
        there = asyncio.create_task(self._there(client, to_door, shown))
        try:
            while data := await door.read(65536):
                await asyncio.to_thread(self.answers_may_go.wait)
                back.write(data)
                await back.drain()
        except (OSError, ssl.SSLError):
            pass
        finally:
            there.cancel()
            for one in (back, to_door):
                one.close()
                with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                    await asyncio.wait_for(one.wait_closed(), 5)

    async def _there(
        self, client: asyncio.StreamReader, to_door: asyncio.StreamWriter, shown: bytes | None
    ) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
            if shown is not None:
                # One request comes on each connection: what it says of itself is overwritten.
                head = await client.readuntil(b"\r\n\r\n")
                self.heard += head
                to_door.write(_vouched(head, shown))
            while data := await client.read(65536):
                self.heard += data
                to_door.write(data)
                await to_door.drain()
        to_door.close()


def _vouched(head: bytes, certificate: bytes) -> bytes:
    """Return the head of a request with what TLS says of its client, not what it says itself."""
    name = b"x-client-certificate:"
    lines = [one for one in head[:-4].split(b"\r\n") if not one.lower().startswith(name)]
    lines.append(name + b" " + sha256(certificate).hexdigest().encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"
