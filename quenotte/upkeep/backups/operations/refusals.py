"""What is refused of a place that is prepared, of its key, of its year."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class EmptyPassphrase(Refusal):
    """A repository that anybody opens."""

    message = _("La clé est vide : rien n’a été préparé.")
    next_step = _("Donnez le fichier qui contient la clé de la feuille de secours.")


class OtherPassphrase(Refusal):
    """A repository is there, and this passphrase is none of its keys."""

    message = _("Il y a déjà un dépôt à cet endroit, et cette clé ne l’ouvre pas.")
    next_step = _(
        "Rien n’a été modifié. Prenez la clé de la feuille qui porte l’adresse de ce dépôt, ou "
        "donnez un autre endroit."
    )


class OtherRepository(Refusal):
    """The place holds another repository than the one that was prepared."""

    message = _("Ce n’est plus le même dépôt à cet endroit.")
    next_step = _(
        "Rien n’y a été écrit. Vérifiez que le bon support est branché ; si le dépôt a été refait, "
        "« quenotte backup init » le reprend."
    )


class EpochBegun(Refusal):
    """The repository of this year is the one in use."""

    message = _("Le dépôt de cette année est déjà celui qui sert.")
    next_step = _(
        "Rien n’a été modifié. Pour une clé toute neuve, préparez un autre emplacement, puis "
        "retirez celui-ci."
    )


class KeysClosed(Refusal):
    """A place takes no new key, so that none is given one."""

    message = _("Un emplacement ne prend pas de nouvelle clé : la feuille n’a pas été faite.")
    next_step = _(
        "Rien n’a changé, nulle part : les copies continuent comme avant. Branchez tous les "
        "supports ; si c’est un coffre dont les clés sont closes, demandez au prestataire de les "
        "rouvrir, donnez votre accord, puis refaites la feuille."
    )


class NothingGoes(Refusal):
    """While an anomaly is open no copy is given up."""

    message = _("Rien n’est retiré : une anomalie est ouverte.")
    next_step = _("Tant qu’elle n’est pas comprise, chaque copie compte : clôturez-la d’abord.")
