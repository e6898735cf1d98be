"""What the one who holds a vault can see of it: heads, standing, refusals, damage."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from quenotte.config import console
from quenotte.config.words import _
from quenotte.devices.media.vault import alarms, clocks
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.rules import Reason
from quenotte.devices.media.vault.server import head_of
from quenotte.devices.media.vault.silences import Silence, silences
from quenotte.devices.media.vault.vault import Vault
from quenotte.kernel.dates import day_and_clock


def heads(store: Path, *, as_json: bool) -> int:
    """Show the head of each log; return 1 when one cannot be followed."""
    vault = Vault(store.expanduser().resolve())
    told = {name: _head(vault, name) for name in vault.repositories()}
    if as_json:
        console.say(json.dumps(told))
    for name, head in ({} if as_json else told).items():
        console.say(f"{name or '/'}  {head.get('lines', '?')}  {head.get('head', _('abîmé'))}")
    return 1 if any("damaged_line" in head for head in told.values()) else 0


def verify(store: Path, *, read_data: bool, as_json: bool) -> int:
    """Follow each log and look at each object; return 1 when something is amiss."""
    vault = Vault(store.expanduser().resolve())
    told: dict[str, Any] = {}
    for name in vault.repositories():
        told[name] = head = _head(vault, name)
        found = vault.shelf(name).findings(read_data=read_data)
        head["findings"] = [f"{one.what} {one.kind}/{one.name}" for one in found]
    is_whole = all(not head["findings"] and "damaged_line" not in head for head in told.values())
    if as_json:
        console.say(json.dumps({"is_whole": is_whole, "repositories": told}))
    else:
        for name, head in told.items():
            _tell_findings(name, head)
    return 0 if is_whole else 1


def _tell_findings(name: str, head: dict[str, Any]) -> None:
    if number := head.get("damaged_line"):
        console.say(
            _("{name} : journal de réception abîmé à la ligne {number}.").format(
                name=name or "/", number=number
            )
        )
    for finding in head["findings"]:
        what, _space, which = finding.partition(" ")
        word = {"missing": _("manquant"), "short": _("incomplet"), "changed": _("modifié")}[what]
        console.say(f"{name or '/'} : {word}  {which}")
    if not head["findings"] and not number:
        console.say(
            _("{name} : entier, {count} objets, tête {head}").format(
                name=name or "/", count=head["objects"], head=head["head"]
            )
        )


def status(store: Path, silence_h: int, *, as_json: bool) -> int:
    """Show repositories, what was asked, what was refused; return 1 when a practice is silent."""
    vault = Vault(store.expanduser().resolve())
    silent = silences(vault, usual_h=silence_h, now_us=clocks.wall_us())
    told = {name: _head(vault, name) | _lost(vault, name) for name in vault.repositories()}
    refused = alarms.last(vault.root / "alarms.log")
    if as_json:
        practices = sorted(vault.practices.all())
        missed = [{"practice": one.practice, "since_us": one.since_us, "has_begun": one.has_begun}
                  for one in silent]  # fmt: skip
        said = {"practices": practices, "repositories": told, "alarms": refused, "silent": missed}
        console.say(json.dumps(said))
        return 1 if silent else 0
    for name, head in told.items():
        _tell(name, head)
    if refused:
        console.say(_("Refusé dernièrement :"))
    for one in refused:
        _tell_refusal(one)
    for silence in silent:
        console.complain(sentence(silence))
    return 1 if silent else 0


def sentence(silence: Silence) -> str:
    """Return who is silent, and since when."""
    said = (
        _("{name} se tait : aucune copie reçue depuis le {day}. Appelez le cabinet.")
        if silence.has_begun
        else _("{name} n’a encore achevé aucune copie, depuis le {day}. Appelez le cabinet.")
    )
    return said.format(name=silence.practice, day=_day(silence.since_us))


def _head(vault: Vault, name: str) -> dict[str, Any]:
    shelf = vault.shelf(name)
    try:
        shelf.exists()
    except LogDamaged as damaged:
        return {"damaged_line": damaged.number}
    return head_of(shelf) | {"keys_open": shelf.standing.are_keys_open(clocks.wall_us())}


def _lost(vault: Vault, name: str) -> dict[str, int]:
    """Return how many objects of a repository are not on the disk as they were received."""
    return {"lost": sum(1 for _one in vault.shelf(name).findings(read_data=False))}


def _tell(name: str, head: dict[str, Any]) -> None:
    if "damaged_line" in head:
        _tell_findings(name, head | {"findings": []})
        return
    ceremony = _("cérémonie ouverte") if head["keys_open"] else _("clés closes")
    console.say(
        _("{name} : {count} objets, {size:.1f} Mio, dernier reçu le {day}, {ceremony}").format(
            name=name or "/",
            count=head["objects"],
            size=head["bytes"] / 2**20,
            day=_day(head["at_us"]),
            ceremony=ceremony,
        )
    )
    if head["lost"]:
        console.say(
            _(
                "  objets manquants ou incomplets : {count}. « quenotte vault verify » les nomme, "
                "le cabinet renvoie ce qu’il en a encore. Changez le disque."
            ).format(count=head["lost"])
        )
    if any(head["said"]["retire"].values()):
        at = head["retires_at_us"]
        when = _("pas avant le {day}").format(day=_day(at)) if at else _("il manque un accord")
        console.say(_("  départ demandé : {when}").format(when=when))


def _day(at_us: int) -> str:
    return day_and_clock(datetime.fromtimestamp(at_us / 1e6).astimezone())


def _tell_refusal(alarm: dict[str, Any]) -> None:
    at = datetime.fromisoformat(alarm["at"]).astimezone()
    who = _("inconnu") if alarm["practice"] == "?" else alarm["practice"]
    word = _word(alarm["reason"])
    console.say(f"  {day_and_clock(at)}  {who}  {word}  ×{alarm['count']}")


def _word(reason: str) -> str:
    words = {
        Reason.WHO: _("mot de passe refusé"),
        Reason.NOT_YOURS: _("dépôt d’un autre cabinet"),
        Reason.WRONG_HASH: _("contenu qui n’est pas celui que dit son nom"),
        Reason.NOT_A_KEY: _("fichier de clé mal formé"),
        Reason.NO_DELETE: _("effacement"),
        Reason.NO_OVERWRITE: _("remplacement"),
        Reason.FROZEN: _("clé après la cérémonie"),
        Reason.READ_ONLY: _("écriture dans le passé"),
        Reason.QUOTA: _("au-delà du volume convenu"),
        Reason.MANY_DELTAS: _("plus de pas de journal qu’un cabinet n’en écrit"),
        Reason.TOO_MANY: _("trop de dépôts"),
        Reason.TOO_FAST: _("trop d’envois à la fois"),
        Reason.FULL: _("plus de place"),
        Reason.CLOCK: _("horloge du coffre déplacée"),
        Reason.CODE: _("code faux"),
        Reason.DAMAGED_LOG: _("journal de réception abîmé"),
    }
    return words.get(Reason(reason), reason)
