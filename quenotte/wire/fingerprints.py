"""The heartbeat: "I still know what I last told", in sixteen bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, Final, Self

from quenotte.kernel.posture.values import Fault
from quenotte.wire.reading import Unreadable, canonical, known_keys
from quenotte.wire.reports import Told

_DIGEST: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The fingerprint of the last report; ``digest`` is 32 hexadecimal digits.

    Who receives one that it does not know asks for the full report.
    """

    KIND: ClassVar = "fingerprint"
    VERSION: ClassVar = 1

    digest: str

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"digest": self.digest}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"digest"})
        digest = body["digest"]
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise Unreadable(Fault.WRONG_TYPE, "digest")
        return cls(digest)


# As it is written: nearly all that is heard of a fleet at rest are these.
_WRITTEN: Final = re.compile(rb'\{"digest":"([0-9a-f]{32})","kind":"fingerprint","version":1\}')


def heartbeat(raw: bytes) -> bytes | None:
    """Return the 16 bytes of a fingerprint that is written as ours are, None of anything else."""
    found = _WRITTEN.fullmatch(raw)
    return bytes.fromhex(found[1].decode("ascii")) if found else None


def fingerprint_of(facts: Iterable[Told]) -> Fingerprint:
    """Return the fingerprint of some facts: BLAKE2b of 16 bytes over their canonical JSON.

    Neither their ages nor their order count, nor the order of the rows in one.
    """
    told = {one.key: [_in_order(one), one.unknown] for one in facts}
    return Fingerprint(blake2b(canonical(told), digest_size=16).hexdigest())


def _in_order(one: Told) -> Any:
    return sorted(one.value, key=canonical) if isinstance(one.value, list) else one.value
