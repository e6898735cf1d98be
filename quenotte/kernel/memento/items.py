"""The six themes of the security memento as data: each item is measured, asked, or both.

Source: the six themes of the memento of computer security of independent health professionals
(ASIP Santé, 2013), the duties of the GDPR and of the public health code; the items are our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from quenotte.kernel.posture.terms import Theme

#: The rule of a machine that is not heard any more: it hangs on hours, and on no fact.
SILENCE: Final = "silence"
#: The rule of those who open a practice from outside: it hangs on who opened it.
CHARTER: Final = "charter_signed"
#: A signed answer is believed so long, in days: until the next visit.
A_YEAR: Final = 366
#: What is done with people and not with things is done again sooner.
HALF_A_YEAR: Final = 183


class Sheet(StrEnum):
    """Who fills what: four questionnaires are the provider's, one is the practitioner's."""

    CONTRACT = "contract"
    EQUIPMENT = "equipment"
    ACCESS = "access"
    RECOVERY = "recovery"
    PRACTICE = "practice"

    @property
    def is_of_practice(self) -> bool:
        """Tell whether a practitioner signs it, by name and quality."""
        return self is Sheet.PRACTICE


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the memento.

    ``rules``: what is measured for it; ``sheet``: the questionnaire that asks a person about it,
    None where nobody is asked. A person is asked what no machine can tell: her answer stands beside
    the measures and never in their place. ``valid_days``: how long her answer counts.
    """

    key: str
    theme: Theme
    rules: tuple[str, ...] = ()
    sheet: Sheet | None = None
    valid_days: int = A_YEAR


def _of(theme: Theme, *items: tuple[str, tuple[str, ...], Sheet | None]) -> tuple[Item, ...]:
    return tuple(Item(key, theme, rules, sheet) for key, rules, sheet in items)


ITEMS: Final = (
    *_of(
        Theme.LEGAL,
        ("register", (), Sheet.PRACTICE),
        ("notice", (), Sheet.PRACTICE),
        ("retention", (), Sheet.PRACTICE),
        ("staff_charter", (), Sheet.PRACTICE),
        ("contract", (), Sheet.CONTRACT),
        ("processors", (), Sheet.PRACTICE),
        ("technicians_charter", (CHARTER,), Sheet.CONTRACT),
        ("hosting", (), Sheet.CONTRACT),
    ),
    *_of(
        Theme.PEOPLE,
        ("referent", (), Sheet.PRACTICE),
        ("training", (), Sheet.PRACTICE),
        ("clean_desk", (), Sheet.PRACTICE),
        ("shared_accounts", (), Sheet.PRACTICE),
        ("leavers", (), Sheet.PRACTICE),
        ("telephone", (), Sheet.PRACTICE),
    ),
    *_of(
        Theme.PREMISES,
        ("server_room", (), Sheet.PRACTICE),
        ("screens", (), Sheet.PRACTICE),
        ("trays", (), Sheet.PRACTICE),
        ("keys", (), Sheet.PRACTICE),
        ("laptops", (), Sheet.PRACTICE),
        ("switched_off", ("left_on",), None),
        ("power", ("power_safe",), None),
        ("medium", ("medium_left",), Sheet.PRACTICE),
    ),
    *_of(
        Theme.EQUIPMENT,
        ("inventory", (SILENCE,), Sheet.EQUIPMENT),
        ("updates", ("updates_recent", "updates_security", "updates_reboot"), None),
        ("software_updates", (), Sheet.EQUIPMENT),
        ("firmware", (), Sheet.EQUIPMENT),
        ("supported", ("os_supported",), None),
        ("antivirus", ("antivirus_active", "antivirus_fresh"), None),
        ("firewall", ("firewall_on", "open_ports"), None),
        ("encryption", ("disks_encrypted",), None),
        ("disks", ("disk_health", "disk_space"), None),
        ("remote", ("remote_tools",), Sheet.EQUIPMENT),
        ("mobile", (), Sheet.PRACTICE),
        ("removable", (), Sheet.PRACTICE),
        ("disposal", (), Sheet.EQUIPMENT),
        ("maintenance", (), Sheet.EQUIPMENT),
    ),
    *_of(
        Theme.ACCESS,
        ("accounts", (), Sheet.ACCESS),
        ("second_factor", (), Sheet.ACCESS),
        ("roles", (), Sheet.ACCESS),
        ("card", (), Sheet.PRACTICE),
        ("lock", ("screen_locks",), None),
        ("administrators", ("admin_daily",), None),
        ("traces", (), Sheet.PRACTICE),
        ("wifi", (), Sheet.ACCESS),
        ("messaging", ("messengers",), Sheet.PRACTICE),
    ),
    *_of(
        Theme.INCIDENTS,
        ("backup_daily", ("backup_fresh", "backup_overdue", "backup_light"), None),
        ("backup_offline", ("backup_offline",), None),
        ("backup_restored", ("backup_proven",), Sheet.RECOVERY),
        ("backup_sealed", (), Sheet.RECOVERY),
        ("anomalies", ("backup_anomaly",), None),
        ("clocks", ("clock_right",), None),
        ("rescue_sheet", (), Sheet.RECOVERY),
        ("callers", (), Sheet.RECOVERY),
        ("without_computer", (), Sheet.PRACTICE),
        ("ransom", (), Sheet.RECOVERY),
        ("notification", (), Sheet.PRACTICE),
        ("reporting", (), Sheet.PRACTICE),
    ),
    Item("drill", Theme.INCIDENTS, sheet=Sheet.RECOVERY, valid_days=HALF_A_YEAR),
)

#: The same by their keys.
BY_KEY: Final[Mapping[str, Item]] = MappingProxyType({item.key: item for item in ITEMS})


def of_theme(theme: Theme) -> tuple[Item, ...]:
    """Return the items of a theme, in their order on paper."""
    return tuple(item for item in ITEMS if item.theme is theme)


def of_sheet(sheet: Sheet) -> tuple[Item, ...]:
    """Return the items that a questionnaire asks about."""
    return tuple(item for item in ITEMS if item.sheet is sheet)
