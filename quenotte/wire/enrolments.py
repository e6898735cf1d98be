"""How a machine comes to have a key: its token in a header, its first report, one answer."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from quenotte.kernel.posture.values import Fault
from quenotte.wire.reading import Unreadable, known_keys

#: The header of the token, and that of the key ever after.
TOKEN_HEADER: Final = "X-Quenotte-Token"  # noqa: S105 - a header
KEY_SCHEME: Final = "Bearer "
#: What is answered, with 403, to whom the server in front vouches for no certificate.
NO_CERTIFICATE: Final = b"client_certificate"

_KEY: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer to a token that is good: ``key`` is 256 bits, kept there alone.

    A machine may draw it and send it with its token: sent again, it is the same machine.
    """

    KIND: ClassVar = "enrolled"
    VERSION: ClassVar = 1

    key: str

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"key": self.key}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"key"})
        key = body["key"]
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise Unreadable(Fault.WRONG_TYPE, "key")
        return cls(key)


def key_in(authorization: str) -> str:
    """Return the key that a machine drew for itself, "" when its header names none."""
    told = authorization.removeprefix(KEY_SCHEME) if authorization.startswith(KEY_SCHEME) else ""
    return told if _KEY.fullmatch(told) else ""
