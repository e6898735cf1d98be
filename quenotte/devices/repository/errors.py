"""What may go wrong with a repository, each told in a plain sentence."""

from quenotte.devices.repository import messages
from quenotte.kernel.errors import Refusal


def file_of(kind: str, name: str) -> str:
    """Return the path of a stored file as people see it: ``config``, ``index/0a1b…``."""
    return f"{kind}/{name}" if name else kind


class RepositoryError(Refusal):
    """A repository that cannot be read or written; the base of the family."""


class Damaged(RepositoryError):
    """A stored file is not what was stored. ``detail`` is English, for the log."""

    message = messages.DAMAGED
    next_step = messages.DAMAGED_NEXT

    def __init__(self, kind: str, name: str, detail: str = "") -> None:
        super().__init__(messages.DAMAGED_NAMED.format(file=file_of(kind, name)))
        self.kind, self.name, self.detail = kind, name, detail


class Missing(RepositoryError):
    """A stored file is not there."""

    message = messages.MISSING
    next_step = messages.MISSING_NEXT

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(messages.MISSING_NAMED.format(file=file_of(kind, name)))
        self.kind, self.name = kind, name


class NotThere(RepositoryError):
    """The place holds no repository."""

    message = messages.NOT_THERE
    next_step = messages.NOT_THERE_NEXT


class AlreadyThere(RepositoryError):
    """The place holds a repository, so none is made there."""

    message = messages.ALREADY
    next_step = messages.ALREADY_NEXT


class WrongPassphrase(RepositoryError):
    """No key of the repository opens with this passphrase."""

    message = messages.NO_KEY_OPENS
    next_step = messages.NO_KEY_OPENS_NEXT


class Refused(RepositoryError):
    """The place is there and declines: rights, a vault's rule, credentials."""

    message = messages.REFUSED
    next_step = messages.REFUSED_NEXT


class Untrusted(Refused):
    """A server shows a certificate that nobody vouches for: nothing was sent to it."""

    message = messages.UNTRUSTED
    next_step = messages.UNTRUSTED_NEXT


class OtherCertificate(Untrusted):
    """A server shows another certificate than the one that was noted, or is on paper."""

    message = messages.OTHER_CERTIFICATE
    next_step = messages.OTHER_CERTIFICATE_NEXT


class CertificateOver(Untrusted):
    """The certificate has ended or has not begun, by this machine's clock."""

    message = messages.CERTIFICATE_OVER
    next_step = messages.CERTIFICATE_OVER_NEXT


class OtherName(Untrusted):
    """The certificate was made for other names than the one in the address."""

    message = messages.OTHER_NAME
    next_step = messages.OTHER_NAME_NEXT


class Unreachable(RepositoryError):
    """Nobody answers, a disk is gone, or the connection broke again and again."""

    message = messages.UNREACHABLE
    next_step = messages.UNREACHABLE_NEXT


class Full(RepositoryError):
    """No room is left; what was stored before stays whole."""

    message = messages.FULL
    next_step = messages.FULL_NEXT


class UnreadableSource(RepositoryError):
    """What was to be saved cannot be read."""

    message = messages.UNREADABLE_SOURCE
    next_step = messages.UNREADABLE_SOURCE_NEXT

    def __init__(self, path: str) -> None:
        super().__init__(messages.UNREADABLE_SOURCE_NAMED.format(file=path))
        self.path = path


class UnsafeName(RepositoryError):
    """A name in a tree would lead out of the folder that is restored to."""

    message = messages.UNSAFE_NAME
    next_step = messages.UNSAFE_NAME_NEXT


class CannotRestore(RepositoryError):
    """The folder that is restored to cannot be written; the repository is as it was."""

    message = messages.CANNOT_RESTORE
    next_step = messages.CANNOT_RESTORE_NEXT


class NoSuchPath(RepositoryError):
    """The snapshot holds no file of that name."""

    message = messages.NO_SUCH_PATH
