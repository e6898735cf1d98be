"""What a kit is worth, in words: what it is, what to do."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.upkeep.kits.queries import Pace, Situation
from quenotte.upkeep.restores.rules import Light, Standing

#: Each standing: what is true, what to do.
STANDINGS: Final = {
    Standing.MISSING: (
        _("Aucune feuille de secours n’a été imprimée."),
        _("Si le serveur disparaît, rien n’ouvre les copies. Imprimez-la maintenant."),
    ),
    Standing.OUTDATED: (
        _("Un emplacement ou une adresse a changé depuis l’impression."),
        _("La feuille ne nomme pas toutes les copies : imprimez-en une nouvelle."),
    ),
    Standing.UNPROVEN: (
        _("La feuille est imprimée, mais personne ne l’a encore essayée."),
        _("Retapez la clé depuis le papier, sur un autre poste."),
    ),
    Standing.PROVEN: (
        _("La feuille a été retapée depuis le papier, et une restauration a réussi avec elle."),
        _("Rien à faire : gardez-la au coffre, hors du cabinet."),
    ),
    Standing.DUE: (
        _("La dernière preuve de la feuille a plus de six mois."),
        _("Retapez la clé depuis le papier, sur un autre poste."),
    ),
    Standing.LEAKED: (
        _("La feuille a été vue ou perdue : elle ouvre encore les copies."),
        _("Imprimez-en une autre : les prochaines copies iront dans un dépôt qu’elle seule ouvre."),
    ),
}
#: The same of the three shares, which are beside the sheet.
SHARES: Final = {
    Standing.MISSING: "",
    Standing.OUTDATED: _("Un emplacement ou une adresse a changé depuis : faites-en d’autres."),
    Standing.UNPROVEN: _("Personne ne les a encore essayées : réunissez-en deux."),
    Standing.PROVEN: _("Deux parts ont été retapées, et une restauration a réussi avec elles."),
    Standing.DUE: _("Leur dernière preuve a plus de six mois : réunissez-en deux."),
    Standing.LEAKED: _(
        "Elles ont été vues ou perdues, et deux d’entre elles ouvrent encore les copies : "
        "faites-en d’autres."
    ),
}
#: As the kit names the colours of a badge, and the word that goes with each.
TONES: Final = {
    Light.GREEN: ("ok", _("prouvée"), "circle-check"),
    Light.AMBER: ("attention", _("à prouver"), "triangle-alert"),
    Light.RED: ("danger", _("à faire maintenant"), "octagon-alert"),
}

#: How far the restore has come that follows a typed key, as a step of the ceremony says it.
PACES: Final = {
    Pace.SOON: _("commence dans la minute"),
    Pace.WAITING: _("en attente de la sauvegarde en cours"),
    Pace.BEGUN: _("en cours"),
}
_TO_WAIT: Final = {
    Pace.SOON: _("La restauration d’essai commence dans la minute : rien à retaper."),
    Pace.WAITING: _(
        "La restauration d’essai attend la fin de la sauvegarde en cours sur ce serveur, puis "
        "commence d’elle-même : rien à retaper."
    ),
    Pace.BEGUN: _("La restauration d’essai est en cours : rien à retaper."),
}
#: Where a key that was typed, and not proved yet, is what there is to say.
_OPEN: Final = frozenset({Standing.UNPROVEN, Standing.DUE})


def sheet_words(found: Situation) -> tuple[str, str]:
    """Return what is true of the sheet, and what to do."""
    is_true, to_do = STANDINGS[found.standing]
    if found.standing in _OPEN and found.pace is not Pace.NONE:
        is_true, to_do = _("La clé a été retapée depuis le papier."), _TO_WAIT[found.pace]
    elif found.standing in _OPEN and found.last_failed:
        is_true = _("La clé a été retapée, mais la restauration d’essai a échoué.")
        to_do = _("Une fois la cause réglée, retapez la clé sur un autre poste.")
    return str(is_true), str(to_do)


def shares_words(found: Situation) -> str:
    """Return what is said of the three shares."""
    if found.standing in _OPEN and found.pace is not Pace.NONE:
        return " ".join([str(_("Deux parts ont été retapées.")), str(_TO_WAIT[found.pace])])
    if found.standing in _OPEN and found.last_failed:
        words = _("Deux parts ont été retapées, mais la restauration d’essai a échoué : {why}")
        return words.format(why=found.last_failed.outcome)
    return str(SHARES[found.standing])
