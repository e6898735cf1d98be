"""What a Windows machine is asked.

Nothing is filtered by words that Windows translates: « Local Fixed Disk » is « Disque fixe local ».
"""

from typing import Final

from quenotte.devices.agents.osquery.query import HOUR_S, SELDOM_S, Query, everywhere, query
from quenotte.kernel.posture.terms import Platform

_ON = Platform.WINDOWS

QUERIES: Final[tuple[Query, ...]] = (
    *everywhere(_ON),
    query(
        _ON,
        "system",
        "os.family os.name os.version os.build machine.is_server",
        6 * HOUR_S,
        r"""
        SELECT name, version, build,
        (SELECT data FROM registry WHERE path =
          'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\UBR') AS revision,
        (SELECT data FROM registry WHERE path =
          'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\DisplayVersion')
        AS release
        FROM os_version
        """,
    ),
    # Signatures of the antivirus come every day, and would hide that nothing else does.
    query(
        _ON,
        "updates",
        "updates.last_installed_at",
        6 * HOUR_S,
        """
        SELECT max(date) AS at FROM windows_update_history
        WHERE operation = 'Installation' AND result_code = 'Succeeded'
        AND title NOT LIKE '%KB2267602%' AND title NOT LIKE '%KB4052623%'
        AND title NOT LIKE '%KB890830%'
        """,
        needs="5.4.0",
    ),
    query(
        _ON,
        "reboot",
        "updates.reboot_pending",
        HOUR_S,
        r"""
        SELECT count(*) AS pending FROM registry WHERE name IN ('RebootRequired', 'RebootPending')
        AND key IN (
          'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update',
          'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing')
        """,
    ),
    query(
        _ON,
        "automatic",
        "updates.is_automatic",
        6 * HOUR_S,
        r"""
        SELECT autoupdate AS centre, (SELECT data FROM registry WHERE path =
          'HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU\NoAutoUpdate')
        AS policy FROM windows_security_center
        """,
    ),
    # The services speak where there is no security centre: on server editions.
    query(
        _ON,
        "antivirus",
        "antivirus.products",
        HOUR_S,
        """
        SELECT 'centre' AS what, '' AS name, antivirus AS state, '' AS is_fresh
        FROM windows_security_center
        UNION ALL SELECT 'product', name, state, signatures_up_to_date
        FROM windows_security_products WHERE type = 'Antivirus'
        UNION ALL SELECT 'service', name, status, '' FROM services WHERE name IN (
          'WinDefend', 'Sense', 'ekrn', 'EPSecurityService', 'VSSERV', 'AVP', 'avast! Antivirus',
          'AVG Antivirus', 'McShield', 'mfemms', 'ntrtscan', 'SAVService', 'Sophos MCS Client',
          'SentinelAgent', 'CSFalconService', 'WRSVC', 'hurukai-agent', 'fsulhoster',
          'SepMasterService', 'PandaAgent')
        """,
    ),
    query(
        _ON,
        "firewall",
        "firewall.profiles",
        HOUR_S,
        r"""
        SELECT 'centre' AS what, '' AS name, firewall AS state FROM windows_security_center
        UNION ALL SELECT 'profile', path, data FROM registry WHERE path IN (
          'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile\EnableFirewall',
          'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\StandardProfile\EnableFirewall',
          'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\PublicProfile\EnableFirewall')
        """,
    ),
    query(
        _ON,
        "disks",
        "disks",
        6 * HOUR_S,
        """
        SELECT d.device_id AS name, d.size AS total_bytes, d.free_space AS free_bytes,
        d.boot_partition AS is_system, b.protection_status AS protection
        FROM logical_drives d LEFT JOIN bitlocker_info b ON b.drive_letter = d.device_id
        WHERE d.file_system IN ('NTFS', 'ReFS') AND d.size > 0
        """,
    ),
    query(
        _ON,
        "media",
        "media.plugged",
        HOUR_S,
        "SELECT hardware_model AS name, 'usb' AS kind FROM disk_info WHERE type = 'USB'",
    ),
    query(
        _ON,
        "lock",
        "lock.after_s",
        SELDOM_S,
        r"""
        SELECT (SELECT data FROM registry WHERE path =
          'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\InactivityTimeoutSecs')
        AS after_s
        """,
    ),
    # Numbers only: who works there is nobody's business.
    query(
        _ON,
        "admin",
        "use.is_admin_daily",
        6 * HOUR_S,
        """
        SELECT count(*) AS sessions,
        coalesce(sum(EXISTS (SELECT 1 FROM users u WHERE u.username = l.user)), 0) AS known,
        coalesce(sum(EXISTS (SELECT 1 FROM users u JOIN user_groups m ON m.uid = u.uid
          JOIN groups g ON g.gid = m.gid
          WHERE u.username = l.user AND g.group_sid = 'S-1-5-32-544')), 0) AS admins
        FROM logged_in_users l WHERE l.type = 'active'
        """,
    ),
    query(
        _ON,
        "remote",
        "remote.tools",
        HOUR_S,
        """
        SELECT name FROM processes WHERE $TOOLS UNION SELECT name FROM services WHERE $TOOLS
        UNION SELECT name FROM programs WHERE $TOOLS
        """,
    ),
    # What is installed for everybody. Of what people installed for themselves only the messenger is
    # looked for, and said by its own name: browsers put titles of pages among their programs.
    query(
        _ON,
        "software",
        "software",
        SELDOM_S,
        r"""
        SELECT DISTINCT title AS name, release AS version, maker AS publisher FROM (
          SELECT max(CASE name WHEN 'DisplayName' THEN data END) AS title,
          max(CASE name WHEN 'DisplayVersion' THEN data END) AS release,
          max(CASE name WHEN 'Publisher' THEN data END) AS maker FROM registry
          WHERE key LIKE
            'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\%'
          GROUP BY key
          UNION ALL SELECT max(CASE name WHEN 'DisplayName' THEN data END),
          max(CASE name WHEN 'DisplayVersion' THEN data END),
          max(CASE name WHEN 'Publisher' THEN data END) FROM registry
          WHERE key LIKE
            'HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\%'
          GROUP BY key)
        WHERE title <> ''
        UNION SELECT 'WhatsApp', '', '' FROM programs WHERE name LIKE '%whatsapp%'
        UNION SELECT 'WhatsApp', '', '' FROM processes WHERE name LIKE 'whatsapp%'
        """,
    ),
)
