"""The process of a vault: granian in this very process, in front of one store."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from cryptography import x509

from quenotte.config import ports
from quenotte.config.lan import handover, hosts, keeping
from quenotte.config.processes import lifeline
from quenotte.config.processes.missing import Watch
from quenotte.devices.certificates import pairs
from quenotte.devices.media.vault import silences
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
#: How often it is asked which practices went silent, in seconds.
_MISS_S: Final = 300.0


@dataclass(frozen=True)
class Options:
    """What was asked on the command line."""

    store: Path
    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    name: str | None = None
    silence_h: int = silences.USUAL_H
    alarm_command: str = ""

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
            text = pairs.public_pem(authority.certificate)
            pairs.replace(options.store / AUTHORITY, text)


def authority_of(options: Options) -> bytes:
    """Return the certificate (PEM) that outlives the renewals, empty when there is none.

    It is that of our own authority, or the self-signed one at the end of the file that was given.
    """
    if not options.is_encrypted:
        return b""
    try:
        if options.name:
            return (options.store / AUTHORITY).read_bytes()
        last = x509.load_pem_x509_certificates(options.pair[0].read_bytes())[-1]
    except (OSError, ValueError):
        return b""
    return pairs.public_pem(last) if last.issuer == last.subject else b""


async def _run(options: Options, vault: Vault) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    from quenotte.devices.media.vault.server import Site

    server = Server(
        Site(
            vault,
            is_open_here=ports.is_loopback(options.host),
            authority=lambda: authority_of(options),
        ),
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
    watches = [
        asyncio.create_task(_watch(options, server)),
        asyncio.create_task(_miss(Watch(vault, options.silence_h, options.alarm_command))),
    ]
    await server.serve()
    for watch in watches:
        watch.cancel()


async def _miss(watch: Watch) -> None:
    """Look again and again which practices went silent; what fails is tried again."""
    while True:
        try:
            await asyncio.to_thread(watch.look)
        except OSError:
            logger.exception("the silences could not be looked at")
        await asyncio.sleep(_MISS_S)


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
