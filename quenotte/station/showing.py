"""What the companion says to whoever sits at the machine."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from quenotte.kernel.dates import day_and_clock
from quenotte.station.labels import FIELDS, LABELS, WHY
from quenotte.station.lines import Why
from quenotte.station.state import Standing, State
from quenotte.station.talking import TROUBLES
from quenotte.station.words import _
from quenotte.wire.messages import write
from quenotte.wire.reports import Report, Told

_STANDINGS: Final = {
    Standing.WAITING: _("Inscrit ; il n’a pas encore été reconnu."),
    Standing.BELIEVED: _("Inscrit et reconnu."),
    Standing.ASKED: _(
        "Inscription sans réponse : recommencez-la avec le même jeton, il ne comptera qu’une fois."
    ),
    Standing.REVOKED: _(
        "Révoqué : plus rien n’est dit de ce poste. Tous les quarts d’heure, le compagnon "
        "demande seulement s’il est accepté de nouveau."
    ),
}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
#: A list of programs is long: so many are shown, and how many more there are.
_MOST_ROWS: Final = 20


def page(report: Report, server: str) -> Iterator[str]:
    """Yield what would be sent, line by line."""
    yield _("Voici tout ce que ce poste enverrait. Rien n’a été envoyé.")
    yield _("Destinataire : {server}").format(
        server=server or _("aucun, le poste n’est pas inscrit")
    )
    yield _("Taille : {count} octets, chiffrés en chemin").format(count=len(write(report)))
    yield ""
    for told in report.facts:
        yield from _fact(told)
    yield ""
    yield _(
        "Jamais envoyé : noms de patients, d’utilisateurs et de fichiers, lignes de commande, "
        "pages visitées, contenu des disques, frappes et images de l’écran."
    )


def standing(state: State) -> Iterator[str]:
    """Yield how a machine stands with its provider."""
    yield _("Serveur : {server}").format(server=state.server)
    yield _STANDINGS[state.standing]
    heard = _when(state.heard_at) if state.heard_at else _("jamais")
    yield _("Entendu pour la dernière fois : {when}").format(when=heard)
    if state.trouble:
        yield _("Dernier essai : {why}").format(why=_trouble(state.trouble))
    if state.unsent_since and not state.standing.is_shut_out:
        yield _("Du nouveau attend d’être envoyé depuis : {when}").format(
            when=_when(state.unsent_since)
        )


def news(state: State) -> str:
    """Return in one line how a machine stands now: what a log says when it changes."""
    words = _STANDINGS[state.standing]
    return f"{words} {_trouble(state.trouble)}" if state.trouble else words


def _fact(told: Told) -> Iterator[str]:
    label = LABELS.get(told.key, told.key)
    if told.unknown is not None:
        yield f"{label} : {WHY[told.unknown]}"
    elif isinstance(told.value, list):
        yield f"{label} : {_('rien') if not told.value else len(told.value)}"
        for row in told.value[:_MOST_ROWS]:
            yield f"  - {_row(row)}"
        if len(told.value) > _MOST_ROWS:
            yield f"  … {len(told.value) - _MOST_ROWS}"
    else:
        yield f"{label} : {_value(told.value)}"


def _row(row: Mapping[str, Any]) -> str:
    told = ((FIELDS.get(name, name), one) for name, one in row.items() if one is not None)
    return ", ".join(f"{name} {_value(one)}".strip() for name, one in told)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _when(value)
    return str(value)


def _trouble(code: str) -> str:
    if code == "busy":
        return _("Le serveur est occupé ou arrêté.")
    if code == "strange":
        return _("Ce serveur ne répond pas comme une porte de Quenotte.")
    return TROUBLES[Why(code)] if code in set(Why) else code


def _when(text: str) -> str:
    try:
        return day_and_clock(datetime.fromisoformat(text).astimezone())
    except ValueError:
        return text
