"""A report that says what it said before: told by its bytes, without reading it again.

Most reports of most machines say what the last one said, a few minutes older. Their bytes differ in
the ages and in the moment of sending alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from quenotte.kernel.posture.values import moment_fault, moment_of
from quenotte.wire.reports import AGE_MAX_S

# A quote within a text is written with a stroke before it: these are keys, and nothing else.
_AGE: Final = re.compile(rb'"age_s":(0|[1-9]\d{0,6})(?=[,}])')
_SENT: Final = re.compile(rb'"sent_at":"([0-9TZ:.+-]{20,32})"')


@dataclass(frozen=True, slots=True)
class Outline:
    """What is left of a message without what changes by itself.

    ``digest``: BLAKE2b of 16 bytes. Where it is that of a report that was read and found as agreed,
    this one says the same facts. ``oldest_s``: the greatest age in it.
    """

    digest: bytes
    oldest_s: int
    sent_at: datetime


def outline_of(raw: bytes) -> Outline | None:
    """Return the outline of a message, None when it is no report or not as agreed."""
    sent = _SENT.findall(raw)
    if len(sent) != 1:
        return None
    text = sent[0].decode("ascii")
    ages = [int(one) for one in _AGE.findall(raw)]
    if not ages or max(ages) > AGE_MAX_S or moment_fault("sent_at", text):
        return None
    rest = _SENT.sub(b"", _AGE.sub(b"", raw))
    return Outline(blake2b(rest, digest_size=16).digest(), max(ages), moment_of(text))
