"""What was told, word for word in plain French; what was opened; why nobody was heard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quenotte.base.copies import LIGHTS, REASONS
from quenotte.devices.agents.dialling import Why
from quenotte.kernel.dates import day_and_clock
from quenotte.upkeep.pulse.rules import STRANGE
from quenotte.wire.answers import Code
from quenotte.wire.pulses import Medium

_MOMENTS: Final = (
    ("restorable_until", _("Le cabinet peut revenir tel qu’il était le")),
    ("proven_at", _("Dernière sauvegarde restaurée pour preuve")),
    ("offline_copied_at", _("Dernière copie sur un support que l’on débranche")),
)
_MEDIA: Final[Mapping[str, Promise]] = {
    Medium.PLUGGED.value: _("branché depuis le {at}"),
    Medium.UNPLUGGED.value: _("débranché : vu le {at}"),
    Medium.UNKNOWN.value: _("inconnu : ce serveur n’a pas pu regarder"),
    Medium.NONE.value: _("sans objet : aucun disque n’est inscrit"),
}

#: What the last answer means.
ANSWERS: Final[Mapping[str, Promise]] = {
    Code.ACCEPTED.value: _("Le prestataire l’a bien reçu."),
    Code.QUARANTINED.value: _(
        "Le prestataire a reçu la demande : une personne de chez lui doit encore accepter ce "
        "serveur, en cochant « serveur du cabinet »."
    ),
    Code.UNKNOWN_NODE.value: _(
        "Le prestataire n’a pas encore accepté ce serveur, ou ne l’accepte plus : une personne de "
        "chez lui doit le faire, en cochant « serveur du cabinet »."
    ),
    Code.SEND_REPORT.value: _("Le prestataire l’a bien reçu."),
}

#: Why nobody was heard.
TROUBLES: Final[Mapping[str, Promise]] = {
    Why.NOT_HTTPS.value: _("l’adresse ne promet pas de connexion chiffrée"),
    Why.NO_ANSWER.value: _("le prestataire ne répond pas"),
    Why.CERTIFICATE.value: _("rien ne prouve que c’est bien lui qui répond"),
    Why.CERTIFICATE_OVER.value: _("son certificat n’est pas valable à cette date"),
    Why.OTHER_NAME.value: _("son certificat est à un autre nom"),
    Why.TOO_LONG.value: _("sa réponse est trop longue"),
    Why.OURS.value: _("il demande un certificat à ce serveur, ou n’accepte pas le sien"),
    Why.OUR_FILES.value: _("le certificat de ce serveur n’est pas utilisable"),
    STRANGE: _("sa réponse n’est pas comprise"),
}

#: What may be opened of this practice at the provider's; a code of another release says itself.
OPENED: Final[Mapping[str, Promise]] = {
    "fleet": _("la page de votre cabinet"),
    "machine": _("la page d’un poste"),
    "changes": _("les changements d’un poste"),
    "openings": _("la liste de ceux qui vous ont ouverts"),
    "search": _("une recherche où votre cabinet apparaît"),
    "export": _("une liste emportée où votre cabinet apparaît"),
    "evidence": _("votre dossier de preuves"),
    "question": _("une question posée à vos postes"),
    "answers": _("les réponses de vos postes à une question"),
    "incident": _("un incident de votre cabinet"),
    "incidents": _("une liste d’incidents où votre cabinet apparaît"),
    "enrolment": _("l’inscription d’un poste"),
    "digest": _("le bilan de votre cabinet"),
    "maintenance": _("une fenêtre de maintenance chez vous"),
    "exemption": _("une exception accordée chez vous"),
    "software": _("les logiciels de vos postes"),
    "customer": _("la fiche de votre cabinet"),
    "contract": _("votre contrat"),
    "former": _("la liste des anciens cabinets, où le vôtre apparaît"),
    "licences": _("une liste de licences où votre cabinet apparaît"),
}


class Line(NamedTuple):
    """One thing that was told: what it is, and what was said of it."""

    label: str
    words: str


def lines_of(body: Mapping[str, Any]) -> list[Line]:
    """Return every word of what crossed, in the order in which people ask."""
    light = str(LIGHTS[body["light"]])
    reasons = [str(REASONS[one]) for one in body["reasons"]]
    return [
        Line(str(_("Voyant des sauvegardes")), light),
        Line(str(_("Pourquoi")), " ".join(reasons) or str(_("rien à signaler"))),
        *(Line(str(label), _when(body[name])) for name, label in _MOMENTS),
        Line(str(_("Disque de sauvegarde")), _medium(body)),
        Line(str(_("Anomalie ouverte")), str(_("oui") if body["has_anomaly"] else _("non"))),
        Line(str(_("Heure de ce serveur")), _moment(body["sent_at"])),
    ]


def opened(what: str) -> str:
    """Return what was opened, in words."""
    return str(OPENED.get(what, what))


def _medium(body: Mapping[str, Any]) -> str:
    """Return what was told of the disk; before version 2 of it, since when it is plugged alone."""
    since = body.get("medium_plugged_since")
    state = body.get("medium", Medium.PLUGGED.value if since else Medium.UNKNOWN.value)
    at = body.get("medium_at", since)
    return str(_MEDIA[state]).format(at=_moment(at) if at else "")


def _when(told: str | None) -> str:
    return _moment(told) if told else str(_("jamais"))


def _moment(told: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(told))
    return day_and_clock(at)
