"""What was asked of a return, from a command line, a wizard or a page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quenotte.config.words import _
from quenotte.devices.phoenix import opening
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.marker import Secret
from quenotte.devices.phoenix.moments import typed_moment
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal


class NoMoment(Refusal):
    """A moment that cannot be read."""


class NoKeyFile(Refusal):
    """The file with the key cannot be read, or holds nothing."""


@dataclass(frozen=True)
class Asked:
    """A place, a folder, and which copy; ``as_of`` as it was typed.

    ``database``: the address of the PostgreSQL database that a practice of PostgreSQL comes to.
    """

    place: str
    folder: Path
    snapshot: str = ""
    as_of: str = ""
    fingerprint: str = ""
    ca_file: str = ""
    database: str = ""

    @property
    def wish(self) -> Wish:
        """Return which copy is meant. Raises: NoMoment."""
        return Wish(self.snapshot, moment_of(self.as_of) if self.as_of else None)

    @property
    def view(self) -> str:
        """Return the place, as it was then where that can be seen. Raises: NoMoment."""
        then = self.wish.as_of
        return self.place if then is None else opening.as_of(self.place, then)

    def opened(self, passphrase: str) -> tuple[Repository, Secret]:
        """Open the copy.

        Raises: NoMoment, NotThere, WrongPassphrase, OtherYear, Damaged, Refused, Unreachable.
        """
        return opening.opened(
            self.view,
            passphrase,
            fingerprint=self.fingerprint,
            ca_file=self.ca_file,
            wish=self.wish,
        )


def moment_of(text: str) -> datetime:
    """Return the moment that was typed, in UTC; without a zone it is that of the practice.

    Raises: NoMoment.
    """
    try:
        return typed_moment(text)
    except ValueError:
        raise NoMoment(
            _(
                "« {text} » n’est pas un moment. Écrivez-le ainsi : 2026-11-27T18:00. Rien n’a été "
                "modifié."
            ).format(text=text)
        ) from None


def key_in(path: Path) -> str:
    """Return the key that a file holds. Raises: NoKeyFile."""
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise NoKeyFile(
            _("Le fichier de la clé ne peut pas être lu, ou il est vide : {file}.").format(
                file=path
            )
        )
    return text
