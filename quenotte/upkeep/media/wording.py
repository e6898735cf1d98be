"""What is wrong with the disks, and what to do, in sentences."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.devices.media.disks.rotation import Alarm

ALARMS: Final[dict[Alarm, Promise]] = {
    Alarm.STILL_PLUGGED: _("Un disque est resté branché : débranchez-le et mettez-le à l’abri."),
    Alarm.SAME_DISK: _("Le même disque a servi deux fois de suite : prenez l’autre."),
    Alarm.NO_OFFLINE: _(
        "Aucune copie de moins de 8 jours n’est hors d’atteinte : débranchez le disque qui "
        "vient de servir, ou branchez le prochain, copiez, débranchez."
    ),
    Alarm.REFUSED: _(
        "Une anomalie est ouverte et un disque est branché : débranchez-le maintenant."
    ),
}
