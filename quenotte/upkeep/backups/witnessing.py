"""The practice as the outside witness of its vaults: a log that was told stays as it was told."""

import logging
from pathlib import Path

from django.conf import settings

from quenotte.devices.media.vault import witness
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.repository.rest import RestStore
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import places
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.guard import operations as guard

logger = logging.getLogger(__name__)


class _NoLog(Exception):
    """The server keeps no log: it is no vault of ours."""


def look(destination: Destination) -> bool:
    """Compare the log of a vault with what is remembered of it; tell whether it was compared.

    A contradiction raises an alarm, once; a vault that does not answer, or keeps no log, none.
    """
    store = places.store_at(places.at(destination.place, destination.epoch))
    if not isinstance(store, RestStore):
        return False
    memory = _memory(destination)
    is_known = memory.is_file()
    try:
        witness.look(lambda first: _told(store, first), memory)
    except _NoLog:
        return False
    except LogDamaged as damaged:
        # What never was a log of ours contradicts nothing.
        if is_known:
            sign = guard.Signal(guard.Sign.VAULT, damaged.number)
            guard.raise_once(sign, destination.id)
        return is_known
    except (Refusal, OSError, ValueError) as error:
        logger.warning("a vault was not compared: %s", type(error).__name__)
        return False
    return True


def _told(store: RestStore, first: int) -> bytes:
    found = store.receipts(first)
    if found is None:
        raise _NoLog
    return found


def _memory(destination: Destination) -> Path:
    folder = Path(settings.DATA_DIR) / "witness"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{destination.id}-{destination.epoch}.json"
