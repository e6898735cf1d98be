"""From an inventory to facts: what the sections say, after it was found credible."""

from datetime import datetime, tzinfo

from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.glpi.disks import tell_disks, tell_media
from quenotte.devices.agents.glpi.machines import system_of, tell_machine, tell_system
from quenotte.devices.agents.glpi.messages import Inventory
from quenotte.devices.agents.glpi.programs import tell_licences, tell_remote, tell_software
from quenotte.devices.agents.glpi.protection import tell_antivirus, tell_firewall
from quenotte.devices.agents.glpi.sections import Sections
from quenotte.kernel.posture.facts import Fact, Source

#: Whom a section lets speak, whether its entries are many or none.
_TELLERS = (
    (("BIOS", "HARDWARE"), tell_machine),
    (("OPERATINGSYSTEM",), tell_system),
    (("ANTIVIRUS",), tell_antivirus),
    (("FIREWALL",), tell_firewall),
    (("DRIVES",), tell_disks),
    (("DRIVES", "USBDEVICES"), tell_media),
    (("REMOTE_MGMT", "SOFTWARES"), tell_remote),
    (("SOFTWARES",), tell_software),
    (("LICENSEINFOS",), tell_licences),
)


def facts_of(inventory: Inventory, *, observed_at: datetime, zone: tzinfo) -> tuple[Fact, ...]:
    """Return what an inventory says of a machine.

    ``observed_at``: when we received it, an aware instant. ``zone``: the practice's, for agents
    that write local times without saying which. Of a whole inventory, what is absent is told as
    unknown, with its reason; of a partial one, nothing is said of it.
    """
    sections = inventory.sections
    found = Gathering(Source.GLPI, observed_at)
    system = system_of(sections, zone)
    for names, tell in _TELLERS:
        if not inventory.is_partial or _has(sections, names):
            tell(found, sections, system)
    return found.facts()


def _has(sections: Sections, names: tuple[str, ...]) -> bool:
    return any(name in sections for name in names)
