"""The practice's network: its authority, its certificate, its name, and who may read the keys."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from quenotte.config import data_folder
from quenotte.config.doctor.finding import Finding, State
from quenotte.config.lan import keeping
from quenotte.config.words import _
from quenotte.devices.certificates import names
from quenotte.devices.certificates.pairs import Facts

#: An authority is replaced in peace: each workstation must be visited.
YEAR: Final = timedelta(days=365)


def examine() -> Iterator[Finding]:
    """Look at what ``quenotte serve --lan`` made; nothing when it never ran here."""
    folder = data_folder.default_folder()
    if not keeping.authority_path(folder).exists():
        return
    now = datetime.now(UTC)
    authority, server = keeping.look(folder)
    yield authority_finding(authority, now)
    yield server_finding(server, keeping.wanted(_name(server)).names, now)
    yield keys(folder)
    if server is not None and server.hosts:
        yield announced(server.hosts[0])


def authority_finding(authority: Facts | None, now: datetime) -> Finding:
    """Tell whether workstations may go on trusting the authority."""
    subject = _("Autorité du cabinet")
    if authority is None:
        return Finding(
            subject, State.BAD, _("illisible."),
            _("Reprenez keys/authority.pem dans une copie du dossier de données."),
        )  # fmt: skip
    dates = _dates(authority)
    if now < authority.begins_at:
        return _wrong_clock(subject, dates, now)
    if now >= authority.ends_at - YEAR:
        state = State.BAD if now >= authority.ends_at else State.ATTENTION
        return Finding(
            subject, state, dates,
            _(
                "Si l’horloge est juste, lancez « quenotte certificate renew --authority », puis "
                "reliez à nouveau chaque poste."
            ),
        )  # fmt: skip
    return Finding(subject, State.OK, dates)


def server_finding(server: Facts | None, needed: frozenset[str], now: datetime) -> Finding:
    """Tell whether browsers accept the certificate at each address of this machine."""
    subject = _("Certificat du serveur")
    again = _("« quenotte serve --lan » le renouvelle ; sinon « quenotte certificate renew ».")
    if server is None:
        return Finding(subject, State.BAD, _("absent ou illisible."), again)
    dates = _dates(server)
    if now < server.begins_at:
        return _wrong_clock(subject, dates, now)
    if now >= server.ends_at:
        return Finding(subject, State.BAD, dates, again)
    if now >= server.ends_at - keeping.MARGIN:
        return Finding(subject, State.ATTENTION, dates, again)
    if missing := needed - server.names:
        words = _("il ne nomme pas {names}.").format(names=", ".join(sorted(missing)))
        return Finding(subject, State.ATTENTION, words, again)
    return Finding(subject, State.OK, dates)


def keys(folder: Path) -> Finding:
    """Tell whether somebody else on this machine may read a key."""
    subject = _("Clés du réseau")
    paths = [keeping.authority_path(folder), keeping.server_path(folder)]
    for path in paths:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding(
                subject, State.BAD, _("{path} est lisible par d’autres comptes.").format(path=path),
                _("Lancez : chmod 600 {path}").format(path=path),
            )  # fmt: skip
    return Finding(subject, State.OK, _("réservées au compte de Quenotte."))


def announced(name: str) -> Finding:
    """Tell whether something on this machine answers for its ``.local`` name (RFC 6762)."""
    subject = _("Nom sur le réseau")
    if not name.endswith(".local"):
        return Finding(
            subject, State.OK, _("{name} : à faire connaître par la box.").format(name=name)
        )
    if is_announced():
        return Finding(subject, State.OK, _("{name} est annoncé.").format(name=name))
    return Finding(
        subject, State.ATTENTION, _("rien n’annonce {name} aux postes.").format(name=name),
        _("Installez avahi-daemon, ou reliez les postes par l’adresse de la machine."),
    )  # fmt: skip


def is_announced() -> bool:
    """Tell whether Avahi runs, or systemd-resolved with multicast DNS."""
    if Path("/run/avahi-daemon/socket").exists():
        return True
    if not shutil.which("resolvectl"):
        return False
    try:
        done = subprocess.run(
            ["resolvectl", "mdns"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return any(line.split(":")[-1].strip() == "yes" for line in done.stdout.splitlines())


def _name(server: Facts | None) -> str:
    try:
        return names.host_name(server.hosts[0]) if server and server.hosts else ""
    except names.NotAName:
        return ""


def _dates(facts: Facts) -> str:
    return _("du {begin} au {end}.").format(
        begin=f"{facts.begins_at.astimezone():%d/%m/%Y}",
        end=f"{facts.ends_at.astimezone():%d/%m/%Y}",
    )


def _wrong_clock(subject: str, dates: str, now: datetime) -> Finding:
    return Finding(
        subject,
        State.BAD,
        _("{dates} L’horloge de cette machine indique le {now}.").format(
            dates=dates, now=f"{now.astimezone():%d/%m/%Y}"
        ),
        _("Mettez-la à l’heure : les postes refusent un certificat qui n’a pas commencé."),
    )
