"""What is refused about the machines, in the words of the page."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class UnknownMachineToken(Refusal):
    """No token reads like this, or it was revoked, has expired or is used up.

    An agent is told no more: which of them it is helps only who guesses.
    """

    message = _("Ce code n’ouvre rien.")
    next_step = _("Vérifiez-le sur la page « Postes », ou faites-en un nouveau.")


class TooManyWorkstations(Refusal):
    """A code for more machines than a practice has."""

    message = _("Un code vaut pour 1 à 200 postes.")
    next_step = _("Rien n’a été créé. Indiquez combien de postes vous ajoutez.")


class AlreadyDecidedHere(Refusal):
    """Somebody else accepted or revoked it meanwhile."""

    message = _("Quelqu’un a déjà décidé pour ce poste.")
    next_step = _("Rien n’a été changé. La liste est à jour.")


class NothingToBear(Refusal):
    """The fault is not there any more, or another one is."""

    message = _("Ce constat a changé entre-temps.")
    next_step = _("Rien n’a été noté. Relisez la page du poste.")


class NoReasonGiven(Refusal):
    """Somebody bears a fault without saying why, or for longer than a year."""

    message = _("Il faut une raison, et une fin dans l’année.")
    next_step = _("Dites en quelques mots pourquoi vous l’acceptez, et jusqu’à quand.")
