"""What a Windows machine is asked, and how often: each question to PowerShell costs it a second."""

from typing import Final

from quenotte.station.collectors.boot import look_at_boot
from quenotte.station.collectors.collector import (
    BEAT_S,
    DAY_S,
    HOUR_S,
    QUARTER_S,
    SIX_HOURS_S,
    Collector,
    collector,
)
from quenotte.station.collectors.programs import look_at_ports, look_at_tools
from quenotte.station.collectors.windows.defences import look_at_antivirus, look_at_firewall
from quenotte.station.collectors.windows.disks import (
    look_at_disks,
    look_at_health,
    look_at_media,
)
from quenotte.station.collectors.windows.machines import look_at_machine, look_at_system
from quenotte.station.collectors.windows.updates import look_at_installed, look_at_missing
from quenotte.station.collectors.windows.use import (
    look_at_lock,
    look_at_power,
    look_at_rights,
    look_at_software,
    look_at_use,
)

COLLECTORS: Final[tuple[Collector, ...]] = (
    collector(
        "machine",
        "machine.name machine.uuid machine.serial machine.model machine.memory_mib",
        DAY_S,
        look_at_machine,
    ),
    collector(
        "system",
        "os.family os.name os.version os.build machine.is_server",
        DAY_S,
        look_at_system,
    ),
    collector("boot", "use.booted_at", BEAT_S, look_at_boot),
    collector("use", "use.idle_s use.is_locked", BEAT_S, look_at_use),
    collector("media", "media.plugged", QUARTER_S, look_at_media),
    collector("tools", "remote.tools", QUARTER_S, look_at_tools),
    collector("ports", "ports.open", QUARTER_S, look_at_ports),
    collector("antivirus", "antivirus.products", HOUR_S, look_at_antivirus),
    collector("firewall", "firewall.profiles", HOUR_S, look_at_firewall),
    collector("disks", "disks", HOUR_S, look_at_disks),
    collector("power", "ups", QUARTER_S, look_at_power),
    collector("rights", "use.is_admin_daily", HOUR_S, look_at_rights),
    collector("lock", "lock.after_s", HOUR_S, look_at_lock),
    collector("health", "disks.health", SIX_HOURS_S, look_at_health, is_slow=True),
    collector("software", "software", DAY_S, look_at_software, is_slow=True),
    collector(
        "installed",
        "updates.last_installed_at updates.reboot_pending updates.is_automatic",
        HOUR_S,
        look_at_installed,
        is_slow=True,
    ),
    collector(
        "missing",
        "updates.missing updates.missing_security",
        SIX_HOURS_S,
        look_at_missing,
        is_slow=True,
    ),
)
