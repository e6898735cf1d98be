"""What the worker of each site does again and again; a site adds its own (config.clocks)."""

import logging
from importlib import import_module
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.files import operations as files
from quenotte.base.jobs import operations as jobs
from quenotte.base.jobs.operations import job
from quenotte.base.jobs.schedule import every
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.live import operations as live
from quenotte.base.people import operations as people
from quenotte.base.tablets import operations as tablets
from quenotte.config import falls

logger = logging.getLogger(__name__)

_HOUR: Final = 3_600
_DAY: Final = 86_400


@job(max_attempts=3, label=_("Oubli des événements passés"))
def purge_events() -> None:
    """Forget the live events that no page can ask for any more."""
    live.purge()


@job(max_attempts=3, label=_("Oubli des tâches du mois dernier"))
def purge_runs() -> None:
    """Forget the background work of last month."""
    jobs.purge()


@job(max_attempts=3, label=_("Ancrage du journal"))
def anchor_journal() -> None:
    """Note the head of the journal beside it, so that a shortened journal shows."""
    audit.anchor()


def anchor_at_stop() -> None:
    """Note the head once more; a database or a disk that fails must not hold up the stop."""
    try:
        audit.anchor()
    except (DatabaseError, OSError):
        logger.warning("the journal was not anchored at the stop", exc_info=True)


@job(max_attempts=3, label=_("Oubli des brouillons abandonnés"))
def purge_drafts() -> None:
    """Forget what was typed a month ago and never saved."""
    people.purge_drafts()


@job(max_attempts=3, label=_("Fin des connexions de la veille"))
def close_stale_logins() -> None:
    """Close the logins that nobody came back to, forget those of last year."""
    keyboard.close_stale()


@job(max_attempts=3, label=_("Oubli des connexions terminées"))
def clear_sessions() -> None:
    """Forget the logins that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@job(max_attempts=3, label=_("Retrait des fichiers inachevés"))
def sweep_incoming() -> None:
    """Remove the unfinished files of processes that were killed."""
    files.sweep()


@job(max_attempts=3, label=_("Inscription au journal de ce qui n’a pas pu l’être"))
def tell_falls() -> None:
    """Write into the journal what could not be written when it happened."""
    falls.tell(settings.DATA_DIR)


@job(max_attempts=3, label=_("Oubli des liens de tablette"))
def purge_tablet_links() -> None:
    """End the links whose time is over, forget those of last month."""
    tablets.purge()


def register() -> None:
    """Tell the schedule what runs how often."""
    every("purge-events", purge_events, seconds=_HOUR)
    every("purge-runs", purge_runs, seconds=_DAY)
    every("anchor-journal", anchor_journal, seconds=300)
    every("tell-falls", tell_falls, seconds=60)
    every("purge-drafts", purge_drafts, seconds=_DAY)
    every("close-stale-logins", close_stale_logins, seconds=_DAY)
    every("clear-sessions", clear_sessions, seconds=_DAY)
    every("purge-tablet-links", purge_tablet_links, seconds=_HOUR)
    every("sweep-incoming", sweep_incoming, seconds=_HOUR)
