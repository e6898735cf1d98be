"""The texts that still cross, and why no number stands for them: all others are codes of ours.

Each is bounded and of one line (``kernel.posture.values``). All but the first are chosen by makers
of things and not by who works with them; a volume's label, a file's name, a user's name, a command
line and the title of a page have no place here. A new text is added here first, with its reason.
"""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    "machine.name": "on the sticker of the desk; people chose it",
    "machine.uuid": "two machines under one key are told apart by it",
    "machine.serial": "an enrolment is matched with the order by it",
    "machine.model": "which part fits",
    "os.family": "one of three words",
    "os.name": "its end of support is looked up by it",
    "os.version": "its end of support is looked up by it",
    "os.build": "its end of support is looked up by it",
    "antivirus.products[].name": "which one is off",
    "antivirus.products[].version": "which one is old",
    "firewall.profiles[].name": "which one is off",
    "disks[].name": "which disk, by its maker or its letter",
    "disks[].mount": "which disk; too short for a label with a person's name below a mount point",
    "disks.health[].name": "which disk to replace, by its maker",
    "remote.tools[].name": "which tool is foreign",
    "remote.tools[].id": "the number under which the tool answers from afar",
    "software[].name": "which program, by its maker's name",
    "software[].version": "which version is old",
    "software[].publisher": "two programs of one name are told apart by it",
    "licences[].name": "which licence ends",
    "ports.open[].address": "whether the network reaches it",
    "ports.open[].program": "what listens: a program's name without its arguments",
    "ups[].name": "which battery to replace, by its maker",
    "media.plugged[].name": "which disk was left plugged, by its maker and model",
    "media.plugged[].kind": "disk, stick or card",
}
