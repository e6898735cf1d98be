"""The tables of the rooms of ``upkeep``, gathered for Django."""

from quenotte.upkeep.backups.models import Copy, Destination, Proof

__all__ = ["Copy", "Destination", "Proof"]
