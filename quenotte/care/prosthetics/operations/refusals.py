"""What is declined about implants and the work of laboratories."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class NotHere(Refusal):
    """The order, the laboratory or the device is not one of this record, or of this practice."""

    message = _("Cet élément n’est plus dans ce dossier. Rien n’a été enregistré.")


class LaboratoryTaken(Refusal):
    """Two laboratories of one name."""

    message = _("Un autre laboratoire porte déjà ce nom. Rien n’a été enregistré.")


class WrongTooth(Refusal):
    """The number is no FDI number, or none was given where one is needed."""

    message = _("Le numéro de dent n’existe pas, ou manque (notation FDI : 11 à 48, 51 à 85).")


class WrongStep(Refusal):
    """The order has moved on meanwhile."""

    message = _(
        "Ce travail n’en est plus là : une autre personne l’a fait avancer. Rien n’a été écrasé : "
        "relisez-le."
    )


class AlreadyRemade(Refusal):
    """Another order replaces this one."""

    message = _(
        "Ce travail a été commandé de nouveau : il ne change plus. Rien n’a été enregistré ; "
        "suivez le nouveau travail, ou annulez-le d’abord."
    )


class NoConformity(Refusal):
    """A piece made to measure is fitted without its declaration."""

    message = _(
        "La déclaration de conformité du laboratoire manque. Rien n’a été enregistré : "
        "joignez-la, ou cochez « posé quand même » et demandez-la au laboratoire."
    )


class DeviceExpired(Refusal):
    """The device is too old."""

    message = _("Ce dispositif est périmé : il n’a pas été inscrit. Vérifiez la date ou le lot.")
    next_step = _("S’il est déjà en bouche, dites plus bas pourquoi vous l’inscrivez quand même.")


class DeviceRecalled(Refusal):
    """The stock knows its lot as recalled."""

    message = _("Le lot de ce dispositif est rappelé : il n’a pas été inscrit. Prenez-en un autre.")
    next_step = _(
        "S’il est déjà en bouche, dites plus bas pourquoi vous l’inscrivez quand même : le patient "
        "sera sur la liste de rappel."
    )


class AlreadyPlaced(Refusal):
    """One piece cannot be in two mouths, nor twice in one."""

    message = _(
        "Cette pièce (même code, même numéro de série) est déjà inscrite comme posée. "
        "Rien n’a été enregistré deux fois."
    )


class AlreadyOut(Refusal):
    """The device was removed, or struck out, meanwhile."""

    message = _("Ce dispositif est déjà déposé ou annulé. Rien n’a été modifié.")


class NoReason(Refusal):
    """A removal does not say why."""

    message = _("Dites pourquoi ce dispositif est déposé ou annulé, en quelques mots.")


class NothingForAPassport(Refusal):
    """No implant is in this mouth."""

    message = _("Aucun implant n’est inscrit dans ce dossier : le passeport serait vide.")
