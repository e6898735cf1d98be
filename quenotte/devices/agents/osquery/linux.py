"""What a Linux machine is asked."""

from typing import Final

from quenotte.devices.agents.osquery.query import HOUR_S, SELDOM_S, Query, everywhere, query
from quenotte.kernel.posture.terms import Platform

_ON = Platform.LINUX

QUERIES: Final[tuple[Query, ...]] = (
    *everywhere(_ON),
    query(
        _ON,
        "system",
        "os.family os.name os.version os.build machine.is_server",
        6 * HOUR_S,
        "SELECT name, version, build FROM os_version",
    ),
    query(
        _ON,
        "antivirus",
        "antivirus.products",
        HOUR_S,
        """
        SELECT DISTINCT name FROM processes WHERE name IN (
          'clamd', 'freshclam', 'wdavdaemon', 'falcon-sensor', 'sophos_threat_de', 'esets_daemon',
          'bdsecd', 'sentinelone-agen', 'hurukai')
        """,
    ),
    query(
        _ON,
        "firewall",
        "firewall.profiles",
        HOUR_S,
        "SELECT DISTINCT chain AS name, policy AS state FROM iptables WHERE chain = 'INPUT'",
    ),
    query(
        _ON,
        "disks",
        "disks",
        6 * HOUR_S,
        # The names are made anew: told which one is meant, osquery looks at it without its parents,
        # and says of LVM on LUKS that it is plain.
        """
        SELECT m.device AS name, m.device_alias AS alias, m.path AS mount, m.blocks, m.blocks_size,
        m.blocks_available, max(d.encrypted) AS state
        FROM mounts m LEFT JOIN (SELECT name || '' AS name, encrypted FROM disk_encryption) d
        ON d.name = m.device_alias
        WHERE m.device LIKE '/dev/%' AND m.path IN (
          '/', '/home', '/opt', '/srv', '/usr', '/var')
        GROUP BY m.path
        """,
    ),
    query(
        _ON,
        "media",
        "media.plugged",
        HOUR_S,
        """
        SELECT device AS name, 'mounted' AS kind FROM mounts WHERE device LIKE '/dev/%'
        AND (path LIKE '/media/%' OR path LIKE '/run/media/%')
        """,
    ),
    query(
        _ON,
        "remote",
        "remote.tools",
        HOUR_S,
        "SELECT name FROM processes WHERE $TOOLS UNION SELECT name FROM deb_packages WHERE $TOOLS",
    ),
    query(
        _ON,
        "software",
        "software",
        SELDOM_S,
        """
        SELECT name, version, maintainer AS publisher FROM deb_packages
        WHERE status = 'install ok installed'
        UNION ALL SELECT name, version, vendor FROM rpm_packages
        """,
    ),
)
