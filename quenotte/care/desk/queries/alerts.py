"""What a gestionnaire must look at, counted: each count leads to the page that explains it."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base.audit import queries as journal
from quenotte.base.files import operations as files
from quenotte.base.jobs import queries as jobs


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at: how many, in which words, where it is explained."""

    count: int
    words: str
    url: str
    tone: str
    icon: str
    #: Fewer than this are an ordinary day: told in the list, they change no light.
    lights_from: int = 1
    is_of_security: bool = True

    @property
    def lights_up(self) -> bool:
        """Whether the light of the top bar changes for it."""
        return self.count >= self.lights_from


#: Somebody mistypes a password every day; five refusals in two days are worth a light.
_ORDINARY_REFUSALS = 5


def alerts(practice_id: UUID) -> list[Alert]:
    """Return what is worth a look since yesterday morning; nothing when all is well."""
    today = timezone.localdate()
    since = timezone.make_aware(datetime.combine(today - timedelta(days=1), time()))
    found = journal.incidents(practice_id, since)
    page = reverse("audit:journal")
    day = f"since={today - timedelta(days=1):%d/%m/%Y}"
    given_up = jobs.counts().get("failed", 0)
    all_of_them = [
        Alert(
            found.refused_logins,
            ngettext(
                "%(n)s connexion refusée depuis hier",
                "%(n)s connexions refusées depuis hier",
                found.refused_logins,
            ),
            f"{page}?action=failure&{day}",
            "attention",
            "key-round",
            lights_from=_ORDINARY_REFUSALS,
        ),
        Alert(
            found.lockouts,
            ngettext(
                "%(n)s identifiant bloqué après cinq essais",
                "%(n)s identifiants bloqués après cinq essais",
                found.lockouts,
            ),
            f"{page}?action=failure&result=not_ok&{day}",
            "danger",
            "lock",
        ),
        Alert(
            found.refused_pages,
            ngettext(
                "%(n)s accès refusé par un rôle",
                "%(n)s accès refusés par un rôle",
                found.refused_pages,
            ),
            f"{page}?result=not_ok&{day}",
            "attention",
            "shield-alert",
            lights_from=_ORDINARY_REFUSALS,
        ),
        Alert(
            found.stolen_logins,
            ngettext(
                "%(n)s connexion présentée depuis un autre poste, refusée et fermée",
                "%(n)s connexions présentées depuis un autre poste, refusées et fermées",
                found.stolen_logins,
            ),
            f"{page}?action=failure&result=not_ok&{day}",
            "danger",
            "shield-alert",
        ),
        Alert(
            found.broken_glass,
            ngettext(
                "%(n)s dossier ouvert en urgence, avec une raison à relire",
                "%(n)s dossiers ouverts en urgence, avec une raison à relire",
                found.broken_glass,
            ),
            f"{page}?{day}",
            "attention",
            "eye",
        ),
        Alert(
            found.broken_seals,
            ngettext(
                "%(n)s rupture du journal : appelez votre technicien",
                "%(n)s ruptures du journal : appelez votre technicien",
                found.broken_seals,
            ),
            f"{page}?{day}",
            "danger",
            "octagon-alert",
        ),
        Alert(
            given_up,
            ngettext(
                "%(n)s tâche du serveur en échec", "%(n)s tâches du serveur en échec", given_up
            ),
            f"{reverse('jobs:runs')}?etat=failed",
            "danger",
            "server",
            is_of_security=False,
        ),
        Alert(
            0 if files.has_room() else 1,
            _("disque presque plein : appelez votre technicien"),
            f"{reverse('jobs:runs')}",
            "danger",
            "hard-drive",
            is_of_security=False,
        ),
    ]
    return [replace(one, words=one.words % {"n": one.count}) for one in all_of_them if one.count]
