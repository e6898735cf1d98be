"""The two engines: how a database is copied at one moment, and opened beside the practice."""

from quenotte.upkeep.backups.engines.choice import engine, engine_named

__all__ = ["engine", "engine_named"]
