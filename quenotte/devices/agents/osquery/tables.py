"""Tables of osquery: the few columns that we read, and the tables that no machine opens to us."""

from collections.abc import Mapping
from typing import Final

from quenotte.kernel.posture.terms import Platform

#: Names of files, what was typed, visited, opened or searched: a patient's name may be in any.
FORBIDDEN: Final[tuple[str, ...]] = tuple(
    """
    authorized_keys background_activities_moderator carves chrome_extension_content_scripts
    chrome_extensions chrome_history crontab cups_jobs curl curl_certificate disk_events
    dns_cache docker_container_envs es_process_events es_process_file_events
    extended_attributes file file_events file_lines firefox_addons hardware_events hash
    jumplists keychain_items known_hosts magic mdfind mdls nfs_shares ntfs_journal_events
    office_mru os_version_history plist powershell_events prefetch process_envs process_events
    process_file_events process_open_files process_open_handles process_open_pipes
    quicklook_cache recent_files safari_extensions shared_resources shell_history shellbags
    shimcache socket_events ssh_configs sudoers syslog_events unified_log user_events
    user_ssh_keys userassist wifi_networks windows_crashes windows_events windows_eventlog
    windows_search yara yara_events
    """.split()
)

_EVERYWHERE: Final = {
    "listening_ports": "pid port protocol address",
    "os_version": "name version build",
    "processes": "pid name",
    "system_info": "computer_name uuid hardware_serial hardware_vendor hardware_model"
    " physical_memory",
    "time": "unix_time",
    "uptime": "total_seconds",
}
_ACCOUNTS: Final = {
    "users": "uid username",
    "user_groups": "uid gid",
}

#: Columns by table, by platform: what is not here cannot be asked.
READ: Final[Mapping[Platform, Mapping[str, str]]] = {
    Platform.WINDOWS: {
        **_EVERYWHERE,
        **_ACCOUNTS,
        "bitlocker_info": "drive_letter protection_status",
        "disk_info": "hardware_model type",
        "groups": "gid group_sid",
        "logged_in_users": "type user",
        "logical_drives": "device_id size free_space file_system boot_partition",
        "programs": "name",
        "registry": "key path name data",
        "services": "name status",
        "windows_security_center": "firewall autoupdate antivirus",
        "windows_security_products": "type name state signatures_up_to_date",
        "windows_update_history": "date operation result_code title",
    },
    Platform.MACOS: {
        **_EVERYWHERE,
        "mounts": "device path blocks blocks_size blocks_available",
        **_ACCOUNTS,
        "alf": "global_state",
        "apps": "name path bundle_short_version",
        "disk_encryption": "name filevault_status",
        "gatekeeper": "assessments_enabled version",
        "logged_in_users": "tty user",
        "package_install_history": "name time source",
        "screenlock": "enabled grace_period",
    },
    Platform.LINUX: {
        **_EVERYWHERE,
        "mounts": "device device_alias path blocks blocks_size blocks_available",
        "deb_packages": "name version maintainer status",
        "disk_encryption": "name encrypted",
        "iptables": "chain policy",
        "rpm_packages": "name version vendor",
    },
}
