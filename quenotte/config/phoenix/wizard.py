"""The terminal's way through a return: asked for, or with everything on the command line."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.config import console, data_folder
from quenotte.config.kit import terminal
from quenotte.config.kit import wizard as kit
from quenotte.config.phoenix import listing, running, server_wizard
from quenotte.config.phoenix.asked import Asked, key_in
from quenotte.config.phoenix.running import Bar, Times
from quenotte.config.words import _
from quenotte.devices.phoenix import marker, opening, returning, servers
from quenotte.devices.phoenix.choosing import Known
from quenotte.devices.phoenix.marker import Marker, Secret
from quenotte.devices.repository.errors import RepositoryError, WrongPassphrase
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal

#: Exit codes: refused, and given up.
_REFUSED: Final = 1
_STOPPED: Final = 2


@dataclass(frozen=True)
class Options:
    """What stood on the command line; ``begun_at`` in monotonic seconds."""

    place: str = ""
    key_file: Path | None = None
    folder: Path | None = None
    snapshot: str = ""
    as_of: str = ""
    fingerprint: str = ""
    ca_file: str = ""
    database: str = ""
    leaves_pictures: bool = False
    is_json: bool = False
    begun_at: float = 0.0

    def asked(self) -> Asked:
        """Return the return that is meant; the folder is that of the machine when none is named."""
        return Asked(
            self.place,
            (self.folder or data_folder.default_folder()).expanduser().resolve(),
            self.snapshot,
            self.as_of,
            self.fingerprint,
            self.ca_file,
            self.database,
        )


def run(options: Options) -> int:
    """Do it without a question; return the exit code."""
    asked = options.asked()
    try:
        if not options.place or options.key_file is None:
            return _go_on(asked, options)
        returning.check_folder(asked.folder)
        console.say(_("Copie : {place}").format(place=opening.label_of(asked.place)))
        repository, secret = asked.opened(key_in(options.key_file))
        return _brought(asked, repository, secret, options)
    except Refusal as refusal:
        console.complain(str(refusal))
        return _REFUSED


def _go_on(asked: Asked, options: Options) -> int:
    """Go on with a folder whose return was cut short: it holds what opens its copy."""
    found, secret = marker.load(asked.folder), marker.load_secret(asked.folder)
    if found is None or secret is None:
        console.complain(
            _("Indiquez la copie (« --from ») et le fichier de la clé (« --passphrase-file »).")
        )
        return _STOPPED
    return _brought(asked, opening.again(secret, found.repository), secret, options)


def ask_and_run(options: Options) -> int:
    """Ask for what is missing, then do it; return the exit code."""
    try:
        asked = _asked_folder(options)
        if asked is None:
            return _STOPPED
        if marker.load_secret(asked.folder) is not None and not options.place:
            console.say(_("Un retour a été commencé dans ce dossier : il continue."))
            return _go_on(asked, options)
        asked = _asked_place(asked)
        return _asked_key(asked, options) if asked else _STOPPED
    except Refusal as refusal:
        console.complain(str(refusal))
        return _REFUSED


def _asked_folder(options: Options) -> Asked | None:
    asked = options.asked()
    terminal.say(
        _(
            "Ce qui suit ramène le cabinet depuis une copie : l’agenda et les dossiers d’abord, "
            "les radiographies ensuite. Aucune copie n’est modifiée. « fin » arrête tout."
        )
    )
    if options.folder is None and _is_taken(asked.folder):
        asked = replace(asked, folder=asked.folder.with_name(f"{asked.folder.name}-retrouve"))
    returning.check_folder(asked.folder)
    terminal.say(_("Le cabinet reviendra dans : {folder}").format(folder=asked.folder))
    return asked


def _is_taken(folder: Path) -> bool:
    try:
        returning.check_folder(folder)
    except Refusal:
        return True
    return False


def _asked_place(asked: Asked) -> Asked | None:
    if asked.place:
        return asked
    terminal.say(
        _(
            "Où est la copie ? Tapez l’adresse de la feuille de secours (« https://… »), ou le "
            "dossier où le disque de sauvegarde est branché."
        )
    )
    place = terminal.ask(_("Adresse ou dossier : ")).strip()
    if not place or place.casefold() == kit.STOP:
        return None
    asked = replace(asked, place=place)
    if asked.place.startswith(("https:", "rest:https:")) and not asked.fingerprint:
        terminal.say(_("Empreinte du coffre, si la feuille en porte une (sinon Entrée)."))
        asked = replace(asked, fingerprint=terminal.ask(_("Empreinte : ")).strip())
    return asked


def _asked_key(asked: Asked, options: Options) -> int:
    if options.key_file is not None:
        repository, secret = asked.opened(key_in(options.key_file))
    else:
        found: list[tuple[Repository, Secret]] = []
        kit.password(
            ask=terminal.ask, say=terminal.say, opens=lambda key: _opens(asked, key, found),
            forget=terminal.forget, copy=opening.label_of(asked.place),
        )  # fmt: skip
        if not found:
            return _STOPPED
        repository, secret = found[-1]
    held = _Held([(repository, secret), *opening.earlier(secret, asked.view)])
    chosen = _asked_copy(asked, held)
    if chosen is None:
        return _STOPPED
    repository, secret = held.year_of(chosen)
    with_server = server_wizard.asked_server(chosen, repository)
    return _STOPPED if with_server is None else _brought(with_server, repository, secret, options)


@dataclass(frozen=True)
class _Held:
    """The years of a place that the key opens, the one to take by itself first."""

    years: list[tuple[Repository, Secret]]

    def known(self) -> list[Known]:
        """Return the copies of each year that can be read, those of the first year first."""
        now, found = datetime.now(UTC), []
        for repository, _secret in self.years:
            with suppress(RepositoryError):
                found.append(returning.known(repository, now))
        return found

    def year_of(self, asked: Asked) -> tuple[Repository, Secret]:
        """Return the year that holds the copy that was chosen; the first without one."""
        for repository, secret in self.years[1:] if asked.snapshot else ():
            if any(one.id.startswith(asked.snapshot.lower()) for one in repository.snapshots()):
                return repository, secret
        return self.years[0]


def _opens(asked: Asked, key: str, found: list[tuple[Repository, Secret]]) -> bool:
    try:
        found.append(asked.opened(key))
    except WrongPassphrase:
        return False
    return True


def _asked_copy(asked: Asked, held: _Held) -> Asked | None:
    """Let somebody choose among the copies; Enter takes the newest one that nobody doubts."""
    if asked.snapshot or asked.as_of:
        return asked
    years = held.known()
    copies, aside = listing.shown(years), listing.left_aside(years)
    terminal.say(_("Copies, de la plus récente à la plus ancienne :"))
    for number, one in enumerate(copies, start=1):
        console.say(f"  {number}. {listing.words_of(one, aside)}")
    terminal.say(_("Après une attaque, choisissez une copie d’avant."))
    _say_by_itself(years[0] if years else None)
    while True:
        typed = terminal.ask(_("Copie : ")).strip()
        if typed.casefold() == kit.STOP:
            return None
        if not typed:
            return asked
        if typed.isdigit() and 0 < int(typed) <= len(copies):
            return replace(asked, snapshot=copies[int(typed) - 1].id)
        terminal.say(_("Tapez un numéro de la liste, ou Entrée."))


def _say_by_itself(first: Known | None) -> None:
    """Say what Enter takes, of the year that is taken by itself."""
    if first is None or not first.snapshots:
        return
    terminal.say(_("Entrée : {what}").format(what=listing.words_by_itself(first)))
    if listing.doubted(first):
        terminal.say(
            _(
                "Pour aller plus près de l’attaque, tapez « fin » et relancez avec « --as-of » et "
                "un moment d’avant."
            )
        )


def _brought(asked: Asked, repository: Repository, secret: Secret, options: Options) -> int:
    bar = Bar()
    found = running.agenda_back(asked, repository, secret, console.say, bar.bytes)
    agenda_s = time.monotonic() - options.begun_at
    _say_open(found, asked.folder)
    lost = {"files": found.total_files, "absent": 0}
    if options.leaves_pictures:
        return _told(found, Times(agenda_s), lost, options)
    running.set_up()
    last = [found]
    running.pictures_back(console.say, lambda now: _shown(bar, now, last))
    absent = _absent()
    if marker.load(asked.folder) is None and not absent:
        console.say(_("Toutes les images sont revenues. Le cabinet est complet."))
    _say_after()
    full_s = time.monotonic() - options.begun_at
    lost = {"files": last[-1].total_files, "absent": absent}
    return _told(found, Times(agenda_s, full_s), lost, options)


def _shown(bar: Bar, now: Marker, last: list[Marker]) -> None:
    last.append(now)
    bar.files(now)


def _absent() -> int:
    from quenotte.base.files.operations import absent

    count = absent()
    if count:
        console.say(
            _(
                "{count} fichiers dont parlent les dossiers ne sont pas revenus de cette copie : "
                "« quenotte files verify » les nomme. Cherchez-les sur un autre support."
            ).format(count=count)
        )
    return count


def _told(found: Marker, times: Times, lost: dict[str, int], options: Options) -> int:
    if options.is_json:
        console.say(json.dumps(running.as_json(found, times, lost), ensure_ascii=False))
    return 0


def _say_open(found: Marker, folder: Path) -> None:
    moment = datetime.fromisoformat(found.data_at)
    console.say(
        _("L’agenda et les dossiers sont là, tels qu’au {moment}.").format(
            moment=returning.said(moment)
        )
    )
    console.say(
        _("Le cabinet peut ouvrir dès maintenant : quenotte serve --data {folder}").format(
            folder=folder
        )
    )
    if found.engine == servers.ENGINE:
        console.say(
            _(
                "Sa base est sur PostgreSQL : donnez toujours son adresse au démarrage, dans "
                "QUENOTTE_DATABASE_URL."
            )
        )
    console.say(_("Les images reviennent ; celles des prochains rendez-vous d’abord."))


def _say_after() -> None:
    terminal.say(
        _(
            "Après une attaque, la clé de l’ancien serveur ne vaut plus rien : préparez un nouveau "
            "dépôt et imprimez une nouvelle feuille de secours."
        )
    )
