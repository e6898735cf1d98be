"""What a tablet is told when its page is not open."""

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class TakenElsewhere(Refusal):
    """Another browser took the link first."""

    message = _(
        "Ce lien est déjà ouvert sur une autre tablette. Rien n’a été perdu. Demandez à "
        "l’accueil d’en préparer un nouveau."
    )


class LinkIsOver(Refusal):
    """The link was sent, given back, replaced, or its time is over."""

    message = _(
        "Ce lien ne sert plus : il a déjà servi, ou son temps est passé. Ce qui avait été "
        "envoyé est gardé. Rendez la tablette à l’accueil."
    )


class OutsideTheNetwork(Refusal):
    """The page was asked for from the Internet."""

    message = _(
        "Cette page ne s’ouvre que sur le réseau du cabinet. Rien n’a été modifié. "
        "Connectez la tablette au Wi-Fi du cabinet, puis recommencez."
    )


class TooManyTries(Refusal):
    """One address asked too much in a minute."""

    message = _("Trop d’essais en une minute. Rien n’a été modifié. Patientez, puis recommencez.")


class NoSuchLink(Refusal):
    """The address or the code is of no link."""

    message = _(
        "Ce lien ou ce code n’existe pas. Rien n’a été modifié. Vérifiez-le sur l’écran de "
        "l’accueil, ou demandez-en un autre."
    )
