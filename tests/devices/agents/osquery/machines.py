"""Invented machines, as tables of osquery; names that nobody may know stand in them."""

from typing import Any

from quenotte.kernel.posture.terms import Platform

Tables = dict[str, list[dict[str, Any]]]

_REGISTRY = "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
_FIREWALL = (
    "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters"
    "\\FirewallPolicy\\"
)
_SYSTEM_INFO = {
    "computer_name": "ACCUEIL-1",
    "uuid": "4C4C4544-0042-3510-8051-B7C04F564E32",
    "hardware_serial": "EX-0042-QN",
    "hardware_vendor": "Exemple SA",
    "hardware_model": "Tour 9",
    "physical_memory": 8 * 2**30,
}
_PORTS = [
    {"pid": 4, "port": 445, "protocol": 6, "address": "0.0.0.0"},
    {"pid": 7, "port": 5000, "protocol": 6, "address": "127.0.0.1"},
    {"pid": 7, "port": 5353, "protocol": 17, "address": "0.0.0.0"},
    {"pid": 9, "port": 22, "protocol": 6, "address": "::"},
]


def value(path: str, data: object) -> dict[str, Any]:
    key, _, name = path.rpartition("\\")
    return {"path": path, "key": key, "name": name, "data": data}


def installed(name: str, version: str, maker: str, *, part: str = "") -> list[dict[str, Any]]:
    key = f"{_REGISTRY}{part}Microsoft\\Windows\\CurrentVersion\\Uninstall\\{name}\\"
    told = {"DisplayName": name, "DisplayVersion": version, "Publisher": maker, "EstimatedSize": 7}
    return [value(key + one, data) for one, data in told.items()]


def windows_10() -> Tables:
    current = _REGISTRY + "Microsoft\\Windows NT\\CurrentVersion\\"
    policies = _REGISTRY + "Microsoft\\Windows\\CurrentVersion\\"
    return {
        "system_info": [_SYSTEM_INFO],
        "os_version": [
            {"name": "Microsoft Windows 10 Pro", "version": "10.0.19045", "build": "19045"}
        ],
        "uptime": [{"total_seconds": 90_000}],
        "time": [{"unix_time": 1773736212}],
        "registry": [
            value(current + "UBR", 4046),
            value(current + "DisplayVersion", "22H2"),
            value(policies + "Policies\\System\\InactivityTimeoutSecs", 600),
            value(policies + "WindowsUpdate\\Auto Update\\RebootRequired", ""),
            value(_FIREWALL + "DomainProfile\\EnableFirewall", 1),
            value(_FIREWALL + "StandardProfile\\EnableFirewall", 1),
            value(_FIREWALL + "PublicProfile\\EnableFirewall", 0),
            *installed("AnyDesk", "8.0.8", "AnyDesk Software GmbH", part="WOW6432Node\\"),
            *installed("Éclat", "5.2", "Exemple SA"),
        ],
        "windows_security_center": [
            {"firewall": "Poor", "autoupdate": "Good", "antivirus": "Good"}
        ],
        "windows_security_products": [
            {
                "type": "Antivirus",
                "name": "Microsoft Defender Antivirus",
                "state": "On",
                "signatures_up_to_date": 1,
            },
            {"type": "Firewall", "name": "Pare-feu", "state": "On", "signatures_up_to_date": 1},
        ],
        "windows_update_history": [
            {
                "date": 1772700000,
                "operation": "Installation",
                "result_code": "Succeeded",
                "title": "2026-03 Mise à jour cumulative (KB5099999)",
            },
            {
                "date": 1773700000,
                "operation": "Installation",
                "result_code": "Succeeded",
                "title": "Mise à jour de la veille de sécurité (KB2267602)",
            },
            {
                "date": 1773700000,
                "operation": "Installation",
                "result_code": "Failed",
                "title": "2026-03 .NET",
            },
        ],
        "logical_drives": [
            {
                "device_id": "C:",
                "size": 250 * 2**30,
                "free_space": 80 * 2**30,
                "file_system": "NTFS",
                "boot_partition": 1,
            },
            {"device_id": "D:", "size": 0, "free_space": 0, "file_system": "", "boot_partition": 0},
        ],
        "bitlocker_info": [{"drive_letter": "C:", "protection_status": 0}],
        "disk_info": [
            {"hardware_model": "Disque USB Exemple", "type": "USB"},
            {"hardware_model": "SSD Exemple", "type": "SCSI"},
        ],
        "logged_in_users": [{"type": "active", "user": "canari-lerouge"}],
        "users": [{"uid": 1001, "username": "canari-lerouge"}],
        "user_groups": [{"uid": 1001, "gid": 544}],
        "groups": [{"gid": 544, "group_sid": "S-1-5-32-544"}],
        "processes": [
            {"pid": 4, "name": "System"},
            {"pid": 8, "name": "AnyDesk.exe"},
            {"pid": 9, "name": "ordonnance-canari-lerouge.exe"},
        ],
        "services": [{"name": "WinDefend", "status": "RUNNING"}],
        "programs": [
            {"name": "AnyDesk"},
            {"name": "Éclat"},
            # A window of a page that somebody made a program of, in their own part of the registry.
            {"name": "Dossier de canari-lerouge"},
        ],
        "listening_ports": _PORTS[:3],
    }


