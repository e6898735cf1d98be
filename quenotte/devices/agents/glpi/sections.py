"""What is read of an inventory: a closed list. The rest is not even kept while it is read.

Environment variables, processes and their command lines, users, who logged in last, where a
program lies, what a share or a printer is called: any of it may bear a patient's name.
"""

from collections.abc import Mapping
from typing import Final

#: Fields by section. A dot: the field of an object in the section.
WANTED: Final[Mapping[str, frozenset[str]]] = {
    "ACCOUNTINFO": frozenset({"KEYNAME", "KEYVALUE"}),
    "ANTIVIRUS": frozenset(
        {"NAME", "ENABLED", "UPTODATE", "VERSION", "BASE_CREATION", "BASE_VERSION"}
    ),
    "BIOS": frozenset({"SSN", "SMODEL", "SMANUFACTURER"}),
    "DRIVES": frozenset(
        {"LETTER", "TYPE", "VOLUMN", "FILESYSTEM", "TOTAL", "FREE", "SYSTEMDRIVE", "ENCRYPT_STATUS"}
    ),
    "FIREWALL": frozenset({"PROFILE", "STATUS"}),
    "HARDWARE": frozenset({"NAME", "UUID", "MEMORY"}),
    "LICENSEINFOS": frozenset({"NAME"}),
    "OPERATINGSYSTEM": frozenset(
        {
            "NAME",
            "FULL_NAME",
            "VERSION",
            "KERNEL_NAME",
            "KERNEL_VERSION",
            "BOOT_TIME",
            "TIMEZONE.OFFSET",
        }
    ),
    "REMOTE_MGMT": frozenset({"ID", "TYPE"}),
    "SOFTWARES": frozenset({"NAME", "VERSION", "PUBLISHER"}),
    "USBDEVICES": frozenset({"NAME", "CLASS"}),
}

#: Characters of one field that are read.
LONGEST_FIELD: Final = 500
#: Entries of one section: a server of a hospital has some thousand programs.
MOST_ENTRIES: Final = 20_000

Row = Mapping[str, str]
Sections = Mapping[str, tuple[Row, ...]]


def is_wanted(section: str, field: str) -> bool:
    """Tell whether a field is read."""
    return field in WANTED.get(section, frozenset())
