"""``quenotte vault serve``: granian in this very process, in front of one store."""

import contextlib
import fcntl
import logging
import os
from pathlib import Path

from quenotte.config import console, logs, ports
from quenotte.config.lan import keeping
from quenotte.config.processes import missing
from quenotte.config.processes import vault as process
from quenotte.config.processes.vault import Options
from quenotte.config.words import _
from quenotte.devices.certificates import pairs
from quenotte.devices.media.vault.vault import Vault
from quenotte.kernel.errors import Refusal

logger = logging.getLogger("quenotte.vault")


def serve(options: Options) -> int:
    """Serve until SIGTERM; return the exit code.

    Codes: 2 an option is refused, 3 the port is taken, 4 the store is served already, 5 the
    folder cannot be used, 6 no certificate.
    """
    if refused := _refused(options):
        console.complain(refused)
        return 2
    try:
        lock = _hold(options.store)
        if lock is None:
            console.complain(_("Ce coffre est déjà ouvert par un autre Quenotte."))
            return 4
        with contextlib.closing(lock):
            return _open(options)
    except OSError:
        where = _("Le dossier du coffre est inutilisable : {folder}.")
        console.complain(where.format(folder=options.store))
        return 5


def _open(options: Options) -> int:
    if not ports.is_free(options.host, options.port):
        taken = _("Le port {port} est déjà pris : choisissez-en un autre.")
        console.complain(taken.format(port=options.port))
        return 3
    try:
        process.ensure_certificate(options)
    except (Refusal, OSError) as error:
        console.complain(str(error))
        return 6
    vault = Vault(options.store)
    vault.prepare()
    logs.start("vault", folder=options.store)
    _welcome(options, vault)
    return process.main(options, vault)


def _refused(options: Options) -> str:
    if options.certificate and options.name:
        return _("--certificate et --tls s’excluent : donnez votre certificat, ou un nom.")
    if options.key and not options.certificate:
        return _("--key va avec --certificate.")
    if options.alarm_command and not missing.program_of(options.alarm_command):
        return _("--alarm-command : ce programme n’existe pas sur cette machine.")
    if not options.is_encrypted and not ports.is_loopback(options.host):
        return _(
            "Un coffre ne s’ouvre hors de cette machine qu’en HTTPS. Ajoutez --certificate et "
            "--key, ou --tls NOM : Quenotte prépare alors le certificat."
        )
    return ""


class _Lock:
    """Holds a store for one server; the kernel frees it when its holder dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        """Let another one serve it."""
        os.close(self._descriptor)


def _hold(store: Path) -> _Lock | None:
    for part in (store, store / "keys", store / "run", store / "logs"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(store / "run" / "vault.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return _Lock(descriptor)


def _welcome(options: Options, vault: Vault) -> None:
    scheme = "https" if options.is_encrypted else "http"
    address = f"{scheme}://{_typed(options)}:{options.port}/"
    console.say(_("Le coffre est ouvert."))
    console.say(_("  Adresse      {url}").format(url=address))
    console.say(_("  Dossier      {folder}").format(folder=options.store))
    if options.name:
        console.say(_("  Autorité     {path}").format(path=options.store / process.AUTHORITY))
        _fingerprint(_("  Son empreinte"), options.store / process.AUTHORITY)
    if options.is_encrypted:
        _fingerprint(_("  Empreinte du certificat"), options.pair[0])
    if not vault.practices.all():
        console.say(_nobody(options))
    console.say(_("Pour arrêter : Ctrl+C."))


def _fingerprint(title: str, path: Path) -> None:
    certificate = pairs.read_certificate(path)
    if certificate is not None:
        console.say(title)
        groups = pairs.facts(certificate).fingerprint.split(" ")
        for at in range(0, len(groups), 8):
            console.say("    " + " ".join(groups[at : at + 8]))


def _typed(options: Options) -> str:
    if options.name:
        return keeping.wanted(options.name).main
    return f"[{options.host}]" if ":" in options.host else options.host


def _nobody(options: Options) -> str:
    if ports.is_loopback(options.host):
        return _(
            "Aucun cabinet n’est enrôlé : le coffre sert cette machine seule, sans mot de passe. "
            "« quenotte vault enrol » enrôle un cabinet."
        )
    return _(
        "Aucun cabinet n’est enrôlé : le coffre refuse tout le monde. « quenotte vault enrol » "
        "enrôle un cabinet, sans l’arrêter."
    )
