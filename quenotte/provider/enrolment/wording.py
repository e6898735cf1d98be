"""What is said of tokens and machines after an act."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quenotte.provider.enrolment.rules import Agent

#: When each agent speaks next: ``kernel.posture.silence.CADENCES``, in words.
_NEXT: Final[dict[str, Promise]] = {
    Agent.STATION: gettext_lazy(
        "Le compagnon parle toutes les 5 minutes : sa page se remplit à son prochain contact."
    ),
    Agent.OSQUERY: gettext_lazy(
        "osquery parle toutes les 5 minutes : sa page se remplit à son prochain contact."
    ),
    Agent.GLPI: gettext_lazy(
        "L’agent d’inventaire parle une fois par jour : sa page se remplit à son prochain contact, "
        "ou tout de suite si vous lancez « glpi-agent --force » (ou "
        "« fusioninventory-agent --force ») sur le poste."
    ),
    Agent.PRACTICE: gettext_lazy(
        "Le serveur du cabinet parle toutes les 5 minutes : l’état de ses copies vient à son "
        "prochain contact."
    ),
}


def speaks_again(agent: str) -> str:
    """Return when a machine speaks that was accepted: what it said in quarantine was not kept."""
    return _("Ce qu’elle a dit en quarantaine n’a pas été gardé.") + " " + str(_NEXT[agent])


def revoked(machines: int) -> str:
    """Return what became of a token, and of its machines when they were revoked with it."""
    if not machines:
        return _("Ce jeton n’ouvre plus rien. Les machines déjà inscrites restent.")
    words = ngettext(
        "Ce jeton n’ouvre plus rien ; %(count)d machine révoquée avec lui.",
        "Ce jeton n’ouvre plus rien ; %(count)d machines révoquées avec lui.",
        machines,
    )
    return words % {"count": machines}
