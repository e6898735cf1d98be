"""What the stock declines to do."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.stock.rules import Fault
from quenotte.kernel.errors import Refusal


class NoSuchLot(Refusal):
    """The lot, or the article, is not one of this practice."""

    message = _("Ce lot ou cet article n’existe pas dans votre cabinet. Rien n’a été enregistré.")


class WrongQuantity(Refusal):
    """Nothing, or more than anybody can mean."""

    message = _("La quantité doit être un nombre entier, au moins 1. Rien n’a été enregistré.")


class NotEnough(Refusal):
    """The ledger says that less is left."""

    message = _("Le stock de ce lot ne suffit pas : rien n’a été enregistré.")
    next_step = _("Si la boîte est bien là, corrigez d’abord le stock en disant pourquoi.")


class LotExpired(Refusal):
    """The last day of the lot is past."""

    message = _("Ce lot est périmé : il n’a pas été utilisé. Prenez un autre lot.")


class LotRecalled(Refusal):
    """The lot was recalled."""

    message = _("Ce lot est rappelé : il n’a pas été utilisé. Mettez-le de côté.")


class NoReason(Refusal):
    """A loss or a correction does not say why."""

    message = _("Dites pourquoi en quelques mots : une perte ou une correction porte un motif.")


class NoNumber(Refusal):
    """A lot is set aside without saying which."""

    message = _("Tapez le numéro du lot rappelé. Rien n’a été enregistré.")


class OtherExpiry(Refusal):
    """The lot is known with another expiry."""

    message = _(
        "Ce lot est déjà connu avec une autre date de péremption. Rien n’a été enregistré : "
        "vérifiez l’étiquette."
    )
    next_step = _("Si c’est la date du stock qui est fausse, corrigez-la sur la page du lot.")


class SerialKnown(Refusal):
    """One piece cannot arrive twice."""

    message = _(
        "Cette pièce (numéro de série) est déjà en stock : elle n’a pas été ajoutée deux fois."
    )


class HeldByDevice(Refusal):
    """The piece is written as placed in a mouth: the two go together."""

    message = _(
        "Cette pièce est inscrite comme posée chez un patient : rien n’a été annulé. "
        "Annulez son inscription dans le dossier, et la pièce revient au stock."
    )


class NotConcerned(Refusal):
    """Nobody has to be told: she did not receive the lot, or it is recalled no more."""

    message = _("Ce patient n’a pas reçu ce lot, ou le lot n’est plus rappelé. Rien n’a été noté.")


class GtinTaken(Refusal):
    """Two articles cannot have one code."""

    message = _("Un autre article porte déjà ce code GTIN. Rien n’a été enregistré.")


class ArticleChanged(Refusal):
    """Somebody else saved the article meanwhile."""

    message = _(
        "Une autre personne a modifié cet article entre-temps. Rien n’a été écrasé : relisez-le, "
        "puis reprenez votre modification."
    )


class AlreadyTakenBack(Refusal):
    """The movement was taken back by somebody else."""

    message = _("Ce mouvement est déjà annulé. Rien n’a été modifié.")


class StockMoved(Refusal):
    """A lot moved while it was being counted."""

    message = _(
        "Le stock a bougé pendant le comptage. Vos chiffres sont gardés, rien n’est corrigé : "
        "recomptez les lots signalés."
    )


class PatientElsewhere(Refusal):
    """The record is not one of this practice."""

    message = _("Ce dossier n’existe plus ou n’est pas de votre cabinet. Rien n’a été enregistré.")


REFUSALS: Final[dict[Fault, type[Refusal]]] = {
    Fault.NOTHING: WrongQuantity,
    Fault.TOO_MUCH: WrongQuantity,
    Fault.NOT_ENOUGH: NotEnough,
    Fault.EXPIRED: LotExpired,
    Fault.RECALLED: LotRecalled,
    Fault.NO_REASON: NoReason,
}
