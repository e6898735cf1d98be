"""The service of Windows: a task of its scheduler, run by the system at each start.

A true service has to answer the service manager, which python.exe does not (« sc create » would
stop it after thirty seconds, error 1053); a wrapper would be one more program to bring and to keep
up to date. The scheduler is part of Windows, starts again what ended, and is seen by whoever looks.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from quenotte.station.refusals import NotHere
from quenotte.station.words import _

INSTALL: Final = "installer-compagnon.ps1"
UNINSTALL: Final = "retirer-compagnon.ps1"
#: Where PowerShell lies in every Windows since 7: never looked for in a path that people write to.
POWERSHELL: Final = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"

_INSTALL: Final = r"""#Requires -Version 5.1
#Requires -RunAsAdministrator
# Installe le compagnon Quenotte : une tâche planifiée, lancée par le système à chaque démarrage.
param(
    [string]$Python = (Join-Path $env:ProgramFiles 'Quenotte\Station\Scripts\python.exe'),
    [string]$State = (Join-Path $env:ProgramData 'Quenotte\Station\station.json')
)
$ErrorActionPreference = 'Stop'
if (-not (Test-Path -LiteralPath $Python -PathType Leaf)) { throw "Python introuvable : $Python" }
if (-not (Test-Path -LiteralPath $State -PathType Leaf)) {
    throw "Inscrivez d’abord ce poste : python -I -m quenotte.station enrol --server ..."
}

# Ce que le système lance ou lit appartient à lui (S-1-5-18), aux administrateurs (S-1-5-32-544) ou
# à l’installeur de Windows : ce qu’un autre compte peut changer lui donnerait tout le poste.
$sid = [System.Security.Principal.SecurityIdentifier]
$trusted = 'S-1-5-18', 'S-1-5-32-544',
    'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
function Assert-Owner([string]$Path) {
    $owner = (Get-Acl -LiteralPath $Path).GetOwner($sid).Value
    if ($trusted -notcontains $owner) {
        throw "$Path appartient à un autre compte ($owner). Rien n’a été installé."
    }
}
function Assert-Sealed([string]$Path) {
    Assert-Owner $Path
    # Écrire, ajouter, supprimer, changer les droits ou le propriétaire, et les droits génériques.
    $writing = 0x500D0156
    foreach ($rule in (Get-Acl -LiteralPath $Path).GetAccessRules($true, $true, $sid)) {
        $who = $rule.IdentityReference.Value
        $writes = ([int]$rule.FileSystemRights -band $writing) -ne 0
        # S-1-3-0 : qui crée un fichier, donc déjà l’un de ceux qui le peuvent.
        if ($rule.AccessControlType -eq 'Allow' -and $writes -and
            ($trusted + 'S-1-3-0') -notcontains $who) {
            throw "$Path peut être modifié par un autre compte ($who). Rien n’a été installé."
        }
    }
}
$bin = Split-Path -Parent $Python
$root = Split-Path -Parent $bin
$places = @($Python, $bin, $root, (Join-Path $root 'Lib\site-packages'))
# Un environnement virtuel lance le Python dont il est né.
$cfg = Join-Path $root 'pyvenv.cfg'
if (Test-Path -LiteralPath $cfg -PathType Leaf) {
    $line = Select-String -LiteralPath $cfg -Pattern '^home\s*=\s*(.+)$'
    $born = $line.Matches[0].Groups[1].Value.Trim()
    $places += $cfg, $born, (Join-Path $born 'Lib')
}
foreach ($place in $places) {
    if (Test-Path -LiteralPath $place) { Assert-Sealed $place }
}

