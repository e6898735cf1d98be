"""The words of incidents: for technicians, and in plain words for practices."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quenotte.base.facts import filled
from quenotte.kernel.posture.terms import Cause
from quenotte.provider.fleet.queries import sentence, title_of
from quenotte.provider.incidents.rules import Answer, Kind, Sent, Standing, Way

if TYPE_CHECKING:
    from quenotte.provider.incidents.models import Incident, Subject

AGAIN: Final = _("De nouveau")
WORSE: Final = _("Plus grave")
MORE: Final = _("Autre urgence de même cause")
UNSTABLE: Final = _("Instable, ce sera dit une seule fois aujourd’hui")
LASTING: Final = _("Toujours en panne")

#: What happened, on the page of an incident.
KINDS: Final[Mapping[str, Promise]] = {
    Kind.OPENED: _("ouvert"),
    Kind.REOPENED: _("rouvert"),
    Kind.WORSENED: _("devenu plus grave"),
    Kind.JOINED: _("une autre urgence s’y ajoute"),
    Kind.UNSTABLE: _("dit instable"),
    Kind.LASTING: _("toujours en panne"),
    Kind.HELD: _("rangé sous une panne générale"),
    Kind.MUTED: _("mis en sourdine : maintenance"),
    Kind.BORNE: _("exception accordée"),
    Kind.BACK: _("de nouveau à traiter"),
    Kind.TAKEN: _("pris en charge"),
    Kind.RELEASED: _("rendu"),
    Kind.NOTED: _("note"),
    Kind.ANSWERED: _("réponse du cabinet"),
    Kind.CLOSED: _("refermé : la règle est de nouveau respectée"),
}
STANDINGS: Final[Mapping[str, Promise]] = {
    Standing.TOLD: _("à traiter"),
    Standing.WAITING: _("silence récent"),
    Standing.HELD: _("sous une panne générale"),
    Standing.MUTED: _("en maintenance"),
    Standing.BORNE: _("exception"),
}
WAYS: Final[Mapping[str, Promise]] = {
    Way.PUSH: _("notification"),
    Way.MAIL: _("courriel"),
    Way.SMS: _("SMS"),
}
SENT: Final[Mapping[str, Promise]] = {
    Sent.DUE: _("à envoyer"),
    Sent.SENDING: _("en cours"),
    Sent.SENT: _("envoyé"),
    Sent.FAILED: _("en échec"),
    Sent.DROPPED: _("sans objet"),
}
ANSWERS: Final[Mapping[str, Promise]] = {
    Answer.FIXED: _("corrigé"),
    Answer.LATER: _("attendre"),
    Answer.CALL: _("rappelez-moi"),
}
#: What a link of a digest says on its button.
ANSWER_BUTTONS: Final[Mapping[str, Promise]] = {
    Answer.FIXED: _("C’est corrigé"),
    Answer.LATER: _("Nous préférons attendre"),
    Answer.CALL: _("Rappelez-moi"),
}
#: Why a message did not leave, or a way is out of order.
TROUBLES: Final[Mapping[str, Promise]] = {
    "not_set": _("aucun serveur d’envoi n’est réglé"),
    "no_operator": _("aucun opérateur de SMS n’est relié"),
    "no_key": _("les clés des notifications ne peuvent pas être lues"),
    "password_lost": _("le mot de passe gardé ne peut plus être lu"),
    "gone": _("ce navigateur ne reçoit plus rien : il a été retiré"),
    "refused": _("refusé par le service"),
    "busy": _("le service est occupé"),
    "unknown_host": _("serveur introuvable"),
    "unreachable": _("serveur injoignable"),
    "timeout": _("le serveur ne répond pas"),
    "no_tls": _("connexion non protégée"),
    "certificate": _("certificat non valable"),
    "login": _("identifiant ou mot de passe refusé"),
    "no_login": _("connexion refusée"),
    "sender": _("expéditeur refusé"),
    "recipient": _("destinataire refusé"),
    "mailbox_full": _("boîte pleine"),
    "content": _("message refusé"),
    "dropped": _("connexion coupée"),
    "address": _("adresse non valable"),
    "clear_text": _("connexion en clair refusée"),
    "protocol": _("réponse incomprise"),
    "number": _("numéro non valable"),
    "not_mobile": _("ce numéro n’est pas un mobile"),
    "no_stop": _("message refusé"),
    "too_long": _("message trop long"),
    "throttled": _("trop de messages à la fois"),
    "same_key": _("déjà envoyé"),
    "sms_unreachable": _("opérateur injoignable"),
    "error": _("erreur inattendue"),
    "closed": _("l’incident était déjà refermé"),
}

#: What a practice reads of a cause: the plain thing, and what it may do.
PLAIN: Final[Mapping[str, tuple[Promise, Promise]]] = {
    Cause.UPDATES: (
        _("Des ordinateurs n’ont pas reçu leurs mises à jour"),
        _("Laissez-les s’installer le soir, puis redémarrez l’ordinateur."),
    ),
    Cause.ANTIVIRUS: (
        _("La protection contre les virus ne travaille pas"),
        _("Ne branchez aucune clé et n’ouvrez pas de pièce jointe sur cet ordinateur."),
    ),
    Cause.FIREWALL: (
        _("La barrière qui protège un ordinateur du réseau est baissée"),
        _("N’y touchez pas : nous nous en occupons avec vous."),
    ),
    Cause.ENCRYPTION: (
        _("Un ordinateur volé pourrait être lu"),
        _("Son disque n’est pas chiffré ; cela se règle en une visite."),
    ),
    Cause.SUPPORT: (
        _("Un ordinateur a un système que son éditeur ne répare plus"),
        _("Prévoyez son remplacement ; évitez d’y ouvrir la messagerie."),
    ),
    Cause.ACCESS: (
        _("N’importe qui pourrait se servir d’un ordinateur laissé seul"),
        _("Verrouillez l’écran en partant : touche Windows et L."),
    ),
    Cause.LEFT_ON: (
        _("Des ordinateurs restent allumés la nuit"),
        _("Éteignez-les le soir."),
    ),
    Cause.REMOTE: (
        _("Un programme permet à quelqu’un d’entrer à distance"),
        _("Si vous ne l’avez pas demandé, ne laissez personne s’en servir et appelez-nous."),
    ),
    Cause.DISKS: (
        _("Un disque est presque plein, ou s’use"),
        _("N’attendez pas qu’il lâche : nous pouvons le remplacer."),
    ),
    Cause.CLOCK: (_("L’heure d’un ordinateur est fausse"), _("Dites-nous si elle vous gêne.")),
    Cause.POWER: (
        _("Le serveur n’est pas à l’abri d’une coupure de courant"),
        _("Vérifiez que l’onduleur est branché et allumé."),
    ),
    Cause.BACKUP: (
        _("La sauvegarde de vos dossiers n’est pas en ordre"),
        _("Vérifiez que le disque de sauvegarde de la semaine est le bon, puis débranchez-le."),
    ),
    Cause.RANSOM: (
        _("Beaucoup de fichiers ont changé d’un coup"),
        _("Appelez-nous tout de suite. Ne payez personne et n’éteignez rien."),
    ),
    Cause.MESSAGING: (
        _("Une messagerie grand public est installée"),
        _("N’y écrivez rien au sujet d’un patient."),
    ),
    Cause.PORTS: (
        _("Un ordinateur laisse une porte ouverte au réseau"),
        _("Nous la fermerons à la prochaine visite."),
    ),
    Cause.LICENCES: (
        _("Une licence de logiciel est à revoir"),
        _("Nous verrons avec vous ce que vous gardez, et sur combien d’ordinateurs."),
    ),
    Cause.SILENCE: (
        _("Nous n’entendons plus un de vos ordinateurs"),
        _("Vérifiez qu’il est allumé et que le câble du réseau est branché."),
    ),
    Cause.UNSEEN: (
        _("Nous savons mal dans quel état sont certains ordinateurs"),
        _("Un passage de notre part suffit ; rien n’est cassé pour autant."),
    ),
}

#: Where the gravest of a cause is this, the plain thing is another one.
_PLAIN_RULES: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "agent_silence": (
        _("Un programme de suivi ne nous parle plus, sur un ordinateur qui marche"),
        _("Rien à faire de votre côté : nous nous en occupons."),
    ),
}
#: In a letter licences are named, those of each rule in a sentence of its own; by how many.
_LICENCES: Final[Mapping[str, Callable[[int], tuple[str, str]]]] = {
    "licence_ended": lambda count: (
        ngettext(
            "Licence de logiciel finie : {names}", "Licences de logiciels finies : {names}", count
        ),
        gettext("Dites-nous ce que vous gardez : sans licence, un logiciel peut s’arrêter ou ne "
                "plus recevoir de mises à jour."),
    ),
    "licence_seats": lambda count: (
        ngettext(
            "Logiciel sur plus d’ordinateurs que sa licence n’en couvre : {names}",
            "Logiciels sur plus d’ordinateurs que leurs licences n’en couvrent : {names}",
            count,
        ),
        ngettext(
            "Dites-nous où vous en avez encore besoin : la licence sera complétée, ou le logiciel "
            "retiré des autres.",
            "Dites-nous où vous en avez encore besoin : les licences seront complétées, ou les "
            "logiciels retirés des autres.",
            count,
        ),
    ),
    "licence_ending": lambda count: (
        ngettext(
            "Licence de logiciel qui finit bientôt : {names}",
            "Licences de logiciels qui finissent bientôt : {names}",
            count,
        ),
        gettext("Dites-nous ce que vous gardez, pour que ce soit renouvelé à temps."),
    ),
}  # fmt: skip
#: Of these a letter says a day.
_DATED: Final = frozenset({"licence_ended", "licence_ending"})
#: Each of them: until when, or for how many.
_LICENCE: Final[Mapping[str, Promise]] = {
    "licence_ended": _("{name} (le {ends_on})"),
    "licence_seats": _("{name} (ordinateurs : {used}, couverts : {seats})"),
    "licence_ending": _("{name} (le {ends_on})"),
}


def happened(kind: str, cause: str) -> str:
    """Return what happened to an incident of a cause; a storm ends without any rule."""
    if kind == Kind.CLOSED and cause == Cause.STORM:
        return gettext("refermé : les machines sont revenues")
    return str(KINDS.get(kind, kind))


def sentence_of(incident: "Incident") -> str:
    """Return what an incident says: the sentence of its gravest finding, and how many machines.

    Of the practice itself: its other broken rules in the same line, each in fewer words.
    """
    if incident.cause == Cause.STORM:
        return storm_sentence(incident.values)
    said = _said(incident.rule, incident.state, incident.reason, incident.values)
    beside = [
        _said(one["rule"], one["state"], one["reason"], one["values"], is_beside=True)
        for one in incident.also
    ]
    said = ", ".join([said, *beside])
    return f"{said} (×{incident.machines})" if incident.machines > 1 else said


def _said(
    rule: str, state: str, reason: str, values: Mapping[str, Any], *, is_beside: bool = False
) -> str:
    said = sentence(rule, state, reason, values, is_beside=is_beside)
    # It stands until it was seen to be well; what is seen now may be nothing.
    return said if state == "bad" else f"{title_of(rule)} : {said}"


def storm_sentence(values: Mapping[str, object]) -> str:
    """Return what a storm says: behind which network, how many machines of how many practices."""
    name = str(values.get("name") or "")
    machines, practices = (int(str(values.get(key) or 0)) for key in ("machines", "practices"))
    whose = ngettext("{count} cabinet", "{count} cabinets", practices).format(count=practices)
    said = gettext("{machines} machines muettes à la fois").format(machines=machines)
    return f"{name}, {said}, {whose}" if name else f"{said}, {whose}"


def plain(cause: str, rule: str = "") -> tuple[Promise, Promise]:
    """Return what a practice reads of a cause: what it is, and what it may do.

    ``rule``: of the gravest finding; "" when nobody knows it any more.
    """
    return _PLAIN_RULES.get(rule) or PLAIN.get(cause, PLAIN[Cause.UNSEEN])


def written(subject: "Subject") -> tuple[str, str, bool]:
    """Return what a letter says of a subject, what one may do, and whether it says days itself.

    Licences are named, with the days of their papers where the rule is about days; the page of an
    answer names nothing.
    """
    incident = subject.incident
    if incident is None or incident.rule not in _LICENCES:
        said, advice = plain(subject.cause, incident.rule if incident else "")
        return str(said), str(advice), False
    beside = [(one["rule"], one["values"]) for one in incident.also]
    told = [(incident.rule, incident.values), *(one for one in beside if one[0] in _LICENCES)]
    named = [_named(*one) for one in told]
    sentences = ". ".join(words for words, _advice in named)
    return sentences, named[0][1], all(rule in _DATED for rule, _values in told)


def _named(rule: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sentence that names the licences of a rule, and what one may do about them."""
    each = values.get("licences", {})
    names = [
        filled(_LICENCE[rule], {**each.get(one, {}), "name": one})
        for one in values.get("names", ())
    ]
    words, advice = _LICENCES[rule](len(names))
    return filled(words, {"names": names}), advice


