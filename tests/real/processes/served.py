"""An installation that serves while it is looked at, and killed."""

import http.client
import json
import subprocess
import threading
from collections.abc import Callable
from typing import Any

from tests.real.processes.people import children_of, kill
from tests.support.installations import Installation, wait_until

Served = tuple[Installation, "subprocess.Popen[str]"]

_COUNTS = """
import json, sys
from quenotte.base.audit.operations import verify as verify_journal
from quenotte.base.files.operations import verify
from quenotte.care.chart.models import Note
from quenotte.care.imaging.models import Picture
print(json.dumps({
    "notes": Note.objects.count(),
    "pictures": Picture.objects.count(),
    "files": verify().is_sound,
    "journal": verify_journal().is_sound,
}))
"""


def counts(installation: Installation) -> dict[str, Any]:
    """Return how much is kept, and whether the files and the journal are sound."""
    read: dict[str, Any] = json.loads(installation.script(_COUNTS))
    return read


def killed_after(
    served: Served, table: str, work: Callable[[], object], when: str = "1 = 1"
) -> None:
    """Kill the web process when ``work`` wrote to ``table`` and has not committed yet.

    ``when``: in SQL, which rows (``NEW``) are those of ``work``.
    """
    with served[0].held_after(table, when) as is_held:
        _killed(served, work, is_held)
    wait_until(served[0].answers)


def killed_while(
    served: Served, work: Callable[[], object], is_under_way: Callable[[], bool]
) -> None:
    """Kill the web process while ``work`` waits for the database; wait for the next one."""
    with served[0].locked("base_line"):
        _killed(served, work, is_under_way)
    wait_until(served[0].answers)


def _killed(served: Served, work: Callable[[], object], is_under_way: Callable[[], bool]) -> None:
    _installation, server = served
    failures: list[Exception] = []

    def try_it() -> None:
        try:
            work()
        except (OSError, http.client.HTTPException) as error:
            failures.append(error)

    web = children_of(server.pid)["web"]
    working = threading.Thread(target=try_it)
    working.start()
    wait_until(is_under_way)
    kill(web)
    working.join(60)
    assert failures
    wait_until(lambda: children_of(server.pid).get("web", web) != web)
