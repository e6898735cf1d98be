"""What a Mac is asked."""

from typing import Final

from quenotte.devices.agents.osquery.query import HOUR_S, SELDOM_S, Query, everywhere, query
from quenotte.kernel.posture.terms import Platform

_ON = Platform.MACOS

QUERIES: Final[tuple[Query, ...]] = (
    *everywhere(_ON),
    query(
        _ON,
        "system",
        "os.family os.name os.version os.build machine.is_server",
        6 * HOUR_S,
        "SELECT name, version, build FROM os_version",
    ),
    # Lists of known malware come by themselves, and would hide that nothing else does.
    query(
        _ON,
        "updates",
        "updates.last_installed_at",
        6 * HOUR_S,
        """
        SELECT max(time) AS at FROM package_install_history
        WHERE source IN ('softwareupdated', 'Software Update', 'macOS Installer', 'OS X Installer')
        AND name NOT LIKE 'XProtect%' AND name NOT LIKE 'MRT%' AND name NOT LIKE 'Gatekeeper%'
        """,
    ),
    query(
        _ON,
        "antivirus",
        "antivirus.products",
        HOUR_S,
        """
        SELECT 'system' AS what, 'Gatekeeper' AS name, assessments_enabled AS state, version
        FROM gatekeeper
        UNION ALL SELECT DISTINCT 'process', name, '1', '' FROM processes WHERE name IN (
          'SophosScanD', 'esets_daemon', 'BDLDaemon', 'avast', 'com.avast.daemon', 'wdavdaemon',
          'falcond', 'sentineld', 'kav', 'NortonMacService', 'fmp', 'hurukai')
        """,
    ),
    query(_ON, "firewall", "firewall.profiles", HOUR_S, "SELECT global_state AS state FROM alf"),
    query(
        _ON,
        "disks",
        "disks",
        6 * HOUR_S,
        """
        SELECT m.device AS name, m.path AS mount, m.blocks, m.blocks_size, m.blocks_available,
        max(d.filevault_status) AS state
        FROM mounts m LEFT JOIN disk_encryption d ON d.name = m.device
        WHERE m.path IN ('/', '/System/Volumes/Data') GROUP BY m.device
        """,
    ),
    query(
        _ON,
        "media",
        "media.plugged",
        HOUR_S,
        """
        SELECT device AS name, 'mounted' AS kind FROM mounts
        WHERE path LIKE '/Volumes/%' AND device LIKE '/dev/%'
        """,
    ),
    # The outer row is there whoever asks: the table answers only for a session.
    query(
        _ON,
        "lock",
        "lock.after_s",
        SELDOM_S,
        "SELECT s.enabled, s.grace_period FROM (SELECT 1) LEFT JOIN screenlock s",
    ),
    query(
        _ON,
        "admin",
        "use.is_admin_daily",
        6 * HOUR_S,
        """
        SELECT count(*) AS sessions,
        coalesce(sum(EXISTS (SELECT 1 FROM users u WHERE u.username = l.user)), 0) AS known,
        coalesce(sum(EXISTS (SELECT 1 FROM users u JOIN user_groups m ON m.uid = u.uid
          WHERE u.username = l.user AND m.gid = 80)), 0) AS admins
        FROM logged_in_users l WHERE l.tty = 'console'
        """,
    ),
    query(
        _ON,
        "remote",
        "remote.tools",
        HOUR_S,
        "SELECT name FROM processes WHERE $TOOLS UNION SELECT name FROM apps WHERE $TOOLS",
    ),
    query(
        _ON,
        "software",
        "software",
        SELDOM_S,
        """
        SELECT DISTINCT name, bundle_short_version AS version, '' AS publisher FROM apps
        WHERE path LIKE '/Applications/%'
        """,
    ),
)
