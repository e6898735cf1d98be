"""What became of a message, in the practice's words: what happened, and what to do next."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.reminders.models import Message
from quenotte.care.reminders.operations import Trial
from quenotte.care.reminders.rules.states import Channel, State
from quenotte.care.reminders.rules.texts import PLACEHOLDERS, Fault, Problem

#: The colour of each state, as the kit names them, and its icon.
_TONES: Final = {
    State.DUE: ("neutral", "clock"),
    State.SENDING: ("info", "refresh-cw"),
    State.SENT: ("info", "check"),
    State.DELIVERED: ("ok", "circle-check"),
    State.FAILED: ("danger", "circle-x"),
    State.WITHDRAWN: ("neutral", "minus"),
}
#: Codes of devices.mail, devices.sms and of this room, as the list shows them.
REASONS: Final[dict[str, Promise]] = {
    "unknown_host": gettext_lazy("Serveur de courrier introuvable, ou Internet coupé."),
    "unreachable": gettext_lazy("Le serveur de courrier n’a pas ouvert sa porte."),
    "timeout": gettext_lazy("Le serveur de courrier n’a pas répondu à temps."),
    "no_tls": gettext_lazy("Le serveur de courrier ne protège pas la connexion."),
    "certificate": gettext_lazy("Le certificat du serveur de courrier n’est pas reconnu."),
    "login": gettext_lazy("Le serveur de courrier refuse l’identifiant ou le mot de passe."),
    "no_login": gettext_lazy("Le serveur de courrier ne demande pas d’identifiant."),
    "sender": gettext_lazy("L’expéditeur a été refusé."),
    "recipient": gettext_lazy("Cette adresse n’existe pas : corrigez la fiche."),
    "mailbox_full": gettext_lazy("La boîte du patient est pleine."),
    "content": gettext_lazy("Le message a été refusé par le serveur du patient."),
    "busy": gettext_lazy("Le serveur du patient demande de revenir plus tard."),
    "dropped": gettext_lazy("La connexion a été coupée pendant l’envoi."),
    "address": gettext_lazy("Cette adresse n’en est pas une : corrigez la fiche."),
    "clear_text": gettext_lazy("La connexion n’est pas protégée : rien n’est parti."),
    "protocol": gettext_lazy("Le serveur de courrier répond de façon incompréhensible."),
    "password_lost": gettext_lazy("Le mot de passe du courrier doit être saisi de nouveau."),
    "number": gettext_lazy("Ce numéro n’existe pas : corrigez la fiche."),
    "not_mobile": gettext_lazy("Ce numéro n’est pas celui d’un mobile."),
    "no_stop": gettext_lazy("Il manque la mention STOP d’un message publicitaire."),
    "too_long": gettext_lazy("Le message est trop long."),
    "throttled": gettext_lazy("L’opérateur demande de ralentir."),
    "unknown_subscriber": gettext_lazy("Ce numéro n’est plus attribué : corrigez la fiche."),
    "absent": gettext_lazy("Le téléphone est resté éteint."),
    "refused_by_operator": gettext_lazy("L’opérateur du patient a refusé le message."),
    "sms_unreachable": gettext_lazy("L’opérateur de SMS ne répond pas."),
    "no_address": gettext_lazy("La fiche n’a plus l’adresse ou le mobile qu’il faut."),
    "refuses": gettext_lazy("Le patient ne veut plus de message par ce moyen."),
    "do_not_contact": gettext_lazy("Le patient ne doit pas être contacté."),
    "not_expected": gettext_lazy("Le rendez-vous a été annulé, ou rétabli."),
    "moved_again": gettext_lazy("Le rendez-vous a été déplacé."),
    "too_late": gettext_lazy("Le rendez-vous était trop proche : téléphonez."),
    "switched_off": gettext_lazy("Les messages de cette sorte sont arrêtés."),
}
#: What the gestionnaire does about a trouble with the mail server.
_REMEDIES: Final[dict[str, Promise]] = {
    "unknown_host": gettext_lazy("Relisez le nom du serveur, et vérifiez la connexion à Internet."),
    "unreachable": gettext_lazy("Relisez le nom du serveur et le port, puis le pare-feu."),
    "timeout": gettext_lazy("Relisez le port et la protection : 587 et STARTTLS, ou 465 et TLS."),
    "no_tls": gettext_lazy("Essayez l’autre protection : STARTTLS (587) ou TLS (465)."),
    "certificate": gettext_lazy("Relisez le nom du serveur : le certificat porte un autre nom."),
    "login": gettext_lazy(
        "Ressaisissez-les. Certains fournisseurs exigent un mot de passe d’application."
    ),
    "no_login": gettext_lazy("Videz l’identifiant, ou choisissez l’autre protection."),
    "sender": gettext_lazy("L’adresse d’expédition doit appartenir au compte de courrier."),
    "recipient": gettext_lazy("Relisez l’adresse de l’essai."),
    "address": gettext_lazy("Relisez l’adresse d’expédition et celle de l’essai."),
    "password_lost": gettext_lazy("La clé du dossier de données a changé : ressaisissez-le."),
}


@dataclass(frozen=True)
class Row:
    """A message as a line of a list."""

    message: Message
    label: str
    tone: str
    icon: str
    reason: str
    can_resend: bool
    asks_for_somebody: bool


def row_of(message: Message) -> Row:
    """Return the words and the colours of a message."""
    state = State(message.state)
    tone, icon = _TONES[state]
    waits = message.seen_at is None
    return Row(
        message=message,
        label=str(Message.State(state).label),
        tone=tone,
        icon=icon,
        reason=reason_words(message.reason),
        can_resend=state in {State.FAILED, State.SENT, State.DELIVERED},
        asks_for_somebody=waits and (message.answer == "call_me" or state is State.FAILED),
    )


def reason_words(code: str) -> str:
    """Return why, in words; nothing for nothing."""
    return str(REASONS.get(code, "")) if code else ""


def told(message: Message) -> str:
    """Return a message as the timeline tells it: « Rappel envoyé par SMS »."""
    by = _("par courriel") if message.channel == Channel.MAIL else _("par SMS")
    what = {
        "confirmation": _("Confirmation"),
        "reminder": _("Rappel"),
        "moved": _("Annonce du déplacement"),
        "cancelled": _("Annonce de l’annulation"),
    }[message.kind]
    if message.state == State.FAILED:
        return _("%(what)s %(by)s : échec") % {"what": what, "by": by}
    return _("%(what)s %(by)s") % {"what": what, "by": by}


def trial_words(trial: Trial) -> tuple[str, str, str]:
    """Return the colour, what happened and what to do about a test letter."""
    if not trial.reason:
        return (
            "ok",
            _("Le serveur a accepté le message d’essai."),
            _("Regardez s’il est arrivé, y compris parmi les indésirables."),
        )
    code = _(" (réponse %(code)s)") % {"code": trial.code} if trial.code else ""
    what = reason_words(trial.reason).rstrip(".") + code + "."
    usual = _("Réessayez dans quelques minutes.") if trial.is_temporary else ""
    return "danger", what, str(_REMEDIES.get(trial.reason, usual))


def trouble_words(code: str) -> tuple[str, str]:
    """Return what the mail server complains about, and what to do."""
    return reason_words(code), str(_REMEDIES.get(code, ""))


def problem_words(problem: Problem) -> str:
    """Return what is wrong with a template, in words."""
    word = {"word": problem.word}
    sentences = {
        Fault.EMPTY: _("À remplir."),
        Fault.TOO_LONG: _("Trop long : %(word)s caractères au plus.") % word,
        Fault.UNKNOWN: _(
            "« %(word)s » ne peut pas figurer entre accolades. Permis : %(names)s."
        ) % (word | {"names": ", ".join(f"{{{it}}}" for it in PLACEHOLDERS.values())}),
        Fault.BRACE: _("Une accolade n’est pas fermée, ou pas ouverte."),
        Fault.HEALTH: _(
            "« %(word)s » parle de santé : un message ne dit jamais pourquoi le patient vient."
        ) % word,
        Fault.MISSING: _("Il manque {%(word)s}.") % word,
        Fault.ADDRESS: _("« %(word)s » : aucune adresse de site ici, {lien} suffit.") % word,
        Fault.NO_LINK_HERE: _("{lien} n’a pas sa place ici."),
        Fault.SEGMENTS: _("Ce texte ferait plus de %(word)s SMS.") % word,
    }  # fmt: skip
    return sentences[problem.fault]
