"""Why a practice is not brought back here, each told in a plain sentence."""

from pathlib import Path

from quenotte.devices.phoenix import messages
from quenotte.kernel.errors import Refusal


class CannotReturn(Refusal):
    """The base of the family."""


class NotEmpty(CannotReturn):
    """The folder holds something: a practice is never written over."""

    def __init__(self, folder: Path) -> None:
        # The top of a disk has no name, and nothing beside it.
        name = f"{folder.name or 'quenotte'}-retrouve"
        other = folder.with_name(name) if folder.name else folder / name
        super().__init__(
            messages.NOT_EMPTY.format(folder=folder),
            next_step=messages.NOT_EMPTY_NEXT.format(other=other),
        )


class OtherReturn(CannotReturn):
    """The folder waits for the rest of another copy."""

    message = messages.OTHER_RETURN
    next_step = messages.OTHER_RETURN_NEXT


class Busy(CannotReturn):
    """Another process brings the same folder back."""

    message = messages.BUSY
    next_step = messages.BUSY_NEXT


class NoCopy(CannotReturn):
    """The repository holds no snapshot."""

    message = messages.NO_COPY
    next_step = messages.NO_COPY_NEXT


class NoCopyThen(CannotReturn):
    """Every snapshot is younger than what was asked for."""

    message = messages.NO_COPY_THEN
    next_step = messages.NO_COPY_THEN_NEXT


class UnknownCopy(CannotReturn):
    """No snapshot, or several, begin with the id that was given."""

    message = messages.UNKNOWN_COPY
    next_step = messages.UNKNOWN_COPY_NEXT


class NoDatabase(CannotReturn):
    """The snapshot holds no database that we know."""

    message = messages.NO_DATABASE
    next_step = messages.NO_DATABASE_NEXT


class BadDatabase(CannotReturn):
    """What came back is no sound database."""

    message = messages.BAD_DATABASE
    next_step = messages.BAD_DATABASE_NEXT


class NoServerNamed(CannotReturn):
    """The copy is of PostgreSQL, and no database was named."""

    message = messages.NO_SERVER_NAMED
    next_step = messages.NO_SERVER_NAMED_NEXT


class BadAddress(CannotReturn):
    """The address of the database cannot be read."""

    message = messages.BAD_ADDRESS
    next_step = messages.BAD_ADDRESS_NEXT


class NoServer(CannotReturn):
    """Nobody answers there, or not to this account."""

    message = messages.NO_SERVER
    next_step = messages.NO_SERVER_NEXT


class DatabaseNotEmpty(CannotReturn):
    """The database holds something: a practice is never written over."""

    message = messages.DATABASE_NOT_EMPTY
    next_step = messages.DATABASE_NOT_EMPTY_NEXT


class NoRestoreProgram(CannotReturn):
    """The programs of PostgreSQL are not on this machine."""

    message = messages.NO_RESTORE_PROGRAM
    next_step = messages.NO_RESTORE_PROGRAM_NEXT


class NotTaken(CannotReturn):
    """The server refused what the copy holds. ``said``: its words, for the technician."""

    message = messages.NOT_TAKEN

    def __init__(self, said: str) -> None:
        super().__init__(next_step=messages.NOT_TAKEN_NEXT.format(said=said))


class OtherDatabase(CannotReturn):
    """The practice would be opened on another database than the one that came back."""

    message = messages.OTHER_DATABASE
    next_step = messages.OTHER_DATABASE_NEXT


class NotYet(CannotReturn):
    """The practice cannot be opened: its database or its keys are not there yet."""

    message = messages.NOT_YET
    next_step = messages.NOT_YET_NEXT


class NoRoom(CannotReturn):
    """The disk is too small. ``needed`` in bytes."""

    def __init__(self, needed: int) -> None:
        size = f"{needed / 1e9:.1f} Go".replace(".", ",")
        super().__init__(messages.NO_ROOM.format(size=size), next_step=messages.NO_ROOM_NEXT)


class OtherYear(CannotReturn):
    """The key opens an older epoch alone. Both places without login."""

    def __init__(self, place: str, older: str) -> None:
        super().__init__(
            messages.OTHER_YEAR.format(place=place),
            next_step=messages.OTHER_YEAR_NEXT.format(older=older),
        )
