"""Products that guard a machine, by the names under which they run."""

from collections.abc import Mapping
from typing import Final

#: Processes of Linux; the kernel cuts their names at fifteen signs.
LINUX_PROCESSES: Final[Mapping[str, str]] = {
    "clamd": "ClamAV",
    "wdavdaemon": "Microsoft Defender",
    "falcon-sensor": "CrowdStrike Falcon",
    "sophos_threat_de": "Sophos",
    "esets_daemon": "ESET",
    "bdsecd": "Bitdefender",
    "sentinelone-agen": "SentinelOne",
    "hurukai": "HarfangLab",
}
#: Services of Windows.
WINDOWS_SERVICES: Final[Mapping[str, str]] = {
    "WinDefend": "Microsoft Defender",
    "Sense": "Microsoft Defender for Endpoint",
    "ekrn": "ESET",
    "EPSecurityService": "Bitdefender",
    "VSSERV": "Bitdefender",
    "AVP": "Kaspersky",
    "McShield": "McAfee",
    "mfemms": "Trellix",
    "ntrtscan": "Trend Micro",
    "SAVService": "Sophos",
    "Sophos MCS Client": "Sophos",
    "SentinelAgent": "SentinelOne",
    "CSFalconService": "CrowdStrike Falcon",
    "WRSVC": "Webroot",
    "hurukai-agent": "HarfangLab",
    "fsulhoster": "WithSecure",
    "SepMasterService": "Symantec",
    "PandaAgent": "Panda",
}
