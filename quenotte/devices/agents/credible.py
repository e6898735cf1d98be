"""Validate before believing: a size below zero or a date ten years off is not credible."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from quenotte.kernel.posture.facts import Unknown

_Answer = TypeVar("_Answer")

#: Characters of a text that a fact keeps.
TEXT_MAX: Final = 120
#: A machine of a practice that runs on for longer was never updated in a way we have heard of.
LONGEST_PAST: Final = timedelta(days=9 * 365)
#: What a clock may be ahead, summer time and a wrong zone included.
LONGEST_AHEAD: Final = timedelta(days=1)
MOST_MIB: Final = 1 << 36

#: Control signs, ends of lines of Unicode, halves of pairs: no database keeps them all.
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]+")
_YES: Final = frozenset({"1", "yes", "true", "on", "oui"})
_NO: Final = frozenset({"0", "no", "false", "off", "non"})
#: What makers leave where a serial number should be.
_PLACEHOLDERS: Final = frozenset(
    "0|none|default string|to be filled by o.e.m.|system serial number|not specified|n/a|unknown"
    "|oem|invalid|chassis serial number|123456789|not applicable|system product name|o.e.m."
    "|not available".split("|")
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Written into thousands of mainboards by makers who never changed it.
_SHARED_UUIDS: Final = frozenset({"03000200-0400-0500-0006-000700080009"})


class Told(NamedTuple):
    """A value, or why there is none."""

    value: Any
    unknown: Unknown | None = None


NOT_REPORTED: Final = Told(None, Unknown.NOT_REPORTED)
NOT_CREDIBLE: Final = Told(None, Unknown.NOT_CREDIBLE)
NOT_READABLE: Final = Told(None, Unknown.NOT_READABLE)
NO_SUCH_THING: Final = Told(None, Unknown.NO_SUCH_THING)


def clean(raw: str | None, *, most: int = TEXT_MAX) -> str | None:
    """Return a text on one line, without hidden signs and cut to ``most``; None when empty."""
    text = " ".join(_HIDDEN.sub(" ", raw or "").split())
    return text[:most].rstrip() or None


def text(raw: str | None, *, most: int = TEXT_MAX) -> Told:
    """Return a text that was told."""
    found = clean(raw, most=most)
    return Told(found) if found else NOT_REPORTED


def identity(raw: str | None) -> Told:
    """Return a serial number or a model, unless its maker left a placeholder."""
    found = clean(raw)
    if found is None:
        return NOT_REPORTED
    is_placeholder = found.lower() in _PLACEHOLDERS or len(set(found) - set(" -.")) < 2
    return NOT_CREDIBLE if is_placeholder else Told(found)


def model(maker: str | None, name: str | None) -> Told:
    """Return a model behind the name of its maker, which is not said twice."""
    told, by = identity(name), identity(maker).value
    if told.unknown or not by or told.value.lower().startswith(by.lower()):
        return told
    return text(f"{by} {told.value}")


def uuid(raw: str | None) -> Told:
    """Return the identifier of a machine, in lower case, unless many machines bear it."""
    found = (clean(raw) or "").lower()
    if not found:
        return NOT_REPORTED
    is_shared = found in _SHARED_UUIDS or len(set(found) - {"-"}) < 3
    return Told(found) if _UUID.fullmatch(found) and not is_shared else NOT_CREDIBLE


def number(raw: str | None, *, least: float = 0, most: float = MOST_MIB) -> Told:
    """Return a number between bounds that are part of it."""
    if not (found := clean(raw)):
        return NOT_REPORTED
    try:
        value = float(found)
    except ValueError:
        return NOT_CREDIBLE
    if not math.isfinite(value) or not least <= value <= most:
        return NOT_CREDIBLE
    return Told(int(value) if value.is_integer() else value)


def flag(raw: str | None) -> bool | None:
    """Return yes or no; None for anything else."""
    word = (clean(raw) or "").lower()
    return True if word in _YES else False if word in _NO else None


def boot(at: datetime | None, *, seen_at: datetime) -> Told:
    """Return when a machine was started, to the minute: agents differ by a second each time."""
    return moment(at and at.replace(second=0), seen_at=seen_at)


def moment(at: datetime | None, *, seen_at: datetime) -> Told:
    """Return an aware instant as facts hold it, unless it is years off what our clock said."""
    if at is None:
        return NOT_REPORTED
    is_near = seen_at - LONGEST_PAST <= at <= seen_at + LONGEST_AHEAD
    return Told(written(at)) if is_near else NOT_CREDIBLE


def seconds(raw: str | None, *, seen_at: datetime) -> Told:
    """Return the instant of a count of seconds since 1970."""
    told = number(raw, least=1, most=1 << 40)
    if told.unknown:
        return told
    try:
        return moment(datetime.fromtimestamp(told.value, UTC), seen_at=seen_at)
    except (OverflowError, ValueError, OSError):
        return NOT_CREDIBLE


def written(at: datetime) -> str:
    """Return an aware instant as facts hold it: ISO 8601, UTC, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
