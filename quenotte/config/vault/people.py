"""Enrolling practices, and giving them another password."""

import json
from pathlib import Path

from quenotte.config import console
from quenotte.config.words import _
from quenotte.devices.media.vault.practices import Allowance, NameTaken, NotAName, Practices


def enrol(store: Path, name: str, per_day: int, total: int, *, as_json: bool) -> int:
    """Enrol a practice and show its secrets; return the exit code."""
    allowance = Allowance(bytes_a_day=per_day, bytes_held=total)
    try:
        given = _practices(store).enrol(name, allowance)
    except NotAName:
        console.complain(
            _(
                "« {name} » ne peut pas nommer un cabinet : lettres sans accent, chiffres, point, "
                "tiret. Rien n’a été modifié."
            ).format(name=name)
        )
        return 2
    except NameTaken:
        console.complain(
            _(
                "« {name} » est déjà enrôlé. Rien n’a été modifié. « quenotte vault password » lui "
                "donne un autre mot de passe."
            ).format(name=name)
        )
        return 1
    if as_json:
        console.say(json.dumps({"name": name, "password": given.password, "code": given.code}))
        return 0
    _tell(name, given.password)
    console.say(_("  Code         {code}").format(code=grouped(given.code)))
    console.say(
        _(
            "Le mot de passe va sur le serveur du cabinet. Le code va sur papier, chez le "
            "praticien : il n’est écrit nulle part ailleurs et sert à consentir au départ d’un "
            "dépôt ou à de nouvelles clés. Ni l’un ni l’autre ne sera remontré."
        )
    )
    return 0


def renew_password(store: Path, name: str, *, as_json: bool) -> int:
    """Give a practice another password and show it; return the exit code."""
    try:
        password = _practices(store).renew_password(name)
    except KeyError:
        return _unknown(name)
    if as_json:
        console.say(json.dumps({"name": name, "password": password}))
    else:
        _tell(name, password)
    return 0


def allow(store: Path, name: str, per_day: int, total: int, repositories: int) -> int:
    """Change how much a practice may store; return the exit code."""
    allowance = Allowance(bytes_a_day=per_day, bytes_held=total, repositories=repositories)
    try:
        _practices(store).allow(name, allowance)
    except KeyError:
        return _unknown(name)
    console.say(_("C’est changé, dès maintenant."))
    return 0


def watch(store: Path, name: str, hours: int | None) -> int:
    """Change after how many hours a practice is missed, 0 never; return the exit code."""
    try:
        _practices(store).watch(name, hours)
    except KeyError:
        return _unknown(name)
    console.say(_("C’est changé, dès maintenant."))
    return 0


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is copied on paper."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _practices(store: Path) -> Practices:
    return Practices(store.expanduser().resolve() / "practices")


def _tell(name: str, password: str) -> None:
    console.say(_("  Cabinet      {name}").format(name=name))
    console.say(_("  Mot de passe {password}").format(password=password))


def _unknown(name: str) -> int:
    console.complain(_("Aucun cabinet « {name} » n’est enrôlé ici.").format(name=name))
    return 1
