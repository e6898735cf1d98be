"""Which change of a fact is news: a meaning that changed, and never a figure that moved."""

from typing import Any

import pytest

from quenotte.kernel.posture.changing import is_news
from quenotte.kernel.posture.contacts import changed

DISK = {"mount": "C:", "total_mib": 200_000, "free_mib": 90_000, "is_encrypted": True}
UPS = {"name": "Ellipse", "is_on_battery": False, "charge_pct": 100}
PORT = {"port": 3389, "address": "192.168.1.12", "program": "svchost.exe"}
GUARD = {
    "name": "Microsoft Defender", "is_active": True, "version": "1.401.5",
    "signed_at": "2026-03-16T04:00:00Z",
}  # fmt: skip
STICK = {"name": "SanDisk Ultra", "kind": "usb", "since": "2026-03-17T08:00:00Z"}
MEDIUM = {"is_plugged": False, "since": None, "seen_at": "2026-03-17T09:00:00Z"}


def other(row: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
    return [{**row, **values}]


MOVES = [
    ("clock.offset_s", 3.2, 3.4),
    ("clock.offset_s", -110, 110),
    ("clock.offset_s", 600, 640),
    ("clock.offset_s", -4_000, -7_000),
    ("use.idle_s", 0, 3600),
    ("use.is_locked", False, True),
    ("use.booted_at", "2026-03-17T07:58:00Z", "2026-03-17T07:59:00Z"),
    ("disks", [DISK], other(DISK, free_mib=80_000)),
    ("disks", [DISK, {**DISK, "mount": "D:"}], [{**DISK, "mount": "D:"}, DISK]),
    ("ups", [UPS], other(UPS, charge_pct=97)),
    ("ports.open", [PORT], other(PORT, address="192.168.1.40")),
    ("ports.open", [PORT], [PORT, {"port": 51_234, "address": "0.0.0.0"}]),
    ("ports.open", [PORT], [PORT, {"port": 8080, "address": "127.0.0.1"}]),
    ("antivirus.products", [GUARD], other(GUARD, signed_at="2026-03-17T04:00:00Z")),
    ("antivirus.products", [GUARD], other(GUARD, version="1.401.9")),
    ("media.plugged", [STICK], other(STICK, since="2026-03-17T08:00:01Z")),
    ("backup.medium", [MEDIUM], other(MEDIUM, seen_at="2026-03-17T09:05:00Z")),
    ("backup.restorable_until", "2026-03-17T08:00:00Z", "2026-03-17T09:00:00Z"),
    ("backup.proven_at", "2026-03-17T03:00:00Z", "2026-03-17T09:00:00Z"),
]
NEWS = [
    ("clock.offset_s", 3.2, 121),
    ("clock.offset_s", 121, 118),
    ("clock.offset_s", 600, -600),
    ("clock.offset_s", 600, 7_200),
    ("clock.offset_s", 7_200, 365 * 86_400),
    ("clock.offset_s", 3.2, None),
    ("use.booted_at", "2026-03-16T07:58:00Z", "2026-03-17T07:59:00Z"),
    # It restarts each time before it is heard.
    ("use.booted_at", "2026-03-17T07:58:00Z", "2026-03-17T08:03:00Z"),
    ("disks", [DISK], other(DISK, free_mib=9_000)),
    ("disks", other(DISK, free_mib=9_000), [DISK]),
    ("disks", [DISK], other(DISK, is_encrypted=False)),
    ("disks", [DISK], [DISK, {**DISK, "mount": "D:"}]),
    ("ups", [UPS], other(UPS, charge_pct=29)),
    ("ups", [UPS], other(UPS, is_on_battery=True)),
    ("ports.open", [PORT], [PORT, {"port": 5900, "address": "0.0.0.0"}]),
    ("ports.open", [PORT], other(PORT, program="other.exe")),
    ("antivirus.products", [GUARD], other(GUARD, is_active=False)),
    ("antivirus.products", [GUARD], other(GUARD, name="Avira")),
    ("media.plugged", [STICK], []),
    ("backup.medium", [MEDIUM], other(MEDIUM, is_plugged=True, since="2026-03-17T09:05:00Z")),
    # A copy that is gone, and copies that go on after two days without any.
    ("backup.restorable_until", "2026-03-17T08:00:00Z", "2026-03-16T08:00:00Z"),
    ("backup.restorable_until", "2026-03-15T08:00:00Z", "2026-03-17T08:00:00Z"),
    ("backup.proven_at", "2026-03-10T03:00:00Z", "2026-03-17T03:00:00Z"),
    ("updates.missing", 0, 1),
    ("firewall.profiles", [{"name": "public", "is_on": True}], []),
    ("machine.name", "ACCUEIL", "FAUTEUIL-1"),
    # What no fact should be is compared as it is.
    ("disks", [DISK], "none"),
]


@pytest.mark.parametrize(("key", "before", "after"), MOVES)
def test_figure_that_moves_is_no_news(key: str, before: Any, after: Any):
    assert not is_news(key, before, after)
    assert not list(changed({key: {"value": before}}, {key: {"value": after}}))


@pytest.mark.parametrize(("key", "before", "after"), NEWS)
def test_meaning_that_changes_is_news(key: str, before: Any, after: Any):
    assert is_news(key, before, after)
    assert list(changed({key: {"value": before}}, {key: {"value": after}})) == [
        (key, before, after)
    ]


@pytest.mark.parametrize(("key", "before", "after"), [*MOVES, *NEWS])
def test_fact_that_stays_is_never_news(key: str, before: Any, after: Any):
    assert not is_news(key, before, before)
    assert not is_news(key, after, after)
