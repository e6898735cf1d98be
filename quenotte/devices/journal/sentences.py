"""The French sentences of this library, in one place: it has no gettext."""

from typing import Final

from quenotte.devices.journal.states import Chain, State, Why

_CHAINS: Final = {
    Chain.PROVEN: "Chaque enregistrement part vers les copies dans la minute.",
    Chain.GAP: ("Le suivi de la base recherche ce qui lui manque. Rien n’est perdu dans la base."),
    Chain.SNAPSHOTS: (
        "La base ne peut pas être suivie pas à pas : une copie entière est comparée et envoyée "
        "toutes les quinze minutes. Rien n’est perdu dans la base."
    ),
}

_WHYS: Final = {
    Why.NEW: "Le suivi commence.",
    Why.AWAY: "Le suivi était arrêté pendant que l’on travaillait.",
    Why.SALTS: "Un autre programme a vidé le journal d’écriture de la base.",
    Why.LOG_GONE: "Le journal d’écriture de la base a disparu.",
    Why.REWRITTEN: "Le journal d’écriture de la base a été récrit pendant sa lecture.",
    Why.UPHEAVAL: "Plus de la moitié de la base a changé d’un coup.",
    Why.REPLACED: "Le fichier de la base a été remplacé par un autre.",
    Why.NOT_WAL: "La base ne tient pas de journal d’écriture (mode WAL).",
    Why.MISMATCH: "Le contenu de la base n’est pas celui qui a été envoyé.",
    Why.DISK_FULL: "Le disque du serveur est plein. Libérez de la place.",
    Why.DISK: "Le disque du serveur refuse d’écrire. Faites-le vérifier.",
    Why.NOT_RECEIVED: "PostgreSQL n’envoie plus son journal d’écriture.",
    Why.NO_PROGRAM: (
        "Les programmes de PostgreSQL (pg_receivewal, pg_basebackup) manquent sur ce serveur. "
        "Installez-les."
    ),
    Why.SETTINGS: (
        "Le serveur PostgreSQL n’est pas réglé pour être suivi : « wal_level » doit être "
        "« replica », « max_wal_senders » et « max_replication_slots » au moins 2."
    ),
    Why.NO_ROLE: (
        "Le compte de la base n’a pas le droit de suivre le serveur PostgreSQL : votre technicien "
        "le donne par « ALTER ROLE … REPLICATION »."
    ),
    Why.NO_DOOR: (
        "Le serveur PostgreSQL n’accepte pas de connexion de réplication de ce compte : une ligne "
        "« replication » manque dans « pg_hba.conf »."
    ),
    Why.WAITING: "Trop d’envois attendent un support qui ne répond pas. Rebranchez-le.",
    Why.STATE_LOST: "Le suivi ne sait plus où il en était.",
    Why.CARRIER_AHEAD: "Un support contient déjà la suite d’un autre suivi.",
    Why.ENGINE: "La base n’a pas répondu.",
    Why.NO_BASE: (
        "Une nouvelle copie de départ du serveur PostgreSQL n’a pas pu être faite : elle est "
        "essayée de nouveau, au plus tard dans une heure."
    ),
    Why.NO_ROOM: (
        "La place manque sur le disque de Quenotte pour une copie de départ du serveur "
        "PostgreSQL : il en faut deux fois la taille de ses bases. Libérez de la place."
    ),
    Why.AGE: "La copie de départ avait vieilli.",
    Why.NOTHING: "",
}


def sentence_of(state: State) -> str:
    """Return how the journal stands and why, for people."""
    return f"{_CHAINS[state.chain]} {_WHYS[state.why]}".strip()


def reason(why: Why) -> str:
    """Return what broke the chain, for people."""
    return _WHYS[why]
