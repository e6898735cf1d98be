"""Who asks and what she may do: the names that the rooms above import."""

from quenotte.base.audit.access import actor_of, public, requires

__all__ = ["actor_of", "public", "requires"]
