"""Keeps the authority and the server's certificate good, in the folder of the keys.

The authority is made once and never replaced unasked: each workstation would have to trust the
new one. The certificate is renewed by itself: see ``why``.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from quenotte.config.lan import addresses as machine
from quenotte.config.lan import places
from quenotte.config.words import _
from quenotte.devices.certificates import names, pairs
from quenotte.devices.certificates.authority import Pair, covers, issue, make_authority
from quenotte.devices.certificates.pairs import Facts
from quenotte.kernel.errors import Refusal

#: A certificate is renewed so long before its end.
MARGIN: Final = timedelta(days=30)
#: No clock that is right shows an earlier year than the one in which this was written.
FIRST_YEAR: Final = 2026


class Why(StrEnum):
    """What makes a new certificate necessary."""

    NONE_YET = "none"
    STRANGE = "strange"
    NOT_BEGUN = "not_begun"
    ENDS_SOON = "ends_soon"
    NAME_MISSING = "name_missing"
    ASKED = "asked"


class WrongClock(Refusal):
    """The clock shows a year in which nothing can be signed."""

    def __init__(self, now: datetime) -> None:
        super().__init__(
            _("L’horloge de cette machine indique l’année {year}. Rien n’a été modifié.").format(
                year=now.year
            ),
            next_step=_("Mettez-la à l’heure, puis relancez."),
        )


class AuthorityOver(Refusal):
    """The authority has ended, or has not begun, by this machine’s clock."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        super().__init__(
            _(
                "L’autorité du cabinet vaut du {begin} au {end}, et l’horloge de cette machine "
                "indique le {now}. Rien n’a été modifié."
            ).format(begin=_day(facts.begins_at), end=_day(facts.ends_at), now=_day(now)),
            next_step=_(
                "Vérifiez d’abord l’horloge. Si elle est juste, lancez « quenotte certificate "
                "renew --authority » : chaque poste devra faire confiance à la nouvelle autorité."
            ),
        )


class AuthorityLost(Refusal):
    """The file of the authority is there and cannot be used."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("L’autorité du cabinet est illisible ({path}). Rien n’a été modifié.").format(
                path=path
            ),
            next_step=_(
                "Reprenez ce fichier dans une copie du dossier de données. À défaut, lancez "
                "« quenotte certificate renew --authority » : chaque poste devra faire confiance "
                "à la nouvelle autorité."
            ),
        )


class NameNotCovered(Refusal):
    """The authority was made for other names."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "L’autorité du cabinet n’a pas le droit de signer pour « {name} ». "
                "Rien n’a été modifié."
            ).format(name=name),
            next_step=_(
                "Gardez le nom d’avant, choisissez un nom en « .local », ou lancez « quenotte "
                "certificate renew --authority {name} » : chaque poste devra faire confiance à "
                "la nouvelle autorité."
            ).format(name=name),
        )


class UnusableName(Refusal):
    """What was given is no name of a machine."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("« {name} » ne peut pas nommer une machine sur le réseau.").format(name=name),
            next_step=_(
                "Donnez un nom fait de lettres sans accent, de chiffres et de traits d’union, "
                "par exemple « --lan cabinet »."
            ),
        )


@dataclass(frozen=True)
class Wanted:
    """What the certificate must name; ``main`` is what people type."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def main(self) -> str:
        """The name that people type."""
        return self.hosts[0]

    @property
    def names(self) -> frozenset[str]:
        """All names and addresses."""
        return frozenset((*self.hosts, *self.addresses))


@dataclass(frozen=True)
class Kept:
    """The authority and the certificate as they now are; ``why`` says what was renewed."""

    authority: Facts
    server: Facts
    why: Why | None = None


def authority_path(folder: Path) -> Path:
    """Return where the authority of a data folder lies, key included."""
    return folder / "keys" / "authority.pem"


def server_path(folder: Path) -> Path:
    """Return where the certificate of the server lies, key included."""
    return folder / "keys" / "server.pem"


def wanted(name: str = "") -> Wanted:
    """Return what a certificate of this machine must name now; ``name`` was chosen, or not.

    Raises: UnusableName.
    """
    ours = machine.machine_name()
    try:
        chosen = names.host_name(name) if name else ours.split(".", 1)[0]
    except names.NotAName:
        raise UnusableName(name) from None
    return Wanted(names.names_of(chosen, ours), names.lan_addresses(machine.addresses()))


