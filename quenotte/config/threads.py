"""What Django keeps for a request stays in the thread that draws its page.

Django keeps the language, the time zone, the table of addresses and the connections in places of
asgiref that follow a task from one thread to another. Here a page is drawn by one thread, from its
first line to its last (`config.bridge`), and looks there six hundred times: through asgiref that
is a tenth of its time. Django replaces these places by itself, too, when a test changes a setting.
"""

import threading
from typing import Any, Final

from asgiref.local import Local
from django.core.cache import caches
from django.db import connections
from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real

_PLACES: Final[tuple[tuple[Any, str], ...]] = (
    (trans_real, "_active"),
    (timezone, "_active"),
    (addresses, "_prefixes"),
    (addresses, "_urlconfs"),
    (connections, "_connections"),
    (caches, "_connections"),
)


def keep_in_threads() -> None:
    """Give each thread of this process its own language, zone, addresses and connections.

    To be called once, before the first page, by a process whose pages never leave their thread.
    Raises: RuntimeError when Django keeps them elsewhere than we know.
    """
    connections.close_all()
    for owner, name in _PLACES:
        if not isinstance(getattr(owner, name, None), Local):
            raise RuntimeError(f"Django no longer keeps {owner!r}.{name} as it did")
        setattr(owner, name, threading.local())
