"""Every rule of posture, as data: what it asks of which facts, how grave it is, what follows.

A tuple of frozen records and no file of settings: a rule names the function that decides, which
a type checker follows, and there is one place where a threshold can be read and changed.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.hysteresis import Damping
from quenotte.kernel.posture.questions import (
    copies,
    defences,
    habits,
    machines,
    papers,
    plain,
)
from quenotte.kernel.posture.questions.asked import Question
from quenotte.kernel.posture.terms import Cause, Platform, Severity, State, Subject, Theme

#: A machine that sleeps from Friday evening to Tuesday morning is still believed.
_DAYS: Final = timedelta(days=4)
#: What inventories tell, and changes slowly.
_WEEK: Final = timedelta(days=8)
_ALL: Final = frozenset(Platform)
#: Systems of people's desks; what guards a Linux server is another question.
_DESKS: Final = frozenset({Platform.WINDOWS, Platform.MACOS})

#: What is seen once an hour or a day is believed at once.
_AT_ONCE: Final = Damping(opens_after=1, closes_after=1)
_SEVERAL: Final = Damping()
#: Off while it is updated or the machine starts, and on again by itself within minutes; whoever
#: switched it off to do harm does not wait half an hour.
_IN_MINUTES: Final = Damping(opens_within=timedelta(minutes=10), closes_after=1)
#: Updates come on a Tuesday and are installed within days: no finding before that.
_IN_DAYS: Final = Damping(opens_after=None, opens_within=timedelta(days=7), closes_after=1)
#: For what is unknown for long: observed as bad while a verdict is unknown.
UNSEEN: Final = Damping(opens_after=None, opens_within=timedelta(days=14), closes_after=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of posture.

    ``ask`` is asked with the values of ``needs``, none of which may be unknown, and of ``also``.
    A fact older than ``max_age`` is no longer known. ``absent``: what it means that there is no
    such thing; None: it is unknown then. ``reasons``: every code that a verdict may carry beside
    those of ``Unknown``: whoever has words for these has words for all.
    """

    key: str
    cause: Cause
    theme: Theme
    severity: Severity
    _: KW_ONLY
    ask: Question
    reasons: tuple[str, ...]
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    limit: timedelta | int | None = None
    max_age: timedelta = _DAYS
    absent: State | None = None
    subject: Subject = Subject.MACHINE
    platforms: frozenset[Platform] = _ALL
    damping: Damping = _SEVERAL


