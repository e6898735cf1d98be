"""The service of Linux: a unit of systemd that may read much and change nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from quenotte.station.refusals import NotHere
from quenotte.station.running import End
from quenotte.station.words import _

NAME: Final = "quenotte-station.service"
_FOLDER: Final = Path("/etc/systemd/system")
_HERE: Final = Path("/run/systemd/system")

#: Root, and not an account made for it (DynamicUser): the serial number, the rules of nftables, the
#: health of disks and the settings of whoever sits there are shown to root alone. What root may do
#: beyond that is taken away.
_UNIT: Final = """\
[Unit]
Description=Quenotte, compagnon du poste
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart={python} -I -m quenotte.station --state {state} run
# Pas inscrit, fichier abîmé : une personne doit s’en occuper, recommencer n’y fait rien.
Restart=always
RestartSec=60
RestartPreventExitStatus={refused}
StateDirectory={folder}
StateDirectoryMode=0700
UMask=0077
# Le poste passe d’abord.
Nice=10
IOSchedulingClass=idle
CPUWeight=20
MemoryMax=384M
TasksMax=48
# Root pour lire, pas pour changer : numéro de série, pare-feu (NET_ADMIN), santé des disques
# (SYS_RAWIO, et SYS_ADMIN pour ceux en NVMe), réglages de qui travaille ici (SETUID, SETGID).
CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE CAP_NET_ADMIN CAP_SYS_RAWIO
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SETUID CAP_SETGID
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
DevicePolicy=closed
DeviceAllow=block-sd r
DeviceAllow=block-blkext r
DeviceAllow=char-nvme rw

[Install]
WantedBy=multi-user.target
"""


def unit(python: Path, state: Path) -> str:
    """Return the unit. Raises: NotHere, when a path has signs that a unit cannot hold."""
    for path in (python, state):
        if any(sign in str(path) for sign in "\"'\\\n%$ "):
            raise NotHere(
                _("Ce chemin ne peut pas figurer dans un service : {path}.").format(path=path)
            )
    return _UNIT.format(
        python=python,
        state=state,
        folder=state.parent.name,
        refused=int(End.REFUSED),
    )


def install(state: Path) -> list[str]:
    """Write the unit and start it. Raises: NotHere."""
    _demand()
    place = _FOLDER / NAME
    place.write_text(unit(Path(sys.executable), state), "utf-8")
    place.chmod(0o644)
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", NAME)
    return [
        _("Le service {name} est installé et démarré.").format(name=NAME),
        _("Son journal : journalctl -u {name}").format(name=NAME),
    ]


def uninstall(state: Path) -> list[str]:
    """Stop it, and take away what was written. Raises: NotHere."""
    _demand()
    place = _FOLDER / NAME
    if place.exists():
        _systemctl("disable", "--now", NAME)
        place.unlink()
        _systemctl("daemon-reload")
    state.unlink(missing_ok=True)
    return [_("Le service et le fichier d’état sont retirés. Prévenez le prestataire.")]


def _demand() -> None:
    if os.geteuid() != 0 or not _HERE.is_dir() or shutil.which("systemctl") is None:
        raise NotHere


def _systemctl(*words: str) -> None:
    done = subprocess.run(["systemctl", *words], check=False, timeout=60)
    if done.returncode != 0:
        raise NotHere(_("systemctl {words} a échoué.").format(words=" ".join(words)))
