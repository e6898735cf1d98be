"""The process of a vault: granian in this very process, in front of one store."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from cryptography.hazmat.primitives.serialization import Encoding

from quenotte.config import ports
from quenotte.config.lan import handover, hosts, keeping
from quenotte.config.processes import lifeline
from quenotte.devices.certificates import pairs
from quenotte.devices.media.vault.vault import Vault
from quenotte.kernel.errors import Refusal

logger = logging.getLogger("quenotte.vault")

#: The certificate of the authority, without its key, that each practice is given.
AUTHORITY: Final = "authority.pem"
#: Connections held at once, and how long a client may take for its headers, in milliseconds.
_CONNECTIONS: Final = 256
_HEADERS_MS: Final = 15_000
#: How often the certificate is looked at, in seconds.
_LOOK_S: Final = 3600.0


@dataclass(frozen=True)
class Options:
    """What was asked on the command line."""

    store: Path
    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    name: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS alone is spoken."""
        return bool(self.certificate or self.name)

    @property
    def pair(self) -> tuple[Path, Path]:
        """The files of the certificate and of its key."""
        certificate = self.certificate or keeping.server_path(self.store)
        return certificate, self.key or certificate


def main(options: Options, vault: Vault) -> NoReturn:
    """Serve until SIGTERM."""
    asyncio.run(_run(options, vault))
    lifeline.finish()


def ensure_certificate(options: Options) -> None:
    """Make the certificate good, when it is ours, and write the authority out for the practices.

    Raises: Refusal, OSError.
    """
    if options.name:
        keeping.ensure(options.store, keeping.wanted(options.name), datetime.now(UTC))
        authority = pairs.read(keeping.authority_path(options.store))
        if authority is not None:
            text = authority.certificate.public_bytes(Encoding.PEM)
            pairs.replace(options.store / AUTHORITY, text)


async def _run(options: Options, vault: Vault) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    from quenotte.devices.media.vault.server import Site

    server = Server(
        Site(vault, is_open_here=ports.is_loopback(options.host)),
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_MS),
        websockets=False,
        backpressure=_CONNECTIONS,
        log_enabled=False,
        **_proof(options),
    )

    def stop() -> None:
        lifeline.end_by_force_later()
        server.stop()  # type: ignore[no-untyped-call]

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    watch = asyncio.create_task(_watch(options, server))
    await server.serve()
    watch.cancel()


def _proof(options: Options) -> dict[str, Any]:
    from granian.constants import SSLProtocols

    if not options.is_encrypted:
        return {}
    certificate, key = options.pair
    oldest = SSLProtocols(hosts.OLDEST_TLS)
    return {"ssl_cert": certificate, "ssl_key": key, "ssl_protocol_min": oldest}


async def _watch(options: Options, server: Any) -> None:
    """Take a renewed certificate without closing: ours is renewed here, yours where you do it."""
    if not options.is_encrypted:
        return
    state = _state(options)
    while True:
        await asyncio.sleep(_LOOK_S)
        try:
            await asyncio.to_thread(ensure_certificate, options)
            if (found := _state(options)) != state:
                state = found
                handover.prefer_newest(options.port)
                server.reload()
        except (Refusal, OSError):
            logger.exception("the certificate could not be renewed")


def _state(options: Options) -> tuple[int, int]:
    certificate, key = options.pair
    return certificate.stat().st_mtime_ns, key.stat().st_mtime_ns
