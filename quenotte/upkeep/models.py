"""The tables of the rooms of ``upkeep``, gathered for Django."""

from quenotte.upkeep.backups.models import Copy, Destination, Proof
from quenotte.upkeep.guard.models import Anomaly, Look
from quenotte.upkeep.kits.models import Kit, KitKey, Trial

__all__ = ["Anomaly", "Copy", "Destination", "Kit", "KitKey", "Look", "Proof", "Trial"]
