"""What the sterilisation declines to do."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.sterilisation.rules import Fault, Lack
from quenotte.kernel.errors import Refusal


class NotOurs(Refusal):
    """The autoclave, the cycle or the pouch is not one of this practice."""

    message = _("Cet élément n’existe pas dans votre cabinet. Rien n’a été enregistré.")


class NameTaken(Refusal):
    """Two autoclaves of one name."""

    message = _("Un autre autoclave porte déjà ce nom. Rien n’a été enregistré.")


class NumberTaken(Refusal):
    """The cycle is written already."""

    message = _(
        "Ce numéro de cycle est déjà pris pour cet autoclave : une autre personne l’a peut-être "
        "lancé. Rien n’a été enregistré : relisez la liste."
    )


class StillRunning(Refusal):
    """The autoclave has a cycle that nobody ended."""

    message = _("Un cycle est déjà en cours dans cet autoclave. Terminez-le d’abord.")


class WrongStep(Refusal):
    """The cycle has moved on meanwhile."""

    message = _("Ce cycle n’en est plus là : une autre personne l’a fait avancer. Relisez-le.")


class NoReason(Refusal):
    """A failure does not say why."""

    message = _("Dites pourquoi le cycle est non conforme, en quelques mots.")


class IndicatorFailed(Refusal):
    """Nobody lets go of a load whose indicator did not turn."""

    message = _(
        "L’indicateur de ce cycle n’a pas viré : il ne peut pas être déclaré conforme. "
        "Déclarez-le non conforme, et recommencez la charge."
    )


class DayTestFailed(Refusal):
    """The test of the day failed, and nobody wrote why the load may be used."""

    message = _(
        "Le test du jour de cet autoclave n’est pas conforme : le cycle n’est pas libéré. "
        "Écrivez pourquoi il peut l’être, ou déclarez-le non conforme."
    )


class DayUntested(Refusal):
    """No test was noted that day, and nobody confirmed the release."""

    message = _(
        "Aucun test du jour n’est noté pour ce cycle : il n’est pas libéré. "
        "Notez le test, puis confirmez que vous libérez cette charge."
    )


class TooManyPouches(Refusal):
    """None, or more than an autoclave holds."""

    message = _("Indiquez entre 1 et 80 sachets. Rien n’a été enregistré.")


class LoadReleased(Refusal):
    """The load is declared good: what was not in it cannot join it."""

    message = _(
        "Ce cycle est déjà libéré : un sachet de plus n’aurait pas été stérilisé avec lui. "
        "Rien n’a été ajouté. Imprimez les étiquettes qui existent, ou ajoutez le sachet à un "
        "autre cycle avant sa libération."
    )


class NotATicket(Refusal):
    """The file is no picture and no PDF."""

    message = _(
        "Ce fichier n’est pas un ticket lisible (PDF, JPEG ou PNG, 10 Mo au plus). "
        "Rien n’a été enregistré."
    )


class UnknownPouch(Refusal):
    """No pouch has this code."""

    message = _("Aucun sachet ne porte ce code. Relisez l’étiquette ; rien n’a été enregistré.")


class PouchExpired(Refusal):
    """The pouch is too old."""

    message = _("Ce sachet est périmé : il n’a pas été rattaché. Prenez-en un autre.")


class CycleNotReleased(Refusal):
    """Nobody let the cycle go."""

    message = _(
        "Le cycle de ce sachet n’est pas encore libéré : il n’a pas été rattaché. "
        "Libérez le cycle, ou prenez un autre sachet."
    )


class CycleFailed(Refusal):
    """The cycle was declared failed."""

    message = _(
        "Le cycle de ce sachet est non conforme : il n’a pas été rattaché. Mettez-le de côté."
    )


class PouchUsed(Refusal):
    """The pouch was opened for somebody else."""

    message = _(
        "Ce sachet est déjà rattaché à un autre patient : il n’a pas été rattaché ici. "
        "Vérifiez l’étiquette, ou défaites l’autre rattachement."
    )


class AlreadyHere(Refusal):
    """The pouch was scanned twice."""

    message = _("Ce sachet est déjà rattaché à ce patient : rien à refaire.")


class AlreadyUndone(Refusal):
    """Somebody took it back meanwhile."""

    message = _("Ce sachet est déjà retiré de ce dossier. Rien n’a été modifié.")


LACKS: Final[dict[Lack, type[Refusal]]] = {
    Lack.TEST_FAILED: DayTestFailed,
    Lack.NO_TEST: DayUntested,
}
#: What is said of a pouch that may have been opened before anybody knew.
MAY_BE_OPEN: Final = (PouchExpired, CycleNotReleased, CycleFailed)
REFUSALS: Final[dict[Fault, type[Refusal]]] = {
    Fault.NOT_RELEASED: CycleNotReleased,
    Fault.FAILED: CycleFailed,
    Fault.EXPIRED: PouchExpired,
    Fault.USED: PouchUsed,
    Fault.HERE: AlreadyHere,
}
