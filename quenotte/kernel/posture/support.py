"""Until when the makers of operating systems mend them. A table: a new release is a new line.

Sources: Microsoft's lifecycle pages (end of servicing of Home and Pro, else of extended support);
Debian's and Ubuntu's release tables (long-term and standard support, what is paid for does not
count). Apple announces nothing: it mends its three newest systems, so that a date still to come is
that habit continued (``is_announced`` is false).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a system. ``name`` and ``version`` are patterns of what a machine tells."""

    family: str
    name: str
    version: str
    ends_on: date
    is_announced: bool = True

    def fits(self, family: str, name: str, version: str) -> bool:
        """Tell whether a machine runs it."""
        is_named = re.search(self.name, name, re.IGNORECASE)
        return bool(family == self.family and is_named and re.match(self.version, version))


def release_of(family: str, name: str, version: str, build: str | None) -> Release | None:
    """Return the release that a machine runs, None when the table has none that fits.

    ``version`` begins as « 10.0.19045 », « 15.7.1 », « 12 » or « 24.04 »; where Windows tells its
    build apart it is added.
    """
    if family == "windows" and build and build not in version:
        version = f"{version}.{build}"
    return next((one for one in RELEASES if one.fits(family, name, version)), None)


def _windows(name: str, builds: str, *ends_on: int) -> Release:
    return Release("windows", name, rf".*\b{builds}\b" if builds else "", date(*ends_on))


def _macos(major: str, *ends_on: int, is_announced: bool = True) -> Release:
    return Release("macos", "", rf"{re.escape(major)}(?:\.|$)", date(*ends_on), is_announced)


def _linux(name: str, number: str, *ends_on: int) -> Release:
    return Release("linux", name, rf"{re.escape(number)}(?!\d)", date(*ends_on))


#: The first that fits counts: servers and long-term editions share builds with the others.
RELEASES: Final = (
    _windows(r"server\D*2025", "", 2034, 10, 10),
    _windows(r"server\D*2022", "", 2031, 10, 14),
    _windows(r"server\D*2019", "", 2029, 1, 9),
    _windows(r"server\D*2016", "", 2027, 1, 12),
    _windows(r"server\D*2012", "", 2023, 10, 10),
    _windows(r"server\D*2008", "", 2020, 1, 14),
    _windows(r"ltsc", "19044", 2027, 1, 12),
    _windows(r"ltsc", "17763", 2029, 1, 9),
    _windows(r"ltsc", "26100", 2029, 10, 9),
    _windows(r"11.*(?:enterprise|education|entreprise|éducation)", "26200", 2028, 10, 10),
    _windows(r"11.*(?:enterprise|education|entreprise|éducation)", "26100", 2027, 10, 12),
    _windows(r"11.*(?:enterprise|education|entreprise|éducation)", "22631", 2026, 11, 10),
    _windows(r"windows 11", "26200", 2027, 10, 12),
    _windows(r"windows 11", "26100", 2026, 10, 13),
    _windows(r"windows 11", "22631", 2025, 11, 11),
    _windows(r"windows 11", "22621", 2024, 10, 8),
    _windows(r"windows 11", "22000", 2023, 10, 10),
    _windows(r"windows 10", "", 2025, 10, 14),
    _windows(r"windows 8", "", 2023, 1, 10),
    _windows(r"windows 7", "", 2020, 1, 14),
    _macos("26", 2028, 9, 15, is_announced=False),
    _macos("15", 2027, 9, 15, is_announced=False),
    _macos("14", 2026, 9, 15, is_announced=False),
    _macos("13", 2025, 9, 15),
    _macos("12", 2024, 9, 16),
    _macos("11", 2023, 9, 26),
    _macos("10", 2022, 9, 12),
    _linux("debian", "13", 2030, 6, 30),
    _linux("debian", "12", 2028, 6, 30),
    _linux("debian", "11", 2026, 8, 31),
    _linux("debian", "10", 2024, 6, 30),
    _linux("debian", "9", 2022, 7, 1),
    _linux("ubuntu", "26.04", 2031, 5, 29),
    _linux("ubuntu", "25.10", 2026, 7, 9),
    _linux("ubuntu", "25.04", 2026, 1, 15),
    _linux("ubuntu", "24.10", 2025, 7, 10),
    _linux("ubuntu", "24.04", 2029, 5, 31),
    _linux("ubuntu", "22.04", 2027, 6, 1),
    _linux("ubuntu", "20.04", 2025, 5, 29),
    _linux("ubuntu", "18.04", 2023, 5, 31),
    _linux("ubuntu", "16.04", 2021, 4, 30),
)
