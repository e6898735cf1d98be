"""Why a document is not kept or not changed, as people read it."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class DocumentRefusal(Refusal):
    """The base of what is declined about documents."""


class NotAPdf(DocumentRefusal):
    """The bytes are no PDF that can be opened."""

    message = _(
        "Ce PDF ne s’ouvre pas : il est incomplet ou protégé par un mot de passe. "
        "Il n’a pas été enregistré, rien d’autre n’est perdu. "
        "Demandez-en une copie lisible, puis recommencez."
    )


class NotKept(DocumentRefusal):
    """Bytes of a kind that no record holds."""

    message = _(
        "Ce type de fichier n’est pas accepté dans un dossier. Il n’a pas été enregistré, "
        "rien d’autre n’est perdu. Déposez un PDF, une image JPEG ou PNG, ou un texte."
    )
