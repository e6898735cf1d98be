"""Looks at the certificate while the practice works: its end, and the machine's addresses."""

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.config.lan import keeping
from quenotte.kernel.errors import Refusal

logger = logging.getLogger("quenotte.supervisor")

#: How often the certificate and the addresses are looked at, in seconds.
EVERY_S: Final = 60.0


class Watch:
    """Renews when it must, and tells when a certificate that is not the one served lies there."""

    def __init__(self, folder: Path, name: str, served: keeping.Kept) -> None:
        self._folder = folder
        self._name = name
        self._served = served.server.fingerprint
        self._trouble = ""
        #: When to look next (monotonic seconds).
        self.due_at = time.monotonic() + EVERY_S

    def is_due(self) -> bool:
        """Tell whether it is time to look."""
        return time.monotonic() >= self.due_at

    def look(self) -> bool:
        """Tell whether the processes must read the certificate again.

        A renewal that fails leaves what is served as it is; it is tried again.
        """
        self.due_at = time.monotonic() + EVERY_S
        try:
            kept = keeping.ensure(self._folder, keeping.wanted(self._name), datetime.now(UTC))
        except (Refusal, OSError) as error:
            self._note(str(error))
            return False
        self._trouble = ""
        if kept.server.fingerprint == self._served:
            return False
        self._served = kept.server.fingerprint
        logger.info("certificate renewed (%s), good until %s", kept.why, kept.server.ends_at)
        return True

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            logger.error("certificate not renewed: %s", trouble)
