"""A return from its beginning to its last radiograph, in the window that asked for it."""

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from quenotte.config import console, data_folder
from quenotte.config.phoenix.asked import Asked
from quenotte.config.preparation import prepare_here
from quenotte.config.words import _
from quenotte.devices.phoenix import marker, returning, servers
from quenotte.devices.phoenix.errors import Busy
from quenotte.devices.phoenix.marker import Marker, Secret
from quenotte.devices.phoenix.returning import Told
from quenotte.devices.repository.progress import Listener, Progress
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal

#: How often files that another process brings back are looked at, in seconds.
_LOOK_S = 2.0
#: What would lead to another practice's rows and files than those that come back.
_ELSEWHERE = ("QUENOTTE_DATABASE_URL", "QUENOTTE_S3_BUCKET")


class NotOpened(Refusal):
    """The database came back and could not be made ready for this version."""


@dataclass(frozen=True)
class Times:
    """How long it took, in seconds, since the return began."""

    agenda_s: float
    full_s: float | None = None


def agenda_back(
    asked: Asked,
    repository: Repository,
    secret: Secret,
    say: Callable[[str], None],
    progress: Listener,
) -> Marker:
    """Bring back what opens the practice: afterwards it can be served.

    Raises: CannotReturn and its family, RepositoryError and its family, NotOpened.
    """
    secret = replace(secret, database=asked.database or secret.database)
    found = returning.bring_back(asked.folder, repository, secret, asked.wish, Told(say, progress))
    _lead_to(found, asked, secret)
    data_folder.use(asked.folder)
    data_folder.prepare(asked.folder)
    if prepare_here() != 0:
        raise NotOpened(
            _(
                "La base est revenue, mais n’a pas pu être préparée pour cette version. Rien n’est "
                "perdu : relancez la même commande, ou essayez une copie plus ancienne dans un "
                "autre dossier."
            )
        )
    return found


def _lead_to(found: Marker, asked: Asked, secret: Secret) -> None:
    """Let what follows in this process open the rows that came back, and no others."""
    for name in _ELSEWHERE:
        os.environ.pop(name, None)
    if found.engine == servers.ENGINE:
        kept = marker.load_secret(asked.folder)
        os.environ["QUENOTTE_DATABASE_URL"] = secret.database or (kept.database if kept else "")


def pictures_back(say: Callable[[str], None], told: Callable[[Marker], None]) -> None:
    """Bring everything else back; when the practice runs already and does it, watch.

    Raises: NoRoom, Refused, Unreachable and other refusals; the next run goes on.
    """
    from quenotte.upkeep.restores import operations as restores

    folder = data_folder.default_folder()
    is_said = False
    while (found := marker.load(folder)) is not None:
        try:
            restores.fill(told=told)
        except Busy:
            if not is_said:
                say(_("Le cabinet est ouvert et ramène lui-même ses images."))
            is_said = True
            told(found)
            time.sleep(_LOOK_S)


def set_up() -> None:
    """Load the program on the folder that came back."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()


class Bar:
    """Progress in a terminal: one line that moves, or a line for each tenth in a file."""

    def __init__(self) -> None:
        self._is_live = sys.stdout.isatty()
        self._tenth = -1
        self._turn = threading.Lock()

    def bytes(self, progress: Progress) -> None:
        """Show bytes done of bytes to do."""
        self.show(progress.done_bytes / (progress.total_bytes or 1), "")

    def files(self, found: Marker) -> None:
        """Show files done of files to do."""
        words = _("{done} fichiers sur {total}").format(
            done=found.done_files, total=found.total_files
        )
        self.show(found.share if found.total_files else 1.0, words)

    def show(self, share: float, words: str) -> None:
        """Show a share (0.0 to 1.0) and words beside it."""
        share = min(1.0, share)
        with self._turn:
            if self._is_live:
                filled = "█" * round(share * 30)
                end = "\n" if share == 1.0 else ""
                sys.stdout.write(f"\r  {filled:░<30} {share:4.0%}  {words:<44}{end}")
                sys.stdout.flush()
            elif int(share * 10) != self._tenth:
                self._tenth = int(share * 10)
                console.say(f"  {share:4.0%}  {words}".rstrip())


def as_json(found: Marker, times: Times, lost: dict[str, Any]) -> dict[str, Any]:
    """Return what scripts are told."""
    return {
        "snapshot": found.snapshot,
        "data_at": found.data_at,
        "from": found.label,
        "rto_agenda_s": round(times.agenda_s, 2),
        "rto_full_s": None if times.full_s is None else round(times.full_s, 2),
        "notes": list(found.notes),
    } | lost