def windows_server() -> Tables:
    return {
        "system_info": [{**_SYSTEM_INFO, "hardware_serial": "Default string"}],
        "os_version": [
            {"name": "Microsoft Windows Server 2019", "version": "10.0.17763", "build": "17763"}
        ],
        "uptime": [{"total_seconds": -1}],
        "windows_security_center": [
            {"firewall": "Error", "autoupdate": "Error", "antivirus": "Error"}
        ],
        "services": [{"name": "WinDefend", "status": "STOPPED"}],
        "logical_drives": [
            {
                "device_id": "C:",
                "size": 250 * 2**30,
                "free_space": -1,
                "file_system": "NTFS",
                "boot_partition": 1,
            }
        ],
    }


def mac() -> Tables:
    return {
        "system_info": [
            {**_SYSTEM_INFO, "hardware_vendor": "Apple Inc.", "hardware_model": "Mac14,3"}
        ],
        "os_version": [{"name": "macOS", "version": "14.5", "build": "23F79"}],
        "uptime": [{"total_seconds": 90_000}],
        "alf": [{"global_state": 1}],
        "gatekeeper": [{"assessments_enabled": 1, "version": "94"}],
        "mounts": [
            {
                "device": "/dev/disk3s1s1",
                "path": "/",
                "blocks": 1000 * 256,
                "blocks_size": 4096,
                "blocks_available": 400 * 256,
            },
            {"device": "/dev/disk5s2", "path": "/Volumes/Canari Lerouge"},
            {"device": "//canari@serveur/x", "path": "/Volumes/x"},
        ],
        "disk_encryption": [{"name": "/dev/disk3s1s1", "filevault_status": "off"}],
        "package_install_history": [
            {"name": "macOS 14.5", "time": 1772700000, "source": "softwareupdated"},
            {"name": "XProtectPlistConfigData", "time": 1773700000, "source": "softwareupdated"},
            {"name": "Éclat", "time": 1773700000, "source": "installer"},
        ],
        "logged_in_users": [
            {"tty": "console", "user": "canari"},
            {"tty": "ttys000", "user": "lerouge"},
        ],
        "users": [{"uid": 501, "username": "canari"}],
        "user_groups": [{"uid": 501, "gid": 20}],
        "apps": [
            {"name": "TeamViewer.app", "path": "/Applications/TeamViewer.app"},
            {"name": "canari.app", "path": "/Ailleurs/canari.app"},
        ],
        "processes": [{"pid": 9, "name": "sshd"}, {"pid": 3, "name": "wdavdaemon"}],
        "listening_ports": _PORTS[3:],
    }


def linux() -> Tables:
    return {
        "system_info": [_SYSTEM_INFO],
        "os_version": [{"name": "Debian GNU/Linux", "version": "12 (bookworm)", "build": ""}],
        "uptime": [{"total_seconds": 90_000}],
        "iptables": [
            {"chain": "INPUT", "policy": "DROP"},
            {"chain": "FORWARD", "policy": "ACCEPT"},
        ],
        "mounts": [
            {
                "device": "/dev/mapper/racine",
                "device_alias": "/dev/dm-0",
                "path": "/",
                "blocks": 1000 * 256,
                "blocks_size": 4096,
                "blocks_available": 400 * 256,
            },
            {"device": "/dev/sdb1", "path": "/media/canari/CANARI"},
            {"device": "tmpfs", "path": "/srv"},
        ],
        "disk_encryption": [{"name": "/dev/dm-0", "encrypted": 1}],
        "processes": [{"pid": 1, "name": "clamd"}, {"pid": 2, "name": "freshclam"}],
        "deb_packages": [
            {
                "name": "adduser",
                "version": "3.134",
                "maintainer": "Debian <debian@example.org>",
                "status": "install ok installed",
            },
            {
                "name": "parti",
                "version": "1",
                "maintainer": "x",
                "status": "deinstall ok config-files",
            },
        ],
    }


MACHINES = {
    Platform.WINDOWS: windows_10,
    Platform.MACOS: mac,
    Platform.LINUX: linux,
}
