"""The tables of the rooms of ``upkeep``, gathered for Django."""

from quenotte.upkeep.backups.models import Copy, Destination, Proof
from quenotte.upkeep.guard.models import Anomaly, Look

__all__ = ["Anomaly", "Copy", "Destination", "Look", "Proof"]