#: What a monitor is told, and nobody else's data.
LOOK_IS_LATE: Final = _("Les règles n’ont pas regardé le parc depuis deux minutes.")
NOBODY_HEARD: Final = _("La porte des agents n’entend plus aucune machine.")
SENDING_IS_LATE: Final = _("Des alertes attendent et ne partent pas.")

#: Why nobody is told of what is urgent.
NO_WAY: Final = _("Aucun technicien n’a dit comment il veut l’être.")
NO_BROWSER: Final = _(
    "Des techniciens ont choisi la notification, mais aucun de leurs navigateurs n’est enregistré."
)
NO_OPERATOR: Final = _(
    "Des techniciens ont choisi les SMS, mais aucun opérateur n’est relié : aucun ne part."
)
#: Why a way that somebody chose does not lead to her.
_HINDRANCES: Final[Mapping[str, Promise]] = {
    Way.PUSH: _("notification : aucun navigateur enregistré"),
    Way.MAIL: _("courriel : aucune adresse"),
    Way.SMS: _("SMS : aucun opérateur n’est relié"),
}


def hindrance(ways: Iterable[str]) -> str:
    """Return why none of the ways that somebody chose leads to her."""
    return ", ".join(str(_HINDRANCES[way]) for way in ways) or str(_("aucun moyen choisi"))
