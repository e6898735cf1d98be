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
    """What the chain of the newest return lacks. ``base``: the number at which the chain begins.

    ``since``: up to when the steps there lead (ISO 8601, "" where they lead nowhere). All that came
    later is out of their reach, also what is written from now on, until a base closes the hole; how
    much of it copies bring back is for the moment of telling: they go on meanwhile.
    """

    base: int
    names: tuple[str, ...]
    since: str

    def words(self, copied_to: datetime | None) -> str:
        """Return what is said of it. ``copied_to``: the moment of the place's last good copy."""
        since = datetime.fromisoformat(self.since) if self.since else None
        if copied_to and (since is None or copied_to >= since):
            words = _(
                "Trou dans le journal de la base à cet emplacement : un retour depuis ici ne "
                "rendrait que la dernière copie, et perdrait ce qui a été écrit après {moment}."
            )
        elif since is None:
            words = _(
                "Le journal de la base n’est plus entier à cet emplacement, et aucune bonne copie "
                "n’y est. Faites une copie maintenant."
            )
        else:
            words = _(
                "Trou dans le journal de la base à cet emplacement : un retour depuis ici perdrait "
                "ce qui a été écrit après {moment}."
            )
        moment = max(filter(None, (copied_to, since)), default=None)
        asked = _("Une base neuve est demandée : elle part dès que Quenotte tourne, et le referme.")
        return f"{words.format(moment=_moment(moment))} {asked}"


def of_gap(gap: Gap) -> Broken:
    """Return what is remembered of a gap."""
    return Broken(gap.base, gap.names, gap.since.isoformat() if gap.since else "")


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
        return Broken(int(told["base"]), tuple(told["names"]), str(told["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _moment(at: datetime | None) -> str:
    return rules.moment(at, timezone.localtime()) if at else ""


def _path(destination_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "cache" / f"journal-{destination_id}.json"
