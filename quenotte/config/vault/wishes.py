"""What the provider says at the vault: closing, reopening, retiring, cancelling."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from quenotte.config import console
from quenotte.config.words import _
from quenotte.devices.media.vault import clocks, mending
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.rules import Reason, Refused
from quenotte.devices.media.vault.shelf import LOG, Shelf
from quenotte.devices.media.vault.standing import Event
from quenotte.devices.media.vault.vault import Vault
from quenotte.kernel.dates import day_and_clock


def close(store: Path, repository: str, person: str) -> int:
    """Freeze the keys; return the exit code."""

    def act(vault: Vault, shelf: Shelf) -> str:
        shelf.say(Event.CLOSED, vault.now(), _provider(person))
        return _("La cérémonie est close : les clés de ce dépôt ne changent plus.")

    return _do(store, repository, act)


def ask_reopening(store: Path, repository: str, person: str) -> int:
    """Give the provider's word for new keys; return the exit code."""

    def act(vault: Vault, shelf: Shelf) -> str:
        shelf.say(Event.ASKED_REOPEN, vault.now(), _provider(person))
        return _(
            "C’est inscrit. Le cabinet consent avec son code (« quenotte vault agree … reopen ») ; "
            "les clés peuvent alors être ajoutées pendant un jour."
        )

    return _do(store, repository, act)


def ask_retirement(store: Path, repository: str, person: str) -> int:
    """Give the provider's word for a departure; return the exit code."""

    def act(vault: Vault, shelf: Shelf) -> str:
        shelf.say(Event.ASKED_RETIRE, vault.now(), _provider(person))
        return _(
            "C’est inscrit. Appelez maintenant le cabinet, par un numéro que vous connaissez déjà. "
            "Il consent avec son code (« quenotte vault agree … retire ») ; quatorze jours passent "
            "ensuite, pendant lesquels chacun peut annuler."
        )

    return _do(store, repository, act)


def cancel(store: Path, repository: str, person: str) -> int:
    """Take every word back; return the exit code."""

    def act(vault: Vault, shelf: Shelf) -> str:
        shelf.say(Event.CANCELLED, vault.now(), _provider(person))
        return _("C’est annulé : ce dépôt reste, ses clés aussi.")

    return _do(store, repository, act)


def finish_retirement(store: Path, repository: str, person: str) -> int:
    """Let a repository go when its days have passed; return the exit code."""

    def act(vault: Vault, shelf: Shelf) -> str:
        now = vault.now()
        target = vault.root / "retired" / f"{shelf.folder.name}-{now}"
        try:
            shelf.retire(now, _provider(person), target)
        except Refused as refused:
            if refused.reason is Reason.NO_DELETE:
                raise _NotYet(shelf.standing.retires_at()) from None
            raise
        return _("Le dépôt est parti ; son journal de réception reste dans « retired ».")

    return _do(store, repository, act)


def mend(store: Path, repository: str, person: str, copy: Path | None) -> int:
    """Make a damaged log good again; return the exit code."""
    vault = Vault(store.expanduser().resolve())
    shelf = vault.shelf(repository.strip("/"))
    if not (shelf.folder / LOG).is_file():
        console.complain(_refusal(Refused(Reason.NO_REPOSITORY)))
        return 1
    try:
        count = mending.mend(shelf.folder, clocks.wall_us(), _provider(person), copy)
    except LogDamaged as damaged:
        console.complain(
            _(
                "La copie contredit le journal, ou est abîmée elle-même, à la ligne {number}. "
                "Rien n’a été modifié."
            ).format(number=damaged.number)
        )
        return 1
    console.say(
        _(
            "Le journal de réception se suit à nouveau ; {count} objets entiers y sont inscrits "
            "comme reçus maintenant. Le fichier abîmé est gardé à côté. Dites-le au cabinet."
        ).format(count=count)
    )
    return 0


class _NotYet(Exception):
    """A repository may not go before ``at`` (microseconds; None: a word is missing)."""

    def __init__(self, at: int | None) -> None:
        super().__init__(at)
        self.at = at


def _do(store: Path, repository: str, act: Callable[[Vault, Shelf], str]) -> int:
    vault = Vault(store.expanduser().resolve())
    try:
        said = act(vault, vault.found(repository.strip("/")))
    except _NotYet as not_yet:
        console.complain(_why_not(not_yet.at))
        return 1
    except Refused as refused:
        console.complain(_refusal(refused))
        return 1
    except LogDamaged as damaged:
        console.complain(
            _(
                "Le journal de réception de ce dépôt est abîmé à la ligne {number}. Rien n’a été "
                "modifié : « quenotte vault mend » le remet en état."
            ).format(number=damaged.number)
        )
        return 1
    console.say(said)
    return 0


def _why_not(at: int | None) -> str:
    if at is None:
        return _("Il manque l’accord du cabinet, ou le vôtre. Rien n’a été effacé.")
    day = datetime.fromtimestamp(at / 1e6).astimezone()
    return _("Pas avant le {day} : quatorze jours passent après le second accord. "
             "Rien n’a été effacé.").format(day=day_and_clock(day))  # fmt: skip


def _refusal(refused: Refused) -> str:
    if refused.reason is Reason.CLOCK:
        return _("L’horloge de cette machine a reculé. Rien n’a été modifié : mettez-la à l’heure.")
    return _("Ce coffre n’a pas de dépôt de ce nom. « quenotte vault status » les montre.")


def _provider(person: str) -> str:
    return f"provider:{person}"
