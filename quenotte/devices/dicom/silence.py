"""Keeping pydicom quiet: its warnings and log lines quote values, and a value may be a name."""

import contextlib
import logging
import threading
import warnings
from collections.abc import Iterator

from pydicom import config

# Values are read as they are; what is odd about them is dealt with here, not in a log.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

# Python's warning filters belong to the whole process: one reader at a time touches them.
_lock = threading.RLock()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings while pydicom works; one thread at a time."""
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
