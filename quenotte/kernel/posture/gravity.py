"""Which of two equally urgent rules is looked at first: an order that a person can read and change.

A severity says how soon somebody must know; among a hundred urgent practices the one whose files
are being changed now comes before the one whose copies nobody proved, and that one before a
program by which somebody might come in.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: The gravest first; rules of one line are equally grave, the oldest then comes first. Beside the
#: rules about facts it has what says who is not heard, or not known.
GRAVITY: Final = (
    # It may be happening now: each minute costs files.
    ("backup_anomaly", "storm"),
    # If it happens, days are lost.
    ("backup_overdue", "backup_fresh"),
    ("backup_proven", "backup_light"),
    # Nobody would know.
    ("silence", "backup_silence"),
    # What keeps others out is down; then doors by which they may come in.
    ("antivirus_active", "firewall_on"),
    ("remote_tools", "open_ports"),
    ("disk_health", "power_safe"),
    ("medium_left", "backup_offline", "backup_unknown", "agent_silence"),
    (
        "os_supported", "antivirus_fresh", "updates_security", "updates_recent", "disks_encrypted",
        "disk_space", "screen_locks", "admin_daily", "licence_ended", "licence_seats",
    ),
    (
        "updates_reboot", "left_on", "clock_right", "messengers", "licence_ending", "unseen",
        "agent_left",
    ),
)  # fmt: skip

#: The same by rule: 0 is the gravest.
LEVELS: Final[Mapping[str, int]] = MappingProxyType(
    {rule: level for level, rules in enumerate(GRAVITY) for rule in rules}
)
#: A rule of another release, that nobody placed.
LAST: Final = len(GRAVITY) - 1


def gravity(rule: str) -> int:
    """Return where a rule stands among those of its severity: 0 is the gravest."""
    return LEVELS.get(rule, LAST)