def why(
    held: Facts | None,
    *,
    is_ours: bool,
    needed: frozenset[str],
    authority_ends_at: datetime,
    now: datetime,
) -> Why | None:
    """Return what makes a new certificate necessary; None when the one held is good."""
    if held is None:
        return Why.NONE_YET
    if not is_ours:
        return Why.STRANGE
    if now < held.begins_at:
        # The clock was ahead when it was made.
        return Why.NOT_BEGUN
    # Nothing lasts longer than the authority: a new certificate would not either.
    if held.ends_at - MARGIN < now and held.ends_at < authority_ends_at:
        return Why.ENDS_SOON
    return Why.NAME_MISSING if needed - held.names else None


def look(folder: Path) -> tuple[Facts | None, Facts | None]:
    """Return what the authority and the server's certificate say, without touching anything."""
    authority = pairs.read(authority_path(folder))
    server = pairs.read(server_path(folder))
    return (
        pairs.facts(authority.certificate) if authority else None,
        pairs.facts(server.certificate) if server else None,
    )


def ensure(folder: Path, needed: Wanted, now: datetime, *, asked: bool = False) -> Kept:
    """Make what is missing, renew what must be; the pair in use stays whole at each instant.

    Raises: WrongClock, AuthorityOver, AuthorityLost, NameNotCovered, OSError.
    """
    with _alone(folder):
        authority = _authority(folder, needed, now)
        facts = pairs.facts(authority.certificate)
        held = pairs.read(server_path(folder))
        reason = why(
            pairs.facts(held.certificate) if held else None,
            is_ours=bool(held and pairs.is_signed_by(held.certificate, authority.certificate)),
            needed=needed.names,
            authority_ends_at=facts.ends_at,
            now=now,
        )
        if asked:
            reason = Why.ASKED
        if held is None or reason is not None:
            held = _renew(folder, authority, needed, now)
        _publish(places.public_path(folder), authority)
        _publish(places.public_server_path(folder), held)
        return Kept(facts, pairs.facts(held.certificate), reason)


def replace_authority(folder: Path, needed: Wanted, now: datetime) -> Kept:
    """Draw another authority: every workstation must trust it anew.

    Raises: WrongClock, OSError.
    """
    _check(now)
    with _alone(folder):
        authority = make_authority(needed.main, now)
        pairs.write(authority_path(folder), authority)
        held = _renew(folder, authority, needed, now)
        _publish(places.public_path(folder), authority)
        _publish(places.public_server_path(folder), held)
        facts = pairs.facts(held.certificate)
        return Kept(pairs.facts(authority.certificate), facts, Why.ASKED)


def _authority(folder: Path, needed: Wanted, now: datetime) -> Pair:
    path = authority_path(folder)
    authority = pairs.read(path)
    if authority is None:
        if path.exists():
            raise AuthorityLost(path)
        _check(now)
        authority = make_authority(needed.main, now)
        pairs.write(path, authority)
    facts = pairs.facts(authority.certificate)
    if not facts.begins_at <= now < facts.ends_at:
        raise AuthorityOver(facts, now)
    if not covers(authority.certificate, needed.main):
        raise NameNotCovered(needed.main)
    return authority


def _renew(folder: Path, authority: Pair, needed: Wanted, now: datetime) -> Pair:
    signable = [host for host in needed.hosts if covers(authority.certificate, host)]
    pair = issue(authority, signable, needed.addresses, now)
    pairs.write(server_path(folder), pair)
    return pair


def _publish(path: Path, pair: Pair) -> None:
    data = pairs.public_bytes(pair.certificate)
    if not path.exists() or path.read_bytes() != data:
        pairs.replace(path, data)


def _check(now: datetime) -> None:
    if now.year < FIRST_YEAR:
        raise WrongClock(now)


def _day(at: datetime) -> str:
    return f"{at.astimezone():%d/%m/%Y}"


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time renew; the kernel frees the lock when its holder dies."""
    path = folder / "run" / "certificates.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for draft in (folder / "keys").glob(".*.pem.*.part"):
            # A killed process left it, with a key inside.
            draft.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)
