"""What Django keeps for a request stays in the thread that draws its page.

Django keeps the language, the time zone, the table of addresses and the connections in places of
asgiref that follow a task from one thread to another. Here a page is drawn by one thread
(`config.bridge`), and looks there six hundred times: through asgiref that is a tenth of its time.
The pieces of a streamed answer come from any of these threads: they know its language, which is the
same in all, and a connection of its own.
"""

import logging
import threading
from typing import Any, Final

from asgiref.local import Local
from django.core.cache import caches
from django.db import connections
from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real

logger = logging.getLogger(__name__)

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

    To be called once, before the first page, by a process whose pages stay in their thread. What
    Django keeps elsewhere than we know stays there, and the log says so: it is only slower.
    """
    connections.close_all()
    for owner, name in _PLACES:
        if isinstance(getattr(owner, name, None), Local):
            setattr(owner, name, threading.local())
        else:
            logger.warning("Django no longer keeps %s of %r as it did", name, owner)
