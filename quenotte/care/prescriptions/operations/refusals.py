"""Why a prescription or a letter is not written, as people read it."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class PaperChanged(Refusal):
    """Somebody else changed the draft since it was shown."""

    message = _("Quelqu’un d’autre vient de modifier ce brouillon.")
    next_step = _(
        "Rien n’est écrasé : ce que vous venez de taper est encore à l’écran. Rechargez la page "
        "pour voir le sien, puis reprenez votre modification."
    )


class NotDropped(PaperChanged):
    """A draft that changed since the page of whoever gives it up was shown."""

    message = _("Quelqu’un d’autre vient de modifier ce brouillon : il n’est pas abandonné.")
    next_step = _("Rien n’est perdu. Relisez-le ci-dessous, puis abandonnez-le s’il le faut.")


class DraftMoved(Refusal):
    """What ``PaperChanged`` says on a page that shows both: what is written, and what was typed."""

    message = PaperChanged.message
    next_step = _(
        "Rien n’est écrasé : le sien est affiché. Ce que vous aviez tapé est écrit à côté : "
        "reprenez-en ce qu’il faut."
    )


class Dropped(Refusal):
    """A draft that somebody gave up while it was written on."""

    message = _("Ce brouillon vient d’être abandonné.")
    next_step = _(
        "Ce que vous aviez tapé n’est pas perdu : c’est écrit sur cette page. Recopiez-le dans un "
        "nouveau brouillon."
    )


class DroppedUntouched(Dropped):
    """The same, where nothing was typed that it did not hold."""

    next_step = _(
        "Vous n’aviez rien tapé depuis le dernier enregistrement. S’il le faut, commencez un "
        "nouveau brouillon."
    )


class AlreadyIssued(Refusal):
    """A paper that was issued never changes."""

    message = _("Cette ordonnance est déjà émise : elle ne se modifie plus.")
    next_step = _("Rien n’a été modifié. Pour la corriger, annulez-la, puis refaites-la.")


class IssuedMeanwhile(Refusal):
    """A draft that was issued while it was written on."""

    message = _("Ce document vient d’être émis : il ne se modifie plus.")
    next_step = _(
        "Ce que vous aviez tapé n’est pas perdu : c’est écrit sur cette page. Pour corriger le "
        "document, annulez-le, puis refaites-le."
    )


class CancelledMeanwhile(Refusal):
    """A draft that was issued, and the paper cancelled, while it was written on."""

    message = _("Ce document a été émis, puis annulé : il ne se modifie plus.")
    next_step = _(
        "Ce que vous aviez tapé n’est pas perdu : c’est écrit sur cette page. Refaites le "
        "document, avec ce qu’il faut en reprendre."
    )


class NothingPrescribed(Refusal):
    """A prescription without a line."""

    message = _("Cette ordonnance est vide.")
    next_step = _("Rien n’a été émis. Ajoutez un médicament, puis recommencez.")


class TooManyLines(Refusal):
    """More lines than a prescription holds."""

    message = _("Une ordonnance tient vingt lignes au plus.")
    next_step = _("Rien n’est perdu. Faites une seconde ordonnance pour la suite.")


class NotSeen(Refusal):
    """Reminders came that the page did not show yet."""

    message = _("Un rappel est apparu depuis l’affichage de la page.")
    next_step = _("Rien n’a été émis : relisez-le, puis émettez de nouveau.")


class NotConfirmed(Refusal):
    """A grave reminder was shown, and nobody said that she has read it."""

    def __init__(self, words: str) -> None:
        super().__init__(self.message % {"words": words}, next_step=self.next_step)

    message = _("Rien n’a été émis. %(words)s")
    next_step = _("Cochez « J’ai lu le rappel et je confirme », ou changez la ligne.")


class NotIssued(Refusal):
    """What is cancelled or renewed was issued."""

    message = _("Cette ordonnance n’est pas émise.")
    next_step = _("Rien n’a été modifié. Rechargez la page.")


class ReasonMissing(Refusal):
    """A paper is cancelled for a reason that is said."""

    message = _("Dites pourquoi vous annulez, en quelques mots.")
    next_step = _("Rien n’a été modifié.")


class NoSuchTemplate(Refusal):
    """The template was taken off the list meanwhile."""

    message = _("Ce modèle n’est plus dans la liste.")
    next_step = _("Rien n’a été modifié. Choisissez-en un autre.")


class TemplateUnread(Refusal):
    """No practitioner of the practice has read a template of antibiotics yet."""

    message = _("Ce modèle contient un antibiotique et n’a pas encore été relu au cabinet.")
    next_step = _(
        "Rien n’a été modifié. Un praticien le lit et le valide une fois : « Cabinet », "
        "« Ordonnances », puis le modèle."
    )


class NoSuchLine(Refusal):
    """What was proposed is not there any more."""

    message = _("Ce médicament n’est plus dans la liste.")
    next_step = _("Rien n’a été modifié. Cherchez-le de nouveau, ou écrivez-le.")


class TemplateChanged(Refusal):
    """Somebody else changed the template."""

    message = _("Quelqu’un d’autre vient de modifier ce modèle.")
    next_step = _("Rien n’est écrasé : rechargez la page, puis reprenez votre modification.")


class UnknownPlace(Refusal):
    """A template names something that nobody fills."""

    message = _("Un mot entre accolades n’est pas un champ connu.")
    next_step = _("Rien n’a été enregistré. Les champs possibles sont nommés sous le texte.")


class Incomplete(Refusal):
    """Something is left to write in a letter."""

    message = _("Il reste des passages « à compléter » dans le texte.")
    next_step = _("Rien n’a été émis. Complétez-les ou retirez-les, puis recommencez.")


class DentistSigns(Refusal):
    """A paper that a dentist alone issues."""

    message = _("Seul un praticien émet ce document.")
    next_step = _("Votre brouillon est gardé : il le trouvera dans le dossier.")


class NoDrugFile(Refusal):
    """The folder does not hold the public file."""

    message = _("Ce dossier ne contient pas les fichiers de la base publique des médicaments.")
    next_step = _(
        "Rien n’a été modifié. Il y faut CIS_bdpm.txt, CIS_CIP_bdpm.txt et CIS_COMPO_bdpm.txt, "
        "tels que téléchargés."
    )


class WrongDrugFile(Refusal):
    """A file of the folder is not laid out as it is published."""

    message = _("Un fichier de la base publique des médicaments n’a pas la forme attendue.")


class FewDrugs(Refusal):
    """The file has so few medicines that it was cut."""

    message = _("Ce fichier compte beaucoup moins de médicaments que celui qui est en place.")
    next_step = _("Rien n’a été modifié : il est sans doute incomplet. Téléchargez-le de nouveau.")
