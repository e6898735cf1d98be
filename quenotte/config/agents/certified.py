"""Machines that prove themselves by a certificate as well: their keys are bound to it.

The HTTPS server in front verifies the certificate, and says in one header which one it was. What
stands for a machine's key is then made of the key and of that certificate: with another one the
key is nobody's.
"""

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from quenotte.config.agents.books import Books
from quenotte.kernel.enrolment import Enrolled, Told, digest, new_key
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.wire.openings import Openings, OpeningsAsked

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope

#: One name for both forms: the server in front overwrites it, and a client has no other way in.
HEADER: Final = b"x-client-certificate"
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{64}")


class Uncertified(Exception):
    """The server in front vouches for no certificate of this client."""


def fingerprint_of(scope: "HTTPScope") -> str:
    """Return the SHA-256 of the client's certificate in DER, 64 hexadecimal signs.

    Servers give that digest itself (Caddy, HAProxy), or the certificate in PEM, escaped as in an
    address (nginx, whose own fingerprint is SHA-1). A header that came twice was added to and not
    overwritten: it is not believed.

    Raises: Uncertified.
    """
    told = [value for name, value in scope["headers"] if name == HEADER]
    if len(told) != 1:
        raise Uncertified
    text = told[0].decode("latin-1")
    return text.lower() if _DIGEST.fullmatch(text) else _digest_of(unquote(text))


def _digest_of(pem: str) -> str:
    try:
        certificate = ssl.PEM_cert_to_DER_cert(pem)
    except ValueError:
        raise Uncertified from None
    if not certificate:
        raise Uncertified
    return sha256(certificate).hexdigest()


class CertifiedBooks:
    """The books as one client with this certificate may use them."""

    def __init__(self, books: Books, fingerprint: str) -> None:
        self._books, self._fingerprint = books, fingerprint
        self.said = books.said

    async def take(self, contact: Contact) -> Answer:
        """Keep one contact. Raises: Busy."""
        return await self._books.take(
            replace(contact, key_digest=digest(self._bound(contact.key_digest)))
        )

    async def is_ours(self, key_digest: bytes, /) -> bool:
        """Tell whether a key, with this certificate, is of one of our machines. Raises: Busy."""
        return await self._books.is_ours(digest(self._bound(key_digest)))

    async def may_return(self, key_digest: bytes, /) -> bool:
        """Tell whether a key that opens nothing, with this certificate, may open again.

        Raises: Busy.
        """
        return await self._books.may_return(digest(self._bound(key_digest)))

    async def enrol(self, token: str, told: Told, key: str = "") -> Enrolled | None:
        """Let a machine into quarantine; None when its token opens nothing. Raises: Busy."""
        key = key or new_key()
        let_in = await self._books.enrol(token, told, self._bound(digest(key)))
        # The machine keeps its key alone: its certificate is beside it.
        return let_in and Enrolled(let_in.machine_id, key)

    async def is_open(self, token: str) -> bool:
        """Tell whether somebody made this token, whatever it is worth now. Raises: Busy."""
        return await self._books.is_open(token)

    async def asked(self, key_digest: bytes, catalogue: str, /) -> Mapping[str, str]:
        """Return what a machine shall be asked now. Raises: Busy."""
        return await self._books.asked(digest(self._bound(key_digest)), catalogue)

    async def subjects(self, key_digest: bytes, names: Sequence[str], /) -> Mapping[str, str]:
        """Return which of these names this very machine was asked, and what. Raises: Busy."""
        return await self._books.subjects(digest(self._bound(key_digest)), names)

    async def answered(
        self, name: str, facts: Mapping[str, Mapping[str, Any]], /, *, is_failed: bool
    ) -> None:
        """Keep what a machine answered to a question. Raises: Busy."""
        await self._books.answered(name, facts, is_failed=is_failed)

    async def opened(self, key_digest: bytes, asked: OpeningsAsked) -> Openings | None:
        """Return who opened what of the practice whose server asks. Raises: Busy."""
        return await self._books.opened(digest(self._bound(key_digest)), asked)

    def close(self) -> None:
        """Leave the books open: they are not this client's."""

    def _bound(self, key_digest: bytes) -> str:
        """Return what is kept as the key: of the key its digest, all that the doors hand on."""
        return f"{key_digest.hex()}:{self._fingerprint}"
