"""A machine that is well, and whatever else the tests of posture start from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.kernel.posture.hours import Hours, Opening
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.values import text_of

#: A Tuesday morning in winter, 10:00 in Paris.
NOW = datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

#: Monday to Friday, 8:00 to 12:00 and 14:00 to 19:00.
HOURS = Hours(
    PARIS,
    tuple(
        Opening(day, opens * 60, closes * 60)
        for day in range(5)
        for opens, closes in ((8, 12), (14, 19))
    ),
    closed_on=frozenset({date(2026, 3, 20)}),
)
AROUND = Circumstances(now=NOW, hours=HOURS, heard_at=())


def ago(**length: float) -> str:
    return text_of(NOW - timedelta(**length))


#: A workstation of which every rule is ok.
WELL: dict[str, Any] = {
    "os.family": "windows",
    "os.name": "Microsoft Windows 11 Professionnel",
    "os.version": "10.0.26100",
    "os.build": "26100",
    "machine.is_server": False,
    "updates.last_installed_at": ago(days=6),
    "updates.missing_security": 0,
    "updates.reboot_pending": False,
    "antivirus.products": [{"name": "Defender", "is_active": True, "is_fresh": True}],
    "firewall.profiles": [{"name": "public", "is_on": True}, {"name": "domain", "is_on": True}],
    "disks": [
        {
            "name": "C",
            "mount": "C:",
            "total_mib": 488_000,
            "free_mib": 200_000,
            "is_encrypted": True,
        }
    ],
    "disks.health": [{"name": "Samsung 980", "is_healthy": True}],
    "lock.after_s": 600,
    "use.is_admin_daily": False,
    "remote.tools": [],
    "software": [{"name": "Mozilla Firefox", "version": "148.0", "publisher": "Mozilla"}],
    "ports.open": [{"port": 445, "address": "0.0.0.0"}],
    "clock.offset_s": -2,
    "ups": [{"name": "Eaton", "is_on_battery": False, "charge_pct": 100}],
}
#: A practice whose copies are as they should be.
WELL_COPIED: dict[str, Any] = {
    "backup.restorable_until": ago(hours=1),
    "backup.proven_at": ago(days=1),
    "backup.offline_copied_at": ago(days=1),
    "backup.medium": [{"is_plugged": False, "seen_at": ago(minutes=9)}],
    "backup.has_anomaly": False,
    "backup.is_red": False,
}


def fact(
    key: str, value: Any = None, *, source: Source | None = None, ago: timedelta = HOUR,
    why: Unknown | None = None,
) -> Fact:  # fmt: skip
    usual = Source.PRACTICE if key.startswith("backup.") else Source.STATION
    return Fact(key, value, source or usual, NOW - ago, why)


def facts(values: dict[str, Any] | None = None, **changed: Any) -> list[Fact]:
    """Return facts of the sample, some changed: `os__name="…"`."""
    both = {**(WELL if values is None else values)}
    both |= {key.replace("__", "."): value for key, value in changed.items()}
    return [fact(key, value) for key, value in both.items()]
