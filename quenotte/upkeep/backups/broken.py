"""A hole in the journal of a place, as the last look found it: remembered, and said in words."""

import contextlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.devices.journal.gaps import Gap
from quenotte.upkeep.backups import rules


@dataclass(frozen=True)
class Broken:
    """What the chain of the newest return lacks. Moments are ISO 8601, "" where there is none.

    A return from there loses what was written from ``since`` to ``until`` (all that came later
    where this is not known); with ``is_covered`` a copy of the place brings it back all the same,
    though not to the minute. ``base``: the number at which the chain begins.
    """

    base: int
    names: tuple[str, ...]
    since: str
    until: str
    is_covered: bool

    @property
    def words(self) -> str:
        """Return what is said of it."""
        since, until = _moment(self.since), _moment(self.until)
        if since and not until:
            words = _(
                "La fin du journal de la base manque à cet emplacement : un retour depuis ici "
                "perdrait ce qui a été écrit après {since}."
            )
        elif not since:
            words = _(
                "Le journal de la base n’est plus entier à cet emplacement : un retour depuis ici "
                "ne rendrait que la dernière copie."
            )
        elif self.is_covered:
            words = _(
                "Trou dans le journal de la base à cet emplacement : on n’y revient plus à la "
                "minute entre {since} et {until}, mais une copie plus récente y est."
            )
        else:
            words = _(
                "Trou dans le journal de la base à cet emplacement : un retour depuis ici perdrait "
                "ce qui a été écrit entre {since} et {until}."
            )
        asked = _("Une base neuve est demandée : elle part dès que Quenotte tourne, et le referme.")
        return f"{words.format(since=since, until=until)} {asked}"


def of_gap(gap: Gap, *, copied_to: datetime | None) -> Broken:
    """Return what a gap costs. ``copied_to``: the moment of the last good copy of the place."""
    is_covered = bool(copied_to and gap.until and copied_to >= gap.until)
    since = gap.since
    if copied_to and not is_covered and (gap.since or gap.until):
        since = max(copied_to, gap.since or copied_to)
    return Broken(gap.base, gap.names, _said(since), _said(gap.until), is_covered)


def note(destination_id: UUID, found: Broken | None) -> None:
    """Remember what a place lacks; None: nothing. Lost with the cache, it is found again."""
    path = _path(destination_id)
    with contextlib.suppress(OSError):
        if found is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_text(json.dumps(asdict(found)))


def noted(destination_id: UUID) -> Broken | None:
    """Return what a place lacked at the last look."""
    try:
        told = json.loads(_path(destination_id).read_text())
        return Broken(**{**told, "names": tuple(told["names"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _said(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(said: str) -> str:
    return rules.moment(datetime.fromisoformat(said), timezone.localtime()) if said else ""


def _path(destination_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "cache" / f"journal-{destination_id}.json"
