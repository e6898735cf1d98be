"""The practice's word, sent to the vault that holds its copies."""

import json
import urllib.error
from pathlib import Path

from quenotte.config import console
from quenotte.config.vault import asking
from quenotte.config.words import _
from quenotte.devices.media.vault.rules import Reason


def send(url: str, wish: str, code: str, authority: Path | None) -> int:
    """Consent, or cancel; return the exit code."""
    told = {"cancel": True} if wish == "cancel" else {"to": wish, "code": code}
    try:
        asking.ask(url, "consent", authority, json.dumps(told).encode())
    except urllib.error.HTTPError as error:
        with error:
            console.complain(why_not(error))
        return 1
    except (OSError, ValueError):
        console.complain(
            _("Le coffre ne répond pas à cette adresse. Rien n’a été modifié : réessayez.")
        )
        return 1
    console.say(
        _("C’est annulé, des deux côtés.")
        if wish == "cancel"
        else _("Le coffre a inscrit votre accord.")
    )
    return 0


def why_not(error: urllib.error.HTTPError) -> str:
    """Return what a refusal of the vault means."""
    reason = error.read(64).decode("ascii", "replace")
    return {
        str(Reason.CODE): _("Ce code n’est pas celui du cabinet. Rien n’a été modifié."),
        str(Reason.WHO): _("Le coffre ne reconnaît pas ce mot de passe. Rien n’a été modifié."),
        str(Reason.NO_REPOSITORY): _("Le coffre n’a pas de dépôt à cette adresse."),
    }.get(reason, _("Le coffre a refusé. Rien n’a été modifié."))