RULES: Final = (
    Rule(
        "updates_recent", Cause.UPDATES, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=plain.is_recent, needs=("updates.last_installed_at",), limit=timedelta(days=40),
        reasons=("ok", "old"), max_age=_WEEK, damping=_AT_ONCE,
    ),
    Rule(
        "updates_security", Cause.UPDATES, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=plain.is_within, needs=("updates.missing_security",), limit=0,
        reasons=("ok", "over"), damping=_IN_DAYS,
    ),
    Rule(
        "updates_reboot", Cause.UPDATES, Theme.EQUIPMENT, Severity.NOTICE,
        ask=plain.is_no, needs=("updates.reboot_pending",), reasons=("ok", "yes"), damping=_IN_DAYS,
    ),
    Rule(
        "antivirus_active", Cause.ANTIVIRUS, Theme.EQUIPMENT, Severity.CRITICAL,
        ask=defences.is_any_active, needs=("antivirus.products",), also=("machine.is_server",),
        platforms=_DESKS, reasons=("ok", "inactive", "none"), damping=_IN_MINUTES,
    ),
    Rule(
        "antivirus_fresh", Cause.ANTIVIRUS, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=defences.is_any_fresh, needs=("antivirus.products",), limit=timedelta(days=7),
        platforms=_DESKS, reasons=("ok", "stale"),
    ),
    Rule(
        "firewall_on", Cause.FIREWALL, Theme.EQUIPMENT, Severity.CRITICAL,
        ask=defences.is_all_on, needs=("firewall.profiles",), reasons=("ok", "off"),
        damping=_IN_MINUTES,
    ),
    Rule(
        "disks_encrypted", Cause.ENCRYPTION, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=defences.is_all_encrypted, needs=("disks",), max_age=_WEEK,
        reasons=("ok", "plain"), damping=_AT_ONCE,
    ),
    Rule(
        "os_supported", Cause.SUPPORT, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=defences.is_supported, needs=("os.family", "os.name", "os.version"), also=("os.build",),
        max_age=_WEEK, reasons=("ok", "ends_soon", "ended", "probably_ended"), damping=_AT_ONCE,
    ),
    Rule(
        "screen_locks", Cause.ACCESS, Theme.ACCESS, Severity.IMPORTANT,
        ask=habits.is_locked_soon, needs=("lock.after_s",), limit=15 * 60, max_age=_WEEK,
        subject=Subject.WORKSTATION, reasons=("ok", "never", "late"), damping=_AT_ONCE,
    ),
    Rule(
        "admin_daily", Cause.ACCESS, Theme.ACCESS, Severity.IMPORTANT,
        ask=plain.is_no, needs=("use.is_admin_daily",), subject=Subject.WORKSTATION,
        reasons=("ok", "yes"),
    ),
    Rule(
        "left_on", Cause.LEFT_ON, Theme.PREMISES, Severity.NOTICE,
        ask=habits.is_off_when_closed, limit=8, subject=Subject.WORKSTATION,
        reasons=("ok", "night", "weekend"), damping=_AT_ONCE,
    ),
    Rule(
        "remote_tools", Cause.REMOTE, Theme.EQUIPMENT, Severity.CRITICAL,
        ask=machines.is_no_tool_foreign, needs=("remote.tools",), max_age=_WEEK,
        reasons=("ok", "foreign"), damping=_AT_ONCE,
    ),
    Rule(
        "disk_space", Cause.DISKS, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=machines.is_room_left, needs=("disks",), limit=10, reasons=("ok", "full"),
    ),
    Rule(
        "disk_health", Cause.DISKS, Theme.EQUIPMENT, Severity.CRITICAL,
        ask=machines.is_all_healthy, needs=("disks.health",), reasons=("ok", "failing"),
        damping=_AT_ONCE,
    ),
    Rule(
        "clock_right", Cause.CLOCK, Theme.INCIDENTS, Severity.NOTICE,
        ask=plain.is_within, needs=("clock.offset_s",), limit=120, reasons=("ok", "over"),
    ),
    Rule(
        "power_safe", Cause.POWER, Theme.PREMISES, Severity.IMPORTANT,
        ask=machines.is_power_safe, needs=("ups",), subject=Subject.SERVER,
        reasons=("ok", "none", "on_battery", "low"),
    ),
    Rule(
        "messengers", Cause.MESSAGING, Theme.ACCESS, Severity.NOTICE,
        ask=habits.is_no_messenger, needs=("software",), max_age=_WEEK,
        reasons=("ok", "installed"), damping=_AT_ONCE,
    ),
    Rule(
        "open_ports", Cause.PORTS, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=machines.is_no_port_foreign, needs=("ports.open",), reasons=("ok", "open"),
    ),
    Rule(
        "backup_fresh", Cause.BACKUP, Theme.INCIDENTS, Severity.IMPORTANT,
        ask=plain.is_recent, needs=("backup.restorable_until",), limit=timedelta(hours=26),
        absent=State.BAD, subject=Subject.PRACTICE, reasons=("ok", "old", "none"), damping=_AT_ONCE,
    ),
    Rule(
        "backup_overdue", Cause.BACKUP, Theme.INCIDENTS, Severity.CRITICAL,
        ask=plain.is_recent, needs=("backup.restorable_until",), limit=timedelta(hours=48),
        absent=State.BAD, subject=Subject.PRACTICE, reasons=("ok", "old", "none"), damping=_AT_ONCE,
    ),
    Rule(
        "backup_proven", Cause.BACKUP, Theme.INCIDENTS, Severity.CRITICAL,
        ask=plain.is_recent, needs=("backup.proven_at",), limit=timedelta(days=8),
        absent=State.BAD, subject=Subject.PRACTICE, reasons=("ok", "old", "none"), damping=_AT_ONCE,
    ),
    Rule(
        "backup_offline", Cause.BACKUP, Theme.INCIDENTS, Severity.IMPORTANT,
        ask=plain.is_recent, needs=("backup.offline_copied_at",), limit=timedelta(days=8),
        absent=State.BAD, subject=Subject.PRACTICE, reasons=("ok", "old", "none"), damping=_AT_ONCE,
    ),
    Rule(
        "medium_left", Cause.BACKUP, Theme.PREMISES, Severity.IMPORTANT,
        ask=copies.is_put_away, needs=("backup.medium",), limit=timedelta(hours=16),
        subject=Subject.PRACTICE, reasons=("ok", "old"), damping=_AT_ONCE,
    ),
    Rule(
        "backup_anomaly", Cause.RANSOM, Theme.INCIDENTS, Severity.CRITICAL,
        ask=plain.is_no, needs=("backup.has_anomaly",), subject=Subject.PRACTICE,
        reasons=("ok", "yes"), damping=_AT_ONCE,
    ),
    # What the practice sees and no moment tells: a pack that rotted, a proof that failed.
    Rule(
        "backup_light", Cause.BACKUP, Theme.INCIDENTS, Severity.IMPORTANT,
        ask=plain.is_no, needs=("backup.is_red",), subject=Subject.PRACTICE,
        reasons=("ok", "yes"), damping=_AT_ONCE,
    ),
)  # fmt: skip

#: What a practice bought, by its papers: no machine tells it, and who looks after them asks.
PAPERS: Final = (
    Rule(
        "licence_ended", Cause.LICENCES, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=papers.is_none_over, subject=Subject.PRACTICE, reasons=("ok", "ended"),
        damping=_AT_ONCE,
    ),
    Rule(
        "licence_seats", Cause.LICENCES, Theme.EQUIPMENT, Severity.IMPORTANT,
        ask=papers.is_enough, subject=Subject.PRACTICE, reasons=("ok", "over"), damping=_AT_ONCE,
    ),
    Rule(
        "licence_ending", Cause.LICENCES, Theme.EQUIPMENT, Severity.NOTICE,
        ask=papers.is_none_ending, limit=timedelta(days=30), subject=Subject.PRACTICE,
        reasons=("ok", "soon"), damping=_AT_ONCE,
    ),
)  # fmt: skip
#: The same by their keys.
OF_PAPERS: Final = frozenset(rule.key for rule in PAPERS)

#: The rules about facts by their keys, and with them those about papers.
BY_KEY: Final[Mapping[str, Rule]] = MappingProxyType({rule.key: rule for rule in RULES})
ALL: Final[Mapping[str, Rule]] = MappingProxyType({**BY_KEY, **{rule.key: rule for rule in PAPERS}})

#: Every code that a verdict's ``wording`` may be: provider and practice have words of their own.
WORDINGS: Final = frozenset(
    {f"{rule.key}.{reason}" for rule in RULES for reason in rule.reasons}
    | {f"unknown.{why}" for why in Unknown}
)
