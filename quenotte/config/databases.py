"""Where the rows live: SQLite in the data folder, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# WAL lets pages read while a device writes; FULL makes a commit survive a power cut.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
)

#: How long a writer waits for another one before the person is told, in seconds.
LOCK_TIMEOUT_S = 8

# A server that lost its power, or a firewall that drops what passes, closes nothing: without these
# whoever waits for an answer waits for hours. In a minute it is known to be away, in seconds and,
# for what is not even received, in milliseconds. They say nothing of how long a query may take.
_GIVEN_UP = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's settings for a SQLite file."""
    return {
        "ENGINE": "quenotte.config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": LOCK_TIMEOUT_S,
            "init_command": _PRAGMAS,
        },
    }


def postgres(url: str) -> dict[str, Any]:
    """Return Django's settings for ``postgres://user:password@host:port/name?option=value``.

    A host given as an option (``?host=/run/postgresql``) is a Unix socket folder.

    Raises: ValueError when the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("QUENOTTE_DATABASE_URL must start with postgres://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": f"-c lock_timeout={LOCK_TIMEOUT_S * 1000}",
            **_GIVEN_UP,
            **options,
        },
    }


def database(folder: Path, url: str) -> dict[str, Any]:
    """Return the settings of the database of a data folder, or of ``url`` when given."""
    return postgres(url) if url else sqlite(folder / "db.sqlite3")
