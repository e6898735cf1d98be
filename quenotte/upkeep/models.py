"""The tables of the rooms of ``upkeep``, gathered for Django."""

from quenotte.upkeep.backups.models import Copy, Destination, Proof
from quenotte.upkeep.guard.models import Anomaly, Declaration, Look
from quenotte.upkeep.kits.models import Kit, KitKey, Trial
from quenotte.upkeep.pulse.models import Opening, Pairing
from quenotte.upkeep.workstations.models import (
    Agreement,
    Exemption,
    Machine,
    MachineChange,
    MachineDay,
    MachineFinding,
    MachineState,
    MachineToken,
)

__all__ = [
    "Agreement",
    "Anomaly",
    "Copy",
    "Declaration",
    "Destination",
    "Exemption",
    "Kit",
    "KitKey",
    "Look",
    "Machine",
    "MachineChange",
    "MachineDay",
    "MachineFinding",
    "MachineState",
    "MachineToken",
    "Opening",
    "Pairing",
    "Proof",
    "Trial",
]
