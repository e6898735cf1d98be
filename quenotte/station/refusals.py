"""What stops the companion, each with what to do next."""

from quenotte.kernel.errors import Refusal
from quenotte.station.words import _


class StationError(Refusal):
    """Something that a person must mend; the base of the family."""


class NotEnrolled(StationError):
    """There is no file of state: nobody enrolled this machine."""

    message = _("Ce poste n’est inscrit nulle part.")
    next_step = _(
        "Demandez un jeton à votre prestataire (ou faites un code sous Protection > Postes), "
        "puis : quenotte-station enrol --server https://… --token …"
    )


class AlreadyEnrolled(StationError):
    """The machine has a key that is good: a second enrolment would lose it."""

    message = _("Ce poste est déjà inscrit.")
    next_step = _(
        "« quenotte-station status » dit où. Pour l’inscrire ailleurs : quenotte-station "
        "uninstall, puis recommencez."
    )


class Damaged(StationError):
    """The file of state is not as it was written."""

    def __init__(self, path: object) -> None:
        super().__init__(_("Le fichier d’état du compagnon est abîmé : {path}.").format(path=path))

    next_step = _(
        "Il contenait la clé de ce poste : effacez-le, demandez un nouveau jeton à votre "
        "prestataire et inscrivez le poste de nouveau. Rien d’autre n’est touché."
    )


class Closed(StationError):
    """The file of state belongs to an administrator."""

    message = _("Le fichier d’état du compagnon ne s’ouvre pas avec vos droits.")
    next_step = _("Lancez la commande en administrateur (sudo, ou un terminal d’administrateur).")


class Unwritable(StationError):
    """The file of state cannot be written: a full disk, or one that is read-only."""

    message = _("Le fichier d’état du compagnon ne peut pas être écrit : disque plein ou protégé.")
    next_step = _(
        "Libérez de la place, puis recommencez : une inscription avec le même jeton, qui ne "
        "comptera qu’une fois."
    )


class AlreadyRuns(StationError):
    """Another process holds the file of state."""

    message = _("Le compagnon tourne déjà sur ce poste.")
    next_step = _(
        "« quenotte-station show » et « status » restent possibles ; pour le reste, arrêtez "
        "d’abord le service."
    )


class NotAnAddress(StationError):
    """The address of the server cannot be used."""

    message = _("Cette adresse de serveur n’est pas utilisable.")
    next_step = _("Recopiez celle de la page qui a donné le jeton : https://nom-du-serveur.")


class NotOverTls(StationError):
    """The address is not encrypted."""

    message = _("Cette adresse n’est pas chiffrée : le compagnon ne parle qu’en https.")
    next_step = _("Demandez l’adresse https à qui a donné le jeton.")


class NotAnAuthority(StationError):
    """The file of the authority cannot be read as certificates."""

    message = _("Le fichier de l’autorité (--ca) n’est pas lisible comme un certificat.")
    next_step = _("Demandez le fichier PEM de l’autorité à qui a donné le jeton.")


class NotACertificate(StationError):
    """The files of this machine's own certificate cannot be read as one with its key."""

    message = _("Le certificat de ce poste (--client-cert, --client-key) n’est pas utilisable.")
    next_step = _(
        "Il faut deux fichiers PEM lisibles, un certificat et sa clé sans mot de passe : "
        "redemandez-les à qui a donné le jeton, et remettez-les à leur place."
    )


class TokenRefused(StationError):
    """The server does not take the token."""

    message = _("Le serveur refuse ce jeton : mal recopié, expiré, révoqué ou déjà utilisé.")
    next_step = _("Un jeton vaut 72 heures, pour un nombre de postes : demandez-en un autre.")


class NotReached(StationError):
    """The server was not reached. What it is due to stands in the message."""

    next_step = _("Rien n’est perdu : vérifiez l’accès à Internet, puis recommencez.")


class NotAnswered(NotReached):
    """It may have been taken: no answer came. The key that was sent is kept, and sent again."""


class NotUnderstood(StationError):
    """The server answered, and not as a door of the provider does."""

    message = _("Ce serveur ne répond pas comme une porte de Quenotte.")
    next_step = _("Vérifiez l’adresse ; sinon le compagnon ou le serveur est à mettre à jour.")


class Revoked(StationError):
    """The provider took the key of this machine back."""

    message = _("Ce poste a été révoqué : plus rien n’est dit de lui.")
    next_step = _(
        "Si c’est une erreur, qui le suit l’accepte de nouveau ou donne un nouveau jeton pour "
        "l’inscrire ; sinon retirez le compagnon : quenotte-station uninstall."
    )


class NotHere(StationError):
    """The command is for another system, or wants rights that are lacking."""

    message = _("Cette commande n’est pas possible ici.")
    next_step = _("Lancez-la en administrateur, sous Linux (systemd) ou Windows.")
