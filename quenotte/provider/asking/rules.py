"""What may be asked, and how an answer stands. A subject names a question of the catalogue."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What a technician chooses from: subjects of the signed catalogue (devices.agents.osquery). Nobody
#: writes SQL to a machine; a test finds the subject that the catalogue does not have.
SUBJECTS: Final[Mapping[str, Promise]] = {
    "antivirus": _("Antivirus : actif, à jour"),
    "firewall": _("Pare-feu"),
    "disks": _("Disques : place, chiffrement"),
    "lock": _("Verrouillage de l’écran"),
    "updates": _("Dernières mises à jour"),
    "reboot": _("Redémarrage attendu"),
    "software": _("Logiciels installés"),
    "remote": _("Outils de prise en main"),
    "ports": _("Ports ouverts"),
    "admin": _("Droits d’administrateur"),
    "media": _("Supports branchés"),
    "uptime": _("Dernier démarrage"),
    "clock": _("Heure de la machine"),
    "system": _("Système et version"),
    "machine": _("Nom, numéro de série, mémoire"),
}
#: An answer that has not come by then is not waited for.
LENGTH: Final = timedelta(hours=1)
#: A question to more machines is a campaign, not a question.
MOST_MACHINES: Final = 500
#: Questions and answers are forgotten after this.
KEPT: Final = timedelta(days=90)


class Standing(StrEnum):
    """How an answer stands."""

    WAITING = "waiting"
    SENT = "sent"
    ANSWERED = "answered"
    FAILED = "failed"
    #: Its time is over: it was off, or its agent does not ask.
    SILENT = "silent"


def standing(
    *,
    sent_at: datetime | None,
    answered_at: datetime | None,
    is_failed: bool,
    expires_at: datetime,
    now: datetime,
) -> Standing:
    """Return how the answer of one machine stands."""
    if answered_at is not None:
        return Standing.FAILED if is_failed else Standing.ANSWERED
    if now >= expires_at:
        return Standing.SILENT
    return Standing.WAITING if sent_at is None else Standing.SENT
