"""Why a document is not kept or not changed, as people read it."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class DocumentRefusal(Refusal):
    """The base of what is declined about documents."""


class NotAPdf(DocumentRefusal):
    """The bytes are no PDF that can be opened."""

    message = _("Ce PDF ne s’ouvre pas : il est incomplet ou abîmé.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Demandez-en une autre copie, "
        "puis recommencez."
    )


class CannotPrint(DocumentRefusal):
    """A paper could not be set, whatever the reason: the log has it."""

    message = _("Le document n’a pas pu être mis en page.")
    next_step = _(
        "Rien n’a été émis ni perdu : ce qui est saisi est gardé. Recommencez ; si cela dure, "
        "prévenez le technicien."
    )


class CannotMark(DocumentRefusal):
    """A copy of what holds no more could not be marked, and does not leave bare."""

    message = _("Ce document ne vaut plus, et la mention n’a pas pu être posée sur sa copie.")
    next_step = _(
        "Rien n’est téléchargé, le document reste tel quel. Imprimez-le depuis sa page : le "
        "papier porte la mention."
    )


class Locked(DocumentRefusal):
    """A PDF that asks for a password."""

    message = _("Ce PDF est protégé par un mot de passe.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Ouvrez-le, enregistrez-en une "
        "copie sans mot de passe, puis déposez-la."
    )


class NotAPicture(DocumentRefusal):
    """The bytes begin like a picture and are none that can be shown."""

    message = _("Cette image ne s’ouvre pas : elle est incomplète ou abîmée.")
    next_step = _(
        "Elle n’a pas été enregistrée, rien d’autre n’est perdu. Ouvrez-la ailleurs pour la "
        "vérifier, puis recommencez."
    )


class TooManyPixels(DocumentRefusal):
    """A picture that would fill the memory once opened."""

    message = _("Cette image a trop de pixels pour être affichée.")
    next_step = _(
        "Elle n’a pas été enregistrée, rien d’autre n’est perdu. Réduisez-la, puis recommencez."
    )


class TooLong(DocumentRefusal):
    """A PDF with too many pages, or that takes too long to open."""

    message = _("Ce PDF est trop long ou trop lourd à ouvrir.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Découpez-le, puis recommencez."
    )


class TooBig(DocumentRefusal):
    """A file larger than a document is."""

    message = _("Ce fichier est trop volumineux pour un document : 50 Mo au plus.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Réduisez-le, puis recommencez."
    )


class Empty(DocumentRefusal):
    """Nothing was in the file."""

    message = _("Ce fichier ne contient rien.")
    next_step = _(
        "Rien n’a été ajouté, rien d’autre n’est perdu. Choisissez un autre fichier, "
        "puis recommencez."
    )


class OtherPicture(DocumentRefusal):
    """A picture of a kind that browsers don't show: TIFF, HEIC, WebP."""

    message = _("Ce format d’image (TIFF, HEIC, WebP…) ne s’affiche pas partout.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Enregistrez l’image en JPEG ou en "
        "PNG, puis déposez-la. Une radiographie se dépose dans « Images »."
    )


class OfficeFile(DocumentRefusal):
    """A word processor's file, or an archive."""

    message = _("Ce fichier est une archive ou un document de traitement de texte.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Ouvrez-le, enregistrez-le en PDF, "
        "puis déposez le PDF."
    )


class NotKept(DocumentRefusal):
    """Bytes of a kind that no record holds."""

    message = _("Ce type de fichier n’est pas accepté dans un dossier.")
    next_step = _(
        "Il n’a pas été enregistré, rien d’autre n’est perdu. Déposez un PDF, une image JPEG ou "
        "PNG, ou un texte."
    )


class AlreadyThere(DocumentRefusal):
    """The very same bytes are in this record."""

    message = _("Ce fichier est déjà dans ce dossier.")

    def __init__(
        self, title: str = "", *, is_withdrawn: bool = False, is_hidden: bool = False
    ) -> None:
        words = _("Ce fichier est déjà dans ce dossier : « %(title)s ». Rien n’a été ajouté.")
        if is_withdrawn:
            words = _(
                "Ce fichier est parmi les documents retirés de ce dossier : « %(title)s ». Rien "
                "n’a été ajouté : remettez-le, il y est en entier."
            )
        if is_hidden:
            words = _(
                "Ce fichier est déjà dans ce dossier, parmi les documents que seuls les soignants "
                "lisent. Rien n’a été ajouté."
            )
        super().__init__(words % {"title": title} if title or is_hidden else None)


class Changed(DocumentRefusal):
    """Somebody else changed the document since it was shown."""

    message = _("Quelqu’un d’autre vient de modifier ce document.")
    next_step = _("Rien n’est écrasé : la page montre maintenant ce qui est enregistré.")


class Sealed(DocumentRefusal):
    """A document that was made here and signed."""

    message = _("Ce document a été émis par le cabinet : il ne se modifie pas.")
    next_step = _("S’il est faux, sa page dit quoi faire.")


class NoReason(DocumentRefusal):
    """A document is withdrawn or cancelled for a reason that is said."""

    message = _("Dites en quelques mots pourquoi.")
    next_step = _("Rien n’a été modifié.")


class NothingToTakeBack(DocumentRefusal):
    """The document has one version."""

    message = _("Ce document n’a pas d’autre version.")
    next_step = _("Rien n’a été modifié.")


class Withdrawn(DocumentRefusal):
    """The document is hidden: it is put back first."""

    message = _("Ce document est retiré du dossier.")
    next_step = _("Rien n’a été modifié. Remettez-le d’abord dans le dossier.")


class AlreadyOut(DocumentRefusal):
    """A file that would be a duplicate, asked from a page that did not say so."""

    message = _("Ce document a été imprimé ou téléchargé depuis l’affichage de la page.")
    next_step = _(
        "Rien n’a été téléchargé. Si vous le téléchargez maintenant, ce sera un duplicata, et le "
        "fichier le dira."
    )


class NotOurPatient(DocumentRefusal):
    """The patient is not one of this practice."""

    message = _("Ce dossier n’existe pas dans ce cabinet.")
    next_step = _("Le document est resté où il était. Cherchez le patient de nouveau.")
