"""The end of the chain: what is remembered of it, its hashes, and how a step is added."""

import contextlib
from pathlib import Path

from quenotte.devices.journal import memory, recovery, steps
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.hashes import Hashes
from quenotte.devices.journal.memory import Memory
from quenotte.devices.journal.spool import Spool
from quenotte.devices.journal.steps import Step


class End:
    """The end of one chain, kept in a folder of ours on the database's disk."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.spool = Spool(folder / "spool")
        self.memory = Memory()
        self._seal = seal
        self._hashes: Hashes | None = None
        self._is_read = False

    def hashes(self) -> Hashes | None:
        """Return the hashes of the chain's end; None when every page has to be sent anew.

        Raises: OSError.
        """
        if not self._is_read:
            self.memory, self._hashes = recovery.recovered(self.folder, self.spool, self._seal)
            self._count()
            self._is_read = True
        return self._hashes

    def send(self, step: Step) -> None:
        """Put a step into the spool, then remember it.

        Raises: OSError, and what the step's pages raise; `forget_step` is then to be called.
        """
        hashes = self.hashes()
        if hashes is None or hashes.page_size != step.page_size:
            hashes = Hashes(self.folder / "hashes", step.page_size)
        made = steps.make(step, self.memory, hashes, self.spool, self._seal)
        hashes.save()
        self._hashes = hashes
        self.remember(made)

    def remember(self, found: Memory) -> None:
        """Remember durably. Raises: OSError."""
        memory.save(self.folder / "state.json", found)
        self.memory = found
        self._count()

    def _count(self) -> None:
        self.spool.counted, self.spool.base = self.memory.sequence, self.memory.base

    def forget_step(self) -> None:
        """Go back to what is remembered: whatever was begun came to nothing."""
        self._hashes, self._is_read = None, False
        with contextlib.suppress(OSError):
            self.spool.drop_drafts()
