"""A dump of the past made a database again, as long as somebody looks into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quenotte.upkeep.backups.engines.postgres import looked_into


@contextmanager
def database_of_dump(dump: Path) -> Iterator[str]:
    """Name a database of our server made of a dump, dropped after the work inside.

    Raises: NoDatabase, NotRebuilt, NoTrialDatabase, NoProgram.
    """
    with looked_into(dump) as name:
        yield name
