"""Places by the words people write them in: a folder, or the address of a server."""

from pathlib import Path

from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.store import Store

_REST = "rest:"
_SERVERS = ("http://", "https://")


def is_server(place: str) -> bool:
    """Tell whether a place is the address of a server, with or without restic's ``rest:``."""
    return place.removeprefix(_REST).startswith(_SERVERS)


def open_store(place: str, *, ca_file: Path | None = None, fingerprint: str | None = None) -> Store:
    """Return the store at a folder, ``rest:https://…`` or ``https://…``.

    ``ca_file`` and ``fingerprint`` say whose certificate is trusted. A view of the past is a path
    like any other: ``https://host/as-of/2026-11-27T18:00:00Z/repository/``.
    """
    if is_server(place):
        return RestStore(place.removeprefix(_REST), ca_file=ca_file, fingerprint=fingerprint)
    return FolderStore(Path(place).expanduser())
