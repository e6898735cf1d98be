"""What may go wrong with a medium, each told in a plain sentence."""

import errno
from typing import Final, NoReturn

from quenotte.devices.media import messages
from quenotte.kernel.errors import Refusal

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DECLINED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class MediaError(Refusal):
    """A medium that cannot be read or written; the base of the family."""


class BadName(MediaError):
    """A name that would lead out of the medium, or that some medium cannot hold."""

    message = messages.BAD_NAME
    next_step = messages.BAD_NAME_NEXT


class _Named(MediaError):
    """Something about one file of a medium."""

    def __init__(self, name: str) -> None:
        super().__init__(str(self.message).format(name=name))
        self.name = name


class Otherwise(_Named):
    """The medium keeps something else under this name; nothing is ever replaced."""

    message = messages.OTHERWISE
    next_step = messages.OTHERWISE_NEXT


class Absent(_Named):
    """The medium has no file of that name."""

    message = messages.ABSENT
    next_step = messages.ABSENT_NEXT


class Damaged(_Named):
    """A file is not what was written."""

    message = messages.DAMAGED
    next_step = messages.DAMAGED_NEXT


class Full(MediaError):
    """No room is left; what was written before stays whole."""

    message = messages.FULL
    next_step = messages.FULL_NEXT


class NoAnswer(MediaError):
    """The medium is gone, or was never there."""

    message = messages.NO_ANSWER
    next_step = messages.NO_ANSWER_NEXT


class Declined(MediaError):
    """The medium is there and may not be written."""

    message = messages.DECLINED
    next_step = messages.DECLINED_NEXT


class NoPast(MediaError):
    """The medium cannot say what it held at a past moment."""

    message = messages.NO_PAST
    next_step = messages.NO_PAST_NEXT


class NoProgram(MediaError):
    """A program of the machine that this medium needs is not installed."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(
            messages.NO_PROGRAM.format(name=name),
            next_step=messages.NO_PROGRAM_NEXT.format(package=package),
        )
        self.name = name


class ProgramFailed(MediaError):
    """A program of the machine ended with an error; ``said`` is its own words, for the log."""

    next_step = messages.FAILED_NEXT

    def __init__(self, name: str, code: int, said: str) -> None:
        super().__init__(messages.FAILED.format(name=name))
        self.name, self.code, self.said = name, code, said


def told(error: OSError) -> NoReturn:
    """Say in our words what the system said in its own. Raises: MediaError."""
    if error.errno in _FULL:
        raise Full from error
    if error.errno in _DECLINED:
        raise Declined from error
    raise NoAnswer from error
