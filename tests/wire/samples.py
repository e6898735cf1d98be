"""Messages that cross, one of each kind, with every key that there is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from quenotte.kernel.posture.facts import FIELDS, KEYS, Kind, Unknown
from quenotte.wire.answers import Answer, Code
from quenotte.wire.fingerprints import Fingerprint
from quenotte.wire.pulses import Medium, Pulse
from quenotte.wire.reports import Report, Told

NOW = datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_MOMENT = "2026-03-16T18:30:00Z"
_FIELDS: dict[str, Any] = {
    **dict.fromkeys(("total_mib", "free_mib", "count", "port", "charge_pct"), 40),
    **dict.fromkeys(("signed_at", "since", "seen_at"), _MOMENT),
    "ends_on": "2026-12-31",
    "address": "0.0.0.0",
}
_KINDS: dict[Kind, Any] = {
    Kind.FLAG: True,
    Kind.NUMBER: 600,
    Kind.TEXT: "Fauteuil 1",
    Kind.MOMENT: _MOMENT,
}


def value_of(key: str) -> Any:
    """Return a value as a key wants it, every field of its rows included."""
    if KEYS[key] is not Kind.ROWS:
        return "windows" if key == "os.family" else _KINDS[KEYS[key]]
    return [{name: _FIELDS.get(name, name.startswith("is_") or "Eaton") for name in FIELDS[key]}]


TOLD = [Told(key, value_of(key), age_s=60) for key in KEYS if key != "clock.offset_s"]
REPORT = Report(NOW, tuple(TOLD))
PULSE = Pulse(
    NOW,
    "red",
    ("silent", "disk_left"),
    restorable_until=NOW - 30 * HOUR,
    proven_at=NOW - 72 * HOUR,
    medium=Medium.PLUGGED,
    medium_at=NOW - 40 * HOUR,
)
MESSAGES = [
    REPORT,
    Report(NOW, (Told("lock.after_s", unknown=Unknown.NOT_READABLE),)),
    PULSE,
    Fingerprint("0123456789abcdef" * 2),
    Answer(Code.ACCEPTED),
    Answer(Code.TRY_LATER, 30),
]
KINDS = (Report, Pulse, Fingerprint, Answer)