# Un dossier qu’un autre compte a créé d’avance reste à lui : il est refusé, pas repris.
$folder = Split-Path -Parent $State
Assert-Owner (Split-Path -Parent $folder)
Assert-Owner $folder
# La clé du poste ne se lit que par le système et les administrateurs ; ce qui est déjà dans le
# dossier leur revient, et n’hérite plus que de lui.
$icacls = "$env:SystemRoot\System32\icacls.exe"
& $icacls $folder /inheritance:r `
    /grant:r '*S-1-5-18:(OI)(CI)F' /grant:r '*S-1-5-32-544:(OI)(CI)F' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls a échoué : $LASTEXITCODE" }
& $icacls $folder /setowner '*S-1-5-32-544' /T /L | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls a échoué : $LASTEXITCODE" }
& $icacls (Join-Path $folder '*') /reset /T /L | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls a échoué : $LASTEXITCODE" }

# -I : ni dossier courant, ni PYTHONPATH, ni paquets d’un compte n’y apportent un module.
$action = New-ScheduledTaskAction -Execute $Python `
    -Argument "-I -m quenotte.station --state `"$State`" run" -WorkingDirectory $bin
$trigger = New-ScheduledTaskTrigger -AtStartup
$trigger.Delay = 'PT1M'
$principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount `
    -RunLevel Highest
# Relancé cinq minutes après une fin anormale ; pas de durée limite ; sur batterie aussi.
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries `
    -StartWhenAvailable -ExecutionTimeLimit ([TimeSpan]::Zero) -MultipleInstances IgnoreNew `
    -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 5) -Priority 8
Register-ScheduledTask -TaskPath '\Quenotte\' -TaskName 'Compagnon' -Action $action `
    -Trigger $trigger -Principal $principal -Settings $settings -Force | Out-Null
Start-ScheduledTask -TaskPath '\Quenotte\' -TaskName 'Compagnon'
Write-Output 'Le compagnon est installé et démarré (Planificateur de tâches, dossier Quenotte).'
"""

_UNINSTALL: Final = r"""#Requires -Version 5.1
#Requires -RunAsAdministrator
# Retire le compagnon Quenotte : sa tâche planifiée et son fichier d’état.
param([string]$State = (Join-Path $env:ProgramData 'Quenotte\Station\station.json'))
$ErrorActionPreference = 'Stop'
$task = Get-ScheduledTask -TaskPath '\Quenotte\' -TaskName 'Compagnon' -ErrorAction SilentlyContinue
if ($task) {
    Stop-ScheduledTask -TaskPath '\Quenotte\' -TaskName 'Compagnon'
    Unregister-ScheduledTask -TaskPath '\Quenotte\' -TaskName 'Compagnon' -Confirm:$false
}
if (Test-Path -LiteralPath $State) { Remove-Item -LiteralPath $State -Force }
Write-Output 'Le compagnon est retiré. Prévenez le prestataire.'
"""


def write(folder: Path) -> list[Path]:
    """Write both scripts, with the mark without which PowerShell 5 does not read UTF-8."""
    paths = []
    for name, text in ((INSTALL, _INSTALL), (UNINSTALL, _UNINSTALL)):
        path = folder / name
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
        paths.append(path)
    return paths


def install(state: Path) -> list[str]:
    """Run the first script. Raises: NotHere."""
    _run(INSTALL, "-Python", sys.executable, "-State", str(state))
    return [_("Le compagnon est installé : Planificateur de tâches, dossier Quenotte.")]


def uninstall(state: Path) -> list[str]:
    """Run the second. Raises: NotHere."""
    _run(UNINSTALL, "-State", str(state))
    return [_("Le service et le fichier d’état sont retirés. Prévenez le prestataire.")]


def _run(name: str, *words: str) -> None:
    """Run a script from beside Python, which administrators alone may write. Raises: NotHere.

    Beside the file of state somebody else could exchange it before an administrator runs it.
    """
    folder = Path(sys.executable).parent
    flags = ("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File")
    asked = [POWERSHELL, *flags, str(folder / name), *words]
    written = write(folder)
    try:
        done = subprocess.run(asked, check=False, timeout=120)
    finally:
        for path in written:
            path.unlink(missing_ok=True)
    if done.returncode != 0:
        raise NotHere
